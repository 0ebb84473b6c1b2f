"""hegui's own log (hegui/trace@1): JSON Lines. The first line tells the run, each other one an event or a stack.

    {"schema": "hegui/trace@1", "meta": {"run_id": "…", "scenario": "S1", "fresh_install": true, …}}
    {"stack_id": "s1", "frames": ["a.b.C.method", …]}
    {"seq": 1, "t_ms": 20, "type": "api", "api_id": "id.android_id", "stack": "s1", "result": "ok"}

Read line by line: a million events never stand in memory as text.
"""

import json
import re
import typing
from collections import Counter
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any, BinaryIO

from hegui.catalogue.apis import apis, entry
from hegui.catalogue.behaviours import fields_of
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.pi_types import PI_TYPES
from hegui.facts.trace import EventType, TraceMeta, What
from hegui.readers.errors import Malformed, one_line
from hegui.readers.trace.rows import MOST_EVENTS, Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.times import MOST_MS

SCHEMA = "hegui/trace@1"
_LONGEST_LINE = 1 << 20
_MOST_KNOWN = 200_000
# How many unknown codes are named, each with how often it stood; the others are counted together.
_MOST_NAMED = 5
_LONGEST_CODE = 60
_MOST_NEAR = 3
# What every event differs in stands first, as our writer puts it; the rest is a record that mostly was seen before.
_EVENT = re.compile(rb'\{(?:"seq": ?(\d{1,9}), ?)?"t_ms": ?(\d{1,13}), ?(.*\})\s*$')
_TYPES = frozenset(typing.get_args(EventType))
# What hegui itself finds out about a log, and no log may claim.
OWN_META = frozenset({"format", "source", "rows", "rows_unread", "rows_unclear", "unread", "notes"})

# A field and the code in it.
Code = tuple[str, str]
_LISTS: dict[str, Collection[str]] = {"pi_type": PI_TYPES, "pi": PI_TYPES, "perm_group": GROUPS, "groups": GROUPS}
_OTHER_CODES: Code = ("", "")


def recognise(source: Source) -> bool:
    return SCHEMA.encode() in source.head[:_LONGEST_LINE].split(b"\n", 1)[0]


def read(source: Source) -> list[Rows]:
    """Raises Malformed when the first line is no head of a run; every other fault is a row that is counted."""
    with source.path.open("rb") as file:
        lines = _lines(file)
        first = next(lines, b"")
        rows = Rows(SCHEMA, **_meta(source, first))
        _Reader(rows).read(lines)
    return [rows]


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
            while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            # Too long to be a line of ours; what is left of it fails as JSON and is counted.
        yield line


def _meta(source: Source, first: bytes) -> dict[str, Any]:
    try:
        meta = json.loads(first)["meta"]
        for name, value in meta.items():
            if name in OWN_META or not _fits(value, _META_KINDS[name]):
                raise ValueError(name)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(
            f"{source.name}：第 1 行不是 {SCHEMA} 的头（{one_line(error)}）；格式见 hegui schema trace-log",
            f"{source.name}: line 1 is no head of a {SCHEMA} log ({one_line(error)}); see hegui schema trace-log",
        ) from None
    return {name: tuple(value) if isinstance(value, list) else value for name, value in meta.items()}


