"""logcat: what the system itself says of starts, screens, permission boxes and the camera (系统日志).

Lines of all other kinds are counted and left: an app's own log lines tell what its author chose to print.
"""

import re
from typing import Any

from hegui.catalogue.permissions import permission
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.times import moment

_TIME = r"(?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})"
_LINE = re.compile(
    # -v threadtime, time and year; between, Android Studio up to 2022 writes 1511-10937/system_process.
    rf"{_TIME}\s+(?:\d+[\s-]+\d+(?:/\S+)?\s+)?[VDIWEF][ /]"
    # Every character is looked at once: a line may hold a megabyte of spaces.
    r"(?P<tag>[^:(]*)(?:\(\s*\d+\))?:\s?(?P<message>.*)$"
)
# Android Studio since 2022: process and thread, tag, package, level.
_STUDIO = re.compile(rf"{_TIME}\s+\d+-\d+\s+(?P<tag>\S+)\s+\S+\s+[VDIWEF]\s+(?P<message>.*)$")
# The log buffer itself cuts messages at about 4 KB.
_LONGEST = 8192
_SEPARATOR = "--------- "
# PermissionControllerStatsLog, RESULT of PERMISSION_GRANT_REQUEST_RESULT_REPORTED (AOSP frameworks/proto_logging).
_RESULTS = {"4": "granted", "5": "granted", "6": "denied", "7": "denied", "8": "denied", "9": "ignored"}
_CAUSES = {"broadcast": "broadcast", "service": "service", "content provider": "provider", "activity": "user"}

_GRANT = re.compile(
    r"PermissionGrantRequestResultReported.{0,400}callingPackage=(?P<package>[\w.]+).{0,400}permission=(?P<perm>[\w.]+)"
    r".{0,400}result=(?P<result>\w+)"
)
_START_PROCESS = re.compile(
    # Up to Android 5 the name stands alone, and the numbers follow.
    r"Start proc (?:\d+:)?(?P<process>(?P<package>[\w.]+)[\w.:]*?)(?:/\S+)?"
    r" for (?P<cause>[a-z -]+?) (?:\{(?P<target>[\w.]+/[\w.$]+)|\{|\S)"
)
# Who started whom is told since Android 14 in brackets, by some makers as callingPackage.
_START = re.compile(
    r"^START u\d+ \{[^}]*cmp=(?P<target>[\w.]+)/[^}]*\}.* from uid \d+(?: \(|.*callingPackage )(?P<package>[a-z]\w*(?:\.\w+)+)"
)
_DISPLAYED = re.compile(r"(?:Displayed|Fully drawn) (?P<package>[\w.]+)/(?P<activity>[\w.$]+)")
_CAMERA = re.compile(r'(?:CameraService::)?connect call \(PID -?\d+ "(?P<package>[\w.]+)"')
_DIED = re.compile(r"Process (?P<package>[\w.]+) \(pid \d+\) has died")
_DENIAL = re.compile(
    r"Permission Denial: .*?(?:from|callerPackage=|pkg=)\s*(?P<package>[\w.]+).*?requires (?P<perm>android\.permission\.\w+)"
)


def recognise(source: Source) -> bool:
    lines = [line for line in source.head_lines[:200] if line.strip()]
    return sum(1 for line in lines if _of_line(line)) * 2 > len(lines) > 0


def _of_line(line: str) -> re.Match[str] | None:
    return _LINE.match(line) or _STUDIO.match(line)


def read(source: Source) -> list[Rows]:
    """A run for each package that the system's lines name."""
    packages: dict[str, Rows] = {}
    strays = Rows("logcat", collector="logcat")
    for number, line in enumerate(source.lines, 1):
        if not line.strip() or line.startswith(_SEPARATOR):
            continue
        found = _of_line(line)
        if found is None:
            strays.unread(number, "no line of logcat (-v threadtime, time or year, or Android Studio)")
            continue
        told = _told(found["message"][:_LONGEST])
        at = moment(found["time"])
        if told is None or at is None:
            strays.rows += 1
            strays.note("其他日志行 / other lines of the log")
            continue
        package, fields = told
        rows = packages.setdefault(package, Rows("logcat", collector="logcat", package=package))
        rows.add(number, at, fields | {"behaviour": found["tag"].strip()})
    runs = list(packages.values())
    # What no run can own is told with the first one, so that the counts of the file add up.
    first = runs[0] if runs else strays
    if first is not strays:
        first.rows += strays.rows
        first.rows_unread += strays.rows_unread
        first.kept_unread += strays.kept_unread
        first.notes |= strays.notes
    return [first, *runs[1:]]


def _told(message: str) -> tuple[str, dict[str, Any]] | None:
    """The package and the fields of what the system says; None for any other line."""
    if found := _GRANT.search(message):
        result = _RESULTS.get(found["result"], found["result"].lower())
        return found["package"], {
            "type": "perm_res",
            "perm": found["perm"],
            "groups": _groups(found["perm"]),
            "result": result,
        }
    if found := _START_PROCESS.search(message):
        cause = next((known for start, known in _CAUSES.items() if start in found["cause"]), found["cause"])
        fields = {"type": "process_start", "cause": cause, "process": found["process"], "target": found["target"]}
        return found["package"], {name: value for name, value in fields.items() if value}
    if (found := _START.search(message)) and found["package"] != found["target"]:
        return found["package"], {"type": "start_app", "target": found["target"]}
    if found := _DISPLAYED.search(message):
        return found["package"], {"type": "screen", "activity": found["activity"]}
    if found := _CAMERA.search(message):
        fields = {
            "type": "sensor",
            "kind": "camera",
            "op": "open",
            "pi_type": "photo",
            "perm_group": "camera",
            "result": "ok",
        }
        return found["package"], fields
    if found := _DIED.search(message):
        return found["package"], {"type": "exit", "cause": "died"}
    if found := _DENIAL.search(message):
        groups = _groups(found["perm"])
        denied: dict[str, Any] = {
            "type": "api",
            "perm": found["perm"],
            "groups": groups,
            "perm_group": groups[0] if groups else None,
        }
        return found["package"], denied | {"result": "denied"}
    return None


def _groups(name: str) -> tuple[str, ...]:
    known = permission(name)
    return (known.group,) if known and known.group else ()
