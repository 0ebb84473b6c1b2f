"""JSON of tools: MobSF's API monitor, and the list of what PrivacySentry watches (JSON 监测结果)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hegui.catalogue.behaviours import by_method
from hegui.readers.errors import Malformed, one_line
from hegui.readers.trace.meaning import meaning
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import frames

_PREFIX = re.compile(r"^\s*(?:\[[^\]]*\]\s*)?MobSF-API-Monitor:\s*")
# Arguments of one call; a longer one is cut by the monitor itself.
_LONGEST_OBJECT = 1 << 16
HOOKS = "privacysentry-hooks"


def is_mobsf(source: Source) -> bool:
    said = "\n".join(source.head_lines[:200])
    return "MobSF-API-Monitor" in said or ('"calledFrom"' in said and '"method"' in said and '"class"' in said)


def read_mobsf(source: Source) -> list[Rows]:
    """One object a call, a line each (with a comma after it), or all in one list. It holds no times: order only."""
    rows = Rows("mobsf-api-monitor", collector="MobSF")
    try:
        whole = json.loads(source.text)
        calls = list(enumerate(whole if isinstance(whole, list) else [whole], 1))
    except (ValueError, RecursionError):
        calls = list(_objects(source.lines, rows))
    for number, one in calls:
        if not isinstance(one, dict) or not isinstance(one.get("class"), str) or not isinstance(one.get("method"), str):
            rows.unread(number, "no object with class and method")
            continue
        method = f"{one['class']}.{one['method']}"
        given = one.get("arguments", one.get("args"))
        args = tuple(str(arg) for arg in given) if isinstance(given, list) else ()
        stack = frames(str(one.get("calledFrom") or ""))
        fields = meaning("", method, stack, args)
        rows.add(
            number, None, fields | {"behaviour": f"{one.get('name', '')}: {method}", "args": args}, (method, *stack)
        )
    return [rows]


def _objects(lines: list[str], rows: Rows) -> Iterator[tuple[int, Any]]:
    """The objects of a log, each with the line it begins at: one in a line, or indented over several."""
    begun, held = 0, ""
    for number, line in enumerate([*lines, ""], 1):
        begins = bool(_PREFIX.match(line)) or line.startswith("{") or number > len(lines)
        if begins and held:
            rows.unread(begun, "an object that is cut off")
            held = ""
        plain = _PREFIX.sub("", line)
        if not held and plain.strip().rstrip(",") in ("", "[", "]"):
            continue
        begun, held = (begun, f"{held}\n{plain}") if held else (number, plain)
        try:
            found = json.loads(held.strip().rstrip(","))
        except RecursionError:
            rows.unread(begun, "no JSON object: nested too deep")
        except ValueError as error:
            if held.lstrip()[:1] == "{" and len(held) < _LONGEST_OBJECT:
                continue
            rows.unread(begun, f"no JSON object: {error}")
        else:
            yield begun, found
        held = ""


def is_hooks(source: Source) -> bool:
    said = source.head[:4096]
    return b'"replaceMethodMap"' in said or b'"hookServiceList"' in said


def read_hooks(source: Source) -> list[Rows]:
    """What PrivacySentry replaced in the build: what is watched. It is no event, and gives no run; see read.py."""
    try:
        found = json.loads(source.text)["replaceMethodMap"]
        sites = [
            (name, [f"{one['originClassName']}.{one['originMethodName']}" for one in row["originMethodList"]])
            for name, row in found.items()
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(
            f"{source.name}：不是完整的 privacy_hook.json（{one_line(error)}）；请重新构建后再取",
            f"{source.name}: not a complete privacy_hook.json ({one_line(error)}); build again and take it anew",
        ) from None
    rows = Rows(HOOKS, collector="PrivacySentry")
    rows.meta["hooks"] = sorted({str(api["api_id"]) for name, _ in sites for api in _apis(name)})
    number = sum(len(callers) for _, callers in sites)
    rows.note(f"{len(sites)} 个被监测的方法，{number} 处调用 / {len(sites)} watched methods, {number} call sites")
    return [rows]


def _apis(name: str) -> tuple[dict[str, Any], ...]:
    return by_method(name)