class _Reader:
    """The lines after the head. Records seen before are known by their bytes, so a million events parse a few thousand."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.stacks: dict[str, int] = {}
        self.known: dict[bytes, int] = {}
        self.numbers = bytearray()
        self.first_of: dict[int, tuple[int, int]] = {}
        self.unknown: Counter[Code] = Counter()

    def read(self, lines: Iterator[bytes]) -> None:
        rows, known, keep = self.rows, self.known, self.rows.keep
        for line, raw in enumerate(lines, 2):
            found = _EVENT.match(raw)
            if (
                found is not None
                and (what := known.get(found[3])) is not None
                and (found[1] is None or self._is_new(int(found[1])))
            ):
                if len(rows) < MOST_EVENTS:
                    rows.rows += 1
                    keep(line, int(found[2]), what)
                else:
                    rows.unread(line, f"more than {MOST_EVENTS} events in one file")
                continue
            if raw.isspace():
                continue
            try:
                self._line(line, raw, found[3] if found else b"")
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                end = "" if raw.endswith(b"\n") else " (the file ends here)"
                rows.unread(line, f"{type(error).__name__}: {error}{end}")
        for code, number in self.unknown.items():
            rows.note(_told(code), number)

    def _line(self, line: int, raw: bytes, rest: bytes) -> None:
        one = json.loads(raw)
        if "stack_id" in one:
            frames = tuple(str(frame) for frame in one["frames"])
            self.stacks[str(one["stack_id"])] = self.rows.stack(frames)
            return
        seq, t_ms = one.pop("seq", None), one.pop("t_ms")
        if (
            not _fits(t_ms, int)
            or not 0 <= t_ms < MOST_MS
            or not (seq is None or (_fits(seq, int) and 0 <= seq < 4 * MOST_EVENTS))
        ):
            raise ValueError("t_ms and seq are whole numbers from 0")
        fields, unknown = self._fields(one)
        what = self.rows.intern(fields)
        if seq is not None and not self._is_new(seq):
            if self.first_of.get(seq, (t_ms, what)) == (t_ms, what):
                self.rows.rows += 1
                self.rows.note("重复的事件（同一 seq），只计一次 / events that repeat a seq, counted once")
                return
            raise ValueError(f"seq {seq} stood on another event before")
        if seq is not None and len(self.first_of) < _MOST_KNOWN:
            self.first_of[seq] = (t_ms, what)
        if len(self.rows) >= MOST_EVENTS:
            raise ValueError(f"more than {MOST_EVENTS} events in one file")
        self.rows.rows += 1
        self.rows.keep(line, t_ms, what)
        if unknown:
            # Not remembered by its bytes: each such line is read whole, and so counted.
            self.rows.rows_unclear += 1
            self._count(unknown)
            return
        # A line that tells its time twice must be read whole each time.
        if rest and b'"t_ms"' not in rest and b'"seq"' not in rest:
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            self.known[rest] = what

    def _is_new(self, seq: int) -> bool:
        """Whether the number was not seen before; it is from now on."""
        if seq >= len(self.numbers):
            if seq >= 4 * MOST_EVENTS:
                return False
            self.numbers.extend(bytes(max(seq + 1 - len(self.numbers), 65_536)))
        new = not self.numbers[seq]
        self.numbers[seq] = 1
        return new

    def _count(self, unknown: list[Code]) -> None:
        for code in unknown:
            self.unknown[code if code in self.unknown or len(self.unknown) < _MOST_NAMED else _OTHER_CODES] += 1

    def _fields(self, one: dict[str, Any]) -> tuple[dict[str, Any], list[Code]]:
        """The fields of an event, each of its kind, and the codes that stand in no list of ours.

        An unknown `api_id` is kept: a newer catalogue may have it. An unknown kind or group is left out, since nothing
        could be held against it; its word stays as `behaviour`. Raises ValueError that names the first field that is not
        of its kind.
        """
        stack = one.pop("stack", None)
        if one.get("type") not in _TYPES:
            raise ValueError(f"type {str(one.get('type'))[:40]!r} is none of the event types")
        for name, value in one.items():
            if name not in _WHAT_KINDS or not _fits(value, _WHAT_KINDS[name]):
                raise ValueError(f"field {name[:40]!r}")
        unknown = _unknown(one)
        for name, code in unknown:
            if name in _LISTS:
                left = [] if isinstance(one[name], str) else [other for other in one[name] if other != code]
                one = {key: value for key, value in one.items() if key != name} | ({name: left} if left else {})
                one.setdefault("behaviour", f"{name} {code}")
        api = entry(one["api_id"]) if one.get("api_id") else None
        if api is not None:
            # A collector that names the entry need not repeat what the catalogue says of it, not even which type of event it is.
            known = fields_of(api)
            one = {**known, **one, **({"type": known["type"]} if one["type"] == "api" else {})}
        if isinstance(stack, str):
            if stack not in self.stacks:
                raise ValueError(f"stack {stack[:40]!r} was not given before")
            one["stack"] = self.stacks[stack]
        elif isinstance(stack, list):
            one["stack"] = self.rows.stack(tuple(str(frame) for frame in stack))
        elif stack is not None:
            raise ValueError("stack is a list of frames or the id of one")
        return one, unknown


def _unknown(one: dict[str, Any]) -> list[Code]:
    found = [("api_id", one["api_id"])] if one.get("api_id") and entry(one["api_id"]) is None else []
    for name, known in _LISTS.items():
        value = one.get(name) or ()
        found += [
            (name, code) for code in dict.fromkeys([value] if isinstance(value, str) else value) if code not in known
        ]
    return found


def _told(of: Code) -> str:
    if of == _OTHER_CODES:
        return "其他不在目录中的编号 / further codes that stand in no list"
    name, code = of
    code = code[:_LONGEST_CODE]
    near = _nearest(name, code)
    return (
        f"{name} {code} 不在目录中，所读为何未知"
        + (f"，相近的有 {'、'.join(near)}" if near else "")
        + f" / {name} {code} is in no list, so what was read is not known"
        + (f"; near it: {', '.join(near)}" if near else "")
    )


def _nearest(name: str, code: str) -> list[str]:
    """The known codes that look most like it, of its own family if it has one; [] when none does."""
    known = [api.id for api in apis()] if name == "api_id" else list(_LISTS[name])
    family = [one for one in known if one.partition(".")[0] == code.partition(".")[0]]
    return get_close_matches(code, family or known, _MOST_NEAR, 0.0 if family else 0.6)


def _fits(value: Any, kind: Any) -> bool:
    """Whether a JSON value is of the kind of a field: str, int, bool, a literal, one of them or None, a list of strings."""
    if kind in (str, int, bool):
        return type(value) is kind
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return any((one is type(None) and value is None) or _fits(value, one) for one in arguments)


_WHAT_KINDS: dict[str, Any] = {name: kind for name, kind in typing.get_type_hints(What).items() if name != "stack"}
_META_KINDS: dict[str, Any] = typing.get_type_hints(TraceMeta)
