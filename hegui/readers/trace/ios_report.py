"""The App Privacy Report that iOS exports: one JSON object a line, of every app on the phone (App 隐私报告)."""

import json
from typing import Any

from hegui.catalogue.behaviours import ios_resource
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.times import moment

_OPS = {"intervalBegin": "open", "intervalEnd": "close", "event": "use"}


def recognise(source: Source) -> bool:
    for line in source.head_lines[:50]:
        try:
            one = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(one, dict) and (
            (one.get("type") == "access" and "accessor" in one)
            or (one.get("type") == "networkActivity" and "domain" in one)
        ):
            return True
    return False


def read(source: Source) -> list[Rows]:
    """A run for each app. Of a domain's contacts the file tells the first, the last and how many: one event, at the first."""
    apps: dict[str, Rows] = {}
    strays = Rows("ios-privacy-report", collector="iOS", platform="ios")
    for number, line in enumerate(source.lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            app, fields, written = _event(one)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            strays.unread(number, f"no entry of the report: {error}")
            continue
        at = moment(written)
        rows = apps.setdefault(app, Rows("ios-privacy-report", collector="iOS", platform="ios", package=app))
        if at is None:
            rows.unread(number, f"no time in {written[:40]!r}")
            continue
        rows.add(number, at, fields)
    return [*apps.values(), *([strays] if strays.rows else [])]


def _hits(number: Any) -> int:
    """Raises ValueError: the row is counted as unread, for how often is then not known."""
    if type(number) is not int or not 0 < number < 1 << 31:
        raise ValueError("hits is a whole number from 1")
    return number


def _event(one: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    if one["type"] == "access":
        name = str(one.get("category") or one["tccService"])
        known = ios_resource(name) or {"type": "api"}
        op = _OPS.get(str(one.get("kind")), str(one.get("kind", "")))
        # The report lists what was read; what was refused is not in it.
        fields = {**known, "op": op, "behaviour": name, "result": "ok"}
        return str(one["accessor"]["identifier"]), fields, str(one["timeStamp"])
    if one["type"] != "networkActivity":
        raise ValueError(f"type {str(one['type'])[:40]!r}")
    fields = {
        "type": "net",
        "host": str(one["domain"]),
        "count": _hits(one.get("hits", 1)),
        "cause": str(one.get("initiatedType", "")),
        "behaviour": str(one.get("context", "")),
    }
    return str(one["bundleID"]), fields, str(one.get("firstTimeStamp") or one["timeStamp"])
