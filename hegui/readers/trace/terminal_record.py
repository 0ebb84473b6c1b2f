"""A terminal's usage record (hegui/terminal-record@1, 终端使用记录): JSON Lines a phone maker can write. See docs/terminal.md.

    {"schema": "hegui/terminal-record@1", "from": "2026-03-05T00:00:00+08:00", "to": "2026-03-06T00:00:00+08:00", …}
    {"at": "2026-03-05T09:03:02.120+08:00", "package": "com.example.lantern", "kind": "camera", "lasts_ms": 8000, …}

The schema below is what is published, and what each line is held against: one entry for each use or start. It becomes a run
for each app that acted.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from hegui.catalogue.pi_types import PI_TYPES
from hegui.catalogue.usage_kinds import USAGE_KINDS
from hegui.readers.errors import Malformed, one_line
from hegui.readers.trace.rows import MOST_EVENTS, Rows
from hegui.readers.trace.source import Source

SCHEMA = "hegui/terminal-record@1"
_LONGEST_LINE = 1 << 16
_MOST_APPS = 5000
_DAY_MS = 86_400_000

_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$"
_PACKAGE = r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$"
_IDS = sorted(one for one in PI_TYPES if one.startswith("device_id."))


def _text(about: str, pattern: str = "") -> dict[str, Any]:
    return {"type": "string", "maxLength": 200, "description": about} | ({"pattern": pattern} if pattern else {})


def _number(about: str, least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "description": about}


def _record(title: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


HEAD = _record(
    "head",
    {
        "schema": {"const": SCHEMA},
        "from": _text("记录的起点，带时区；之前的行为不在此记录内 / start of the time this record covers", _MOMENT),
        "to": _text("记录的终点，带时区 / end of that time", _MOMENT),
        "exported_at": _text("何时导出 / when it was exported", _MOMENT),
        "maker": _text("终端厂商 / the maker"),
        "device": _text("型号 / the model"),
        "os": _text("系统名称与版本 / the system and its version"),
        "os_api": _number("安卓 API 级别 / the Android API level", 1, 999),
        "rules_url": _text("公开的记录规则 / where the rules of recording are published"),
    },
    ["schema", "from", "to"],
)
ENTRY = _record(
    "entry",
    {
        "at": _text(
            "何时开始，带时区；只知哪一天时写日期 / when it began, with zone; a date where only the day is known",
            rf"{_MOMENT[:-1]}$|^\d{{4}}-\d{{2}}-\d{{2}}$",
        ),
        "package": _text(
            "谁：应用包名；kind 为 linked_start 时是被启动者 / which app; of a linked start, the started one", _PACKAGE
        ),
        "name": _text("显示给用户的应用名称 / its name as the user sees it"),
        "kind": {
            "enum": list(USAGE_KINDS),
            "description": "做了什么：十组权限、剪贴板、设备标识、应用列表、自启动、关联启动 / what it did",
        },
        "item": {"enum": _IDS, "description": "kind 为 device_id 时：哪一种标识 / of device_id: which identifier"},
        "lasts_ms": _number(
            "持续多久；合并记录时，count 次发生在多长时间内 / how long it lasted, or the stretch of a count", 0, 400 * _DAY_MS
        ),
        "count": _number("一条合并了几次，缺省 1 / how many acts this entry sums up", 1, 10**9),
        "state": {"enum": ["foreground", "background"], "description": "当时在前台还是后台 / in front or behind"},
        "result": {"enum": ["ok", "denied"], "description": "放行还是拦截，缺省 ok / let through or blocked"},
        "cause": _text("启动的起因，如 boot、broadcast、alarm、provider、activity / what made it start"),
        "starter": _text("kind 为 linked_start 时：由谁启动 / of a linked start: by which app", _PACKAGE),
        "starter_name": _text("启动者的名称 / its name"),
        "recorded_at": _text("何时写入记录；与 at 相差超过 24 小时属迟延 / when it was entered, if not at once", _MOMENT),
    },
    ["at", "package", "kind"],
)  # fmt: skip

# What an entry is on a timeline. A record does not tell precise from coarse location, nor which part of the phone group.
_FIELDS: dict[str, dict[str, str]] = {
    "calendar": {"type": "api", "pi_type": "calendar"},
    "call_log": {"type": "api", "pi_type": "call_log"},
    "camera": {"type": "sensor", "kind": "camera", "pi_type": "photo"},
    "contacts": {"type": "api", "pi_type": "contacts"},
    "location": {"type": "loc"},
    "microphone": {"type": "sensor", "kind": "mic", "pi_type": "audio"},
    "phone": {"type": "api"},
    "sms": {"type": "api", "pi_type": "sms"},
    "storage": {"type": "file"},
    "body": {"type": "sensor", "kind": "body", "pi_type": "sensor.body"},
    "clipboard": {"type": "api", "pi_type": "clipboard"},
    "device_id": {"type": "api"},
    "app_list": {"type": "api", "pi_type": "app_list"},
    "self_start": {"type": "process_start"},
    "linked_start": {"type": "start_app"},
}
_NO_GROUP = frozenset({"clipboard", "device_id", "app_list", "self_start", "linked_start"})


def record_schema() -> dict[str, Any]:
    """The JSON Schema of one line: the head (the first line), or an entry."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, "oneOf": [HEAD, ENTRY]}


