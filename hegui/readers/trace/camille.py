"""camille's console log: a block of start line, what happened, stack and end line for each call (camille 日志)."""

import re

from hegui.readers.trace.meaning import meaning
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import frames
from hegui.readers.trace.times import moment

_START = re.compile(r"-{8,}start-{8,}")
_END = re.compile(r"-{8,}end-{8,}")
_CALL = re.compile(
    r"\[\*\]\s*(?P<time>[^，]+)，APP行为：(?P<action>.*?)(?:、行为主体：(?P<actor>.*?))?、行为描述：(?P<words>.*?)"
    r"、传入参数：(?P<args>.*)$"
)
_STACK = "调用堆栈"
_LONGEST = 65_536
_ARGUMENT = re.compile(r"，?\s*(?=参数\d+：)")


def recognise(source: Source) -> bool:
    return any("APP行为：" in line and line.startswith("[*]") for line in source.head_lines)


def read(source: Source) -> list[Rows]:
    rows = Rows("camille-log", collector="camille")
    block: list[tuple[int, str]] = []
    inside = False
    for number, line in enumerate(source.lines, 1):
        if _START.search(line):
            if inside:
                _block(rows, block)
            block, inside = [], True
        elif _END.search(line):
            if inside:
                _block(rows, block)
            block, inside = [], False
        elif inside:
            block.append((number, line))
        elif _CALL.match(line[:_LONGEST].strip()):
            rows.unread(number, "a call outside any block")
        elif line.strip():
            rows.note("块外的行 / lines outside any block")
    if inside:
        rows.note("日志末尾的一块没有结束行 / the last block has no end line")
        _block(rows, block)
    return [rows]


def _block(rows: Rows, block: list[tuple[int, str]]) -> None:
    number = block[0][0] if block else 0
    found = next((found for _, line in block if (found := _CALL.match(line[:_LONGEST].strip()))), None)
    if found is None:
        rows.unread(number, "a block without 时间，APP行为：…、行为描述：…、传入参数：…")
        return
    at = moment(found["time"])
    if at is None:
        rows.unread(number, f"no time in {found['time'][:40]!r}")
        return
    stack = frames("\n".join(line for _, line in block if "APP行为：" not in line and _STACK not in line))
    args = tuple(part.strip() for part in _ARGUMENT.split(found["args"]) if part.strip() and part.strip() != "无参数")
    words = found["words"]
    # The address itself stands in the words: 获取IP地址：…; what was read is not kept.
    words = words.partition("：")[0] if words.startswith("获取IP地址") else words.partition("获取的数据为")[0]
    fields = meaning(f"{words} {found['action']}", "", stack, args)
    rows.add(number, at, fields | {"behaviour": words, "actor": found["actor"], "args": args}, stack)
