"""What phone makers' review teams send a developer: timelines and rows in text (厂商检测结果). Mails: see reviews.py.

vivo and 应用宝: `HH:MM:SS.mmm [测试动作] …`, `HH:MM:SS.mmm (SDK: …)读取AndroidID`, stacks below; 史宾格 puts the date before
and an arrow behind the time, and a copied report may hold all rows in one line.
Xiaomi: `违规行为：… 发生时间：… 违规详情：content=…,callstack:…;`, or `发生时间 ：… 调用SDK：… 调用堆栈：` with frames below.
"""

import re
from collections.abc import Iterator

from hegui.catalogue.behaviours import by_words
from hegui.readers.trace.meaning import meaning, pi_types_of
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import FRAME_LINE, frames
from hegui.readers.trace.times import Moment, moment

_TIME = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s+)?\d{1,2}:\d{2}:\d{2}[.,]\d{3}"
_TIMELINE = re.compile(rf"\s*(?P<time>{_TIME})(?:\s*->\s*|\s+)(?P<words>\S.*)$")
_NEXT_ROW = re.compile(rf"(?<!\d)(?<!\d )(?={_TIME}\s*->)")
_ACTOR = re.compile(r"[(（]\s*SDK\s*[:：]\s*(?P<actor>[^)）]+)[)）]")
_FIELD = re.compile(
    r"\s*(?P<name>违规行为|发生时间|违规\s*md5|违规包名|违规动作|违规详情|调用\s*SDK|调用堆栈)\s*[:：]\s*(?P<value>.*)$"
)


def is_timeline(source: Source) -> bool:
    found = (_TIMELINE.match(line) for line in source.head_lines)
    return any(row is not None and ("[测试动作]" in row["words"] or _ACTOR.match(row["words"])) for row in found)


def read_timeline(source: Source) -> list[Rows]:
    """Stacks may stand below a later line than the behaviour they belong to: they go to the last one that fits."""
    rows = Rows("store-timeline", collector="vivo/应用宝")
    heads: list[tuple[int, Moment, str, str, tuple[str, ...]]] = []
    stack: list[str] = []

    def close() -> None:
        found = frames(stack)
        stack.clear()
        if not found:
            return
        calls = pi_types_of(found)
        for at in range(len(heads) - 1, -1, -1):
            number, when, words, actor, own = heads[at]
            told = meaning(words, "", found, ())
            is_call = told["type"] not in ("consent", "screen", "process_start") and "测试动作" not in words
            if not own and is_call and (told.get("pi_type") or not calls):
                heads[at] = (number, when, words, actor, found)
                return
        rows.unread(number_of_line, "a stack that belongs to no row before it")

    number_of_line = 0
    for number_of_line, line in _rows_of(source.lines):
        head = _TIMELINE.match(line)
        if head:
            close()
            when = moment(head["time"])
            named = _ACTOR.search(head["words"])
            if when is None:
                rows.unread(number_of_line, f"no time in {head['time']!r}")
                continue
            heads.append((number_of_line, when, head["words"], named["actor"].strip() if named else "", ()))
        elif FRAME_LINE.match(line):
            stack.append(line)
        elif line.strip():
            if not heads:
                rows.note("首行之前的说明 / lines before the first row")
            elif stack:
                rows.unread(number_of_line, "neither a row nor a frame")
            # Between a row and its stack stands the value or key that was read; it is not kept.
    close()
    for number, when, words, actor, found in heads:
        plain = _ACTOR.sub("", words).replace("[测试动作]", "").strip()
        fields = meaning(plain, "", found, ())
        if "测试动作" in words and fields["type"] == "api" and not fields.get("pi_type"):
            rows.rows += 1
            rows.note(f"检测动作：{plain} / an act of the test itself")
            continue
        rows.add(number, when, fields | {"behaviour": plain, "actor": actor}, found)
    return [rows]


def _rows_of(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The rows, each with its line; only rows with an arrow are known to begin within a line."""
    for number, line in enumerate(lines, 1):
        yield from ((number, row) for row in (_NEXT_ROW.split(line) if "->" in line else [line]) if row or not line)


def is_xiaomi(source: Source) -> bool:
    names = {found["name"] for line in source.head_lines if (found := _FIELD.match(line))}
    return "发生时间" in names and bool(names & {"违规行为", "违规详情", "调用堆栈", "违规动作"})


def read_xiaomi(source: Source) -> list[Rows]:
    rows = Rows("xiaomi-rows", collector="小米检测")
    record: dict[str, str] = {}
    first, last_name, intro = 0, "", ""

    def close() -> None:
        if "发生时间" in record:
            _xiaomi(rows, first, record, intro)
        elif record:
            rows.unread(first, "a record without 发生时间")
        record.clear()

    for number, line in enumerate(source.lines, 1):
        found = _FIELD.match(line)
        if found:
            name = found["name"].replace(" ", "")
            # A record begins anew with the field that the one before began with.
            if name in record and name in ("发生时间", "违规行为"):
                close()
            if not record:
                first = number
            record[name], last_name = found["value"], name
        elif line.strip() and record and last_name in ("调用堆栈", "违规详情") and FRAME_LINE.match(line):
            record[last_name] += "\n" + line
        elif line.strip() and not record:
            intro = line.strip()
            rows.note("记录之外的说明 / lines outside any record")
    close()
    return [rows]


def _xiaomi(rows: Rows, number: int, record: dict[str, str], intro: str) -> None:
    when = moment(record["发生时间"].partition("索引")[0])
    if when is None:
        rows.unread(number, f"no time in {record['发生时间'][:40]!r}")
        return
    detail = record.get("违规详情", "")
    content, _, stack = detail.partition("callstack:")
    found = frames(stack) or frames(record.get("调用堆栈", ""))
    content = content.removeprefix("content=").strip(" ,")
    action = record.get("违规动作", "").removeprefix("action=").strip(" ,")
    words = record.get("违规行为", "")
    fields = meaning(f"{words} {content.partition(':')[0]}" if words else "", "", found, ())
    if not words:
        # What stands above several records names what they read together: of each, its own call must agree.
        told = by_words(intro)
        agrees = not found or told.get("pi_type") in pi_types_of(found)
        fields |= told if agrees else {"phase": told.get("phase")}
    if "package" not in rows.meta and record.get("违规包名"):
        rows.meta["package"] = record["违规包名"].removeprefix("pkg=").strip(" ,")
    behaviour = words or fields.get("pi_type") or "调用"
    rows.add(number, when, fields | {"behaviour": behaviour, "actor": record.get("调用SDK"), "perm": action}, found)