def recognise(source: Source) -> bool:
    return SCHEMA.encode() in source.head[:_LONGEST_LINE].split(b"\n", 1)[0]


def read(source: Source) -> list[Rows]:
    """A run for each app that acted; the starter of a linked start acted. Rows that cannot be read are nobody's.

    Raises Malformed when the first line is no head; every other fault is a row that is counted.
    """
    with source.path.open("rb") as file:
        first = file.readline(_LONGEST_LINE)
        reader = _Reader(_head(source, first))
        reader.read(file)
    return list(reader.runs.values())


def _head(source: Source, first: bytes) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(first)
        check(head, HEAD)
        if _ms(head["to"]) < _ms(head["from"]):
            raise ValueError("to is before from")
    except (ValueError, RecursionError) as error:
        raise Malformed(
            f"{source.name}：第 1 行不是 {SCHEMA} 的头（{one_line(error)}）；格式见 hegui terminal schema",
            f"{source.name}: line 1 is no head of a {SCHEMA} record ({one_line(error)}); see hegui terminal schema",
        ) from None
    return head


def check(value: Any, record: dict[str, Any]) -> None:
    """Hold a line against HEAD or ENTRY. Raises ValueError that names the field and what was expected."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    for name in record["required"]:
        if name not in value:
            raise ValueError(f"{name} is missing")
    for name, one in value.items():
        if name not in record["properties"]:
            raise ValueError(f"no field {name[:40]!r}; there are {', '.join(record['properties'])}")
        if wrong := _wrong(one, record["properties"][name]):
            raise ValueError(f"{name} is {str(one)[:40]!r}, not {wrong}")


def _wrong(value: Any, kind: dict[str, Any]) -> str:
    """What was expected, where a value is not of the kind; "" where it is."""
    if "const" in kind:
        return "" if value == kind["const"] else kind["const"]
    if "enum" in kind:
        return "" if value in kind["enum"] else f"one of {', '.join(kind['enum'])}"
    if kind["type"] == "integer":
        good = type(value) is int and kind["minimum"] <= value <= kind["maximum"]
        return "" if good else f"a whole number from {kind['minimum']} to {kind['maximum']}"
    if not isinstance(value, str) or len(value) > kind["maxLength"]:
        return f"a text of at most {kind['maxLength']} characters"
    # A `$` of Python also stands before a last line break.
    if "pattern" in kind and (not re.search(kind["pattern"], value) or value.endswith("\n")):
        return f"written as described: {kind['description'].rpartition(' / ')[2]}"
    return ""


class _Reader:
    def __init__(self, head: dict[str, Any]) -> None:
        self.start_ms = _ms(head["from"])
        self.end_ms = _ms(head["to"])
        # A day is that of the record's own zone.
        self.zone = "Z" if head["from"].endswith("Z") else head["from"][-6:]
        self.meta = {
            "collector": head.get("maker", ""),
            "device": " ".join(filter(None, (head.get("device", ""), head.get("os", "")))),
            "os_api": head.get("os_api"),
            "started_at": head["from"],
            "ended_ms": self.end_ms - self.start_ms,
            "clock": "wall",
            "uncertainty_ms": 0,
            "covers": ["record"],
        }
        self.runs: dict[str, Rows] = {}
        self.events = 0

    def read(self, file: BinaryIO) -> None:
        for line, raw in enumerate(_lines(file), 2):
            if raw.isspace():
                continue
            try:
                entry = json.loads(raw)
                check(entry, ENTRY)
                self._keep(line, entry)
            except (ValueError, RecursionError) as error:
                end = "" if raw.endswith(b"\n") else " (the file ends here)"
                self._of("").unread(line, f"{one_line(error)}{end}")

    def _of(self, package: str) -> Rows:
        """Raises ValueError for one app too many; the rows that are nobody's always have their place."""
        if package not in self.runs:
            if package and len(self.runs) > _MOST_APPS:
                raise ValueError(f"more than {_MOST_APPS} apps in one record")
            self.runs[package] = Rows(SCHEMA, package=package, **self.meta)
        return self.runs[package]

    def _keep(self, line: int, entry: dict[str, Any]) -> None:
        """Raises ValueError where fields do not go together."""
        kind, at = entry["kind"], entry["at"]
        if kind == "device_id" and "item" not in entry:
            raise ValueError("item is missing: which identifier was read")
        if kind != "device_id" and "item" in entry:
            raise ValueError("item goes with the kind device_id")
        if kind != "linked_start" and ("starter" in entry or "starter_name" in entry):
            raise ValueError("starter goes with the kind linked_start")
        undated = "T" not in at
        began = _ms(f"{at}T00:00:00{self.zone}" if undated else at)
        if not self.start_ms - (_DAY_MS if undated else 0) <= began <= self.end_ms:
            raise ValueError(f"at {at} is not between from and to of the head")
        late = _ms(entry["recorded_at"]) - began if "recorded_at" in entry else None
        if late is not None and late < 0:
            raise ValueError("recorded_at is before at")
        if self.events >= MOST_EVENTS:
            raise ValueError(f"more than {MOST_EVENTS} entries in one record")
        self.events += 1
        step = _DAY_MS if undated else 0 if "." in at else 1000
        fields: dict[str, Any] = _FIELDS[kind] | {
            "perm_group": None if kind in _NO_GROUP else kind,
            "result": entry.get("result", "ok"),
            "cause": entry.get("cause"),
            "phase": "background" if entry.get("state") == "background" else None,
            "behaviour": kind,
            "actor": entry.get("name"),
            "lasts_ms": entry.get("lasts_ms"),
            "late_ms": late,
            "uncertainty_ms": step or None,
        }
        if entry.get("count", 1) > 1:
            fields["count"] = entry["count"]
        if kind == "device_id":
            fields["pi_type"] = entry["item"]
        if kind == "self_start":
            fields["cause"] = entry.get("cause", "unknown")
        if kind == "linked_start":
            fields |= {"target": entry["package"], "actor": entry.get("starter_name"), "page": entry.get("name")}
        doer = entry.get("starter", "") if kind == "linked_start" else entry["package"]
        self._of(doer).add(line, max(0, began - self.start_ms), fields)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
            while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            # Too long for an entry; what is left of it fails as JSON and is counted.
        yield line


def _ms(moment: str) -> int:
    """Raises ValueError for a moment that is none (February 30)."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
