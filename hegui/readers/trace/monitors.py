"""JSON of tools: MobSF's API monitor, and the list of what PrivacySentry watches (JSON 监测结果)."""

import json
import re
from typing import Any

from hegui.catalogue.behaviours import by_method
from hegui.readers.errors import Malformed
from hegui.readers.trace.meaning import meaning
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import frames

_PREFIX = re.compile(r"^\s*(?:\[[^\]]*\]\s*)?MobSF-API-Monitor:\s*")
HOOKS = "privacysentry-hooks"


def is_mobsf(source: Source) -> bool:
    said = "\n".join(source.head_lines[:200])
    return "MobSF-API-Monitor" in said or ('"calledFrom"' in said and '"method"' in said and '"class"' in said)


def read_mobsf(source: Source) -> list[Rows]:
    """One object a call, a line each (with a comma after it), or all in one list. It holds no times: order only."""
    rows = Rows("mobsf-api-monitor", collector="MobSF")
    try:
        whole = json.loads(source.text)
        calls = [(place, one) for place, one in enumerate(whole if isinstance(whole, list) else [whole], 1)]
    except (ValueError, RecursionError):
        calls = []
        for number, line in enumerate(source.lines, 1):
            plain = _PREFIX.sub("", line).strip().rstrip(",")
            if plain in ("", "[", "]"):
                continue
            try:
                calls.append((number, json.loads(plain)))
            except (ValueError, RecursionError) as error:
                rows.unread(number, f"no JSON object: {error}")
    for number, one in calls:
        if not isinstance(one, dict) or not isinstance(one.get("class"), str) or not isinstance(one.get("method"), str):
            rows.unread(number, "no object with class and method")
            continue
        method = f"{one['class']}.{one['method']}"
        given = one.get("arguments")
        args = tuple(str(arg) for arg in given) if isinstance(given, list) else ()
        stack = frames(str(one.get("calledFrom") or ""))
        fields = meaning("", method, stack, args)
        rows.add(
            number, None, fields | {"behaviour": f"{one.get('name', '')}: {method}", "args": args}, (method, *stack)
        )
    return [rows]


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
            f"{source.name}：不是完整的 privacy_hook.json（{error}）；请重新构建后再取",
            f"{source.name}: not a complete privacy_hook.json ({error}); build again and take it anew",
        ) from None
    rows = Rows(HOOKS, collector="PrivacySentry")
    rows.meta["hooks"] = sorted({str(api["api_id"]) for name, _ in sites for api in _apis(name)})
    number = sum(len(callers) for _, callers in sites)
    rows.note(f"{len(sites)} 个被监测的方法，{number} 处调用 / {len(sites)} watched methods, {number} call sites")
    return [rows]


def _apis(name: str) -> tuple[dict[str, Any], ...]:
    return by_method(name)
