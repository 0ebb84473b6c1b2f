"""`dumpsys appops` and `appops get PACKAGE` of Android 6 to 16 (系统权限使用记录).

    Android 6-8   COARSE_LOCATION: mode=0; time=+1h2m3s4ms ago; duration=+5ms
    Android 9     COARSE_LOCATION (allow): / Access: top = 2018-11-02 10:11:12.345 (-3m4s)
    Android 10-   CAMERA (allow): / null=[ / Access: [fgsvc-s] 2022-04-22 13:24:17.577 (-1m2s3ms) duration=+3ms

The system keeps the last access and the last refusal of each state and part of an app, not every one.
"""

import re

from hegui.catalogue.behaviours import app_op
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.times import Moment, moment

_PACKAGE = re.compile(r"\s+Package (?P<package>[\w.]+):\s*$")
_UID = re.compile(r"\s*Uid (?:u\d+[a-z]+)?\d+[\w]*:")
_OP = re.compile(r"\s*(?:Uid mode: )?(?P<op>[A-Z][A-Z0-9_]{2,})(?: \((?P<mode>[^)]*)\))?:\s*(?P<rest>.*)$")
_ACCESS = re.compile(
    r"\s*(?P<what>Access|Reject)\s*:\s*(?:\[(?P<state>[a-z]+)[^\]]*\]|(?P<old_state>[a-z]+) =)\s*"
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)"
)
_AGO = re.compile(r"\b(?P<what>time|rejectTime)=\+?(?P<ago>[\dhdms]+) ago")
_PART = re.compile(r"(\d{1,9})(ms|d|h|m|s)")
_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
# The states of a process that nobody sees: in the background, cached, without any.
_BEHIND = frozenset({"bg", "cch", "cached", "none"})
_NOTE = "系统只留每项的最近一次使用和最近一次拒绝 / the system keeps only the last use and the last refusal of each"


def recognise(source: Source) -> bool:
    lines = source.head_lines
    if any("AppOps Service state" in line for line in lines[:40]):
        return True
    found = sum(1 for line in lines[:400] if _ACCESS.match(line) or (_OP.match(line) and _AGO.search(line)))
    return found > 0


def read(source: Source) -> list[Rows]:
    """A run for each package of the dump."""
    packages: dict[str, Rows] = {}
    package, op = str(source.given.get("package", "")), ""
    for number, line in enumerate(source.lines, 1):
        if found := _PACKAGE.match(line):
            package, op = found["package"], ""
            continue
        if _UID.match(line):
            # What stands below is the user id's, not the last package's.
            package, op = "", ""
            continue
        if found := _OP.match(line):
            op = found["op"]
            for ago in _AGO.finditer(found["rest"]):
                _add(_rows(packages, package), number, op, ago["what"] == "rejectTime", -_duration(ago["ago"]), "")
            continue
        if found := _ACCESS.match(line):
            at = moment(found["time"])
            rows = _rows(packages, package)
            if at is None or not op:
                rows.unread(number, "an access without time or operation")
            else:
                _add(rows, number, op, found["what"] == "Reject", at, found["state"] or found["old_state"] or "")
        elif re.match(r"\s*(Access|Reject)\s*:", line):
            _rows(packages, package).unread(number, "an access that is not written as any known Android does")
    return list(packages.values())


def _rows(packages: dict[str, Rows], package: str) -> Rows:
    if package not in packages:
        packages[package] = Rows("appops", collector="dumpsys appops", package=package)
        packages[package].note(_NOTE)
    return packages[package]


def _add(rows: Rows, number: int, op: str, refused: bool, at: Moment | int, state: str) -> None:
    known = app_op(op)
    if known is None:
        rows.rows += 1
        rows.note("与个人信息无关的操作 / operations that are not about personal information")
        return
    fields = {**known, "result": "denied" if refused else "ok", "behaviour": op, "mode": state}
    rows.add(number, at, fields | ({"phase": "background"} if state in _BEHIND else {}))


def _duration(text: str) -> int:
    return sum(int(number) * _MS[unit] for number, unit in _PART.findall(text))
