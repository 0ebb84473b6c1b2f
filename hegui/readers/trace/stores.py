"""What phone makers' review teams send a developer: timelines, rows and mails in text (厂商检测结果).

vivo and 应用宝: `HH:MM:SS.mmm [测试动作] …`, `HH:MM:SS.mmm (SDK: …)读取AndroidID`, stacks below.
Xiaomi: `违规行为：… 发生时间：… 违规详情：content=…,callstack:…;`, or `发生时间 ：… 调用SDK：… 调用堆栈：` with frames below.
Huawei: a mail without times, with `stackTrace` lists or a stack below the sentence.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from hegui.catalogue.behaviours import by_method
from hegui.readers.trace.meaning import meaning
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import frames
from hegui.readers.trace.times import Moment, moment

_TIMELINE = re.compile(r"\s*(?P<time>\d{1,2}:\d{2}:\d{2}[.,]\d{3})\s+(?P<words>\S.*)$")
_ACTOR = re.compile(r"[(（]\s*SDK\s*[:：]\s*(?P<actor>[^)）]+)[)）]")
_FRAME_LINE = re.compile(r"\s*(?:at\s+)?[\[\"']?[\w$]+(?:\.[\w$<>-]+)+\s*(?:\(|:-?\d)")
_FIELD = re.compile(
    r"\s*(?P<name>违规行为|发生时间|违规\s*md5|违规包名|违规动作|违规详情|调用\s*SDK|调用堆栈)\s*[:：]\s*(?P<value>.*)$"
)
_STACK_LIST = re.compile(r'"?stackTrace"?\s*[:：]\s*\[(?P<frames>[^\]]*)\]')
_LETTERS = re.compile(r"[\u4e00-\u9fff]")
_MOST_NESTED = 40


def is_timeline(source: Source) -> bool:
    return any("[测试动作]" in line or _ACTOR.search(line) for line in source.head_lines if _TIMELINE.match(line))


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
        calls = {one.get("pi_type") for frame in found[:4] for one in by_method(frame)}
        for at in range(len(heads) - 1, -1, -1):
            number, when, words, actor, own = heads[at]
            told = meaning(words, "", found, ())
            is_call = told["type"] not in ("consent", "screen", "process_start") and "测试动作" not in words
            if not own and is_call and (told.get("pi_type") or not calls - {None}):
                heads[at] = (number, when, words, actor, found)
                return
        rows.unread(number_of_line, "a stack that belongs to no row before it")

    number_of_line = 0
    for number_of_line, line in enumerate(source.lines, 1):
        head = _TIMELINE.match(line)
        if head:
            close()
            when = moment(head["time"])
            named = _ACTOR.search(head["words"])
            if when is None:
                rows.unread(number_of_line, f"no time in {head['time']!r}")
                continue
            heads.append((number_of_line, when, head["words"], named["actor"].strip() if named else "", ()))
        elif _FRAME_LINE.match(line):
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
        elif line.strip() and record and last_name in ("调用堆栈", "违规详情") and _FRAME_LINE.match(line):
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
    fields = meaning(f"{words} {content.partition(':')[0]}" if words else intro, "", found, ())
    if "package" not in rows.meta and record.get("违规包名"):
        rows.meta["package"] = record["违规包名"].removeprefix("pkg=").strip(" ,")
    behaviour = words or fields.get("pi_type") or "调用"
    rows.add(number, when, fields | {"behaviour": behaviour, "actor": record.get("调用SDK"), "perm": action}, found)


def is_huawei(source: Source) -> bool:
    said = "\n".join(source.head_lines)
    return "stackTrace" in said or ("应用" in said and ("审核" in said or "隐私政策前" in said) and "获取" in said)


def read_huawei(source: Source) -> list[Rows]:
    """A mail, or JSON with `stackTrace` lists. It tells no times, so its events are in order only."""
    rows = Rows("huawei-mail", collector="华为审核")
    try:
        plain = json.loads(source.text)
    except (ValueError, RecursionError):
        _mail(rows, source.lines)
    else:
        for place, one in enumerate(_with_stacks(plain), 1):
            stack = frames(str(frame) for frame in one["stackTrace"])
            words = " ".join(value for value in one.values() if isinstance(value, str))
            when = next(
                (found for value in one.values() if isinstance(value, str | int) and (found := moment(str(value)))),
                None,
            )
            _huawei(rows, place, words, stack, when)
    return [rows]


def _mail(rows: Rows, lines: list[str]) -> None:
    words, words_at, used = "", 0, False
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        listed = _STACK_LIST.search(line)
        if listed:
            _huawei(rows, number, words, frames(listed["frames"]))
            used = True
        elif _FRAME_LINE.match(line):
            block.append(line)
        elif block and line.strip(" ]"):
            _huawei(rows, number - 1, words, frames("\n".join(block)))
            block, used = [], True
        if line.strip() and not listed and not _FRAME_LINE.match(line) and _LETTERS.search(line):
            if "获取" in line or "收集" in line or "申请" in line:
                if words and not used:
                    _huawei(rows, words_at, words, ())
                words, words_at, used = line.strip(), number, False
            else:
                rows.note("说明文字 / explaining text")
    if block:
        _huawei(rows, len(lines), words, frames("\n".join(block)))
    elif words and not used:
        _huawei(rows, words_at, words, ())


def _huawei(rows: Rows, number: int, words: str, stack: tuple[str, ...], when: Moment | None = None) -> None:
    fields = meaning(words, "", stack, ())
    if not stack and not fields.get("pi_type"):
        rows.rows += 1
        rows.note("未点明信息种类、也没有堆栈的意见 / remarks with neither a kind of information nor a stack")
        return
    actor = re.search(r"集成的\s*[\[【]?(?P<actor>[^\]】]{1,30})[\]】]?\s*SDK", words)
    rows.add(number, when, fields | {"behaviour": words, "actor": actor["actor"] if actor else None}, stack)


def _with_stacks(plain: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MOST_NESTED:
        return
    if isinstance(plain, dict):
        if isinstance(plain.get("stackTrace"), list):
            yield plain
        for value in plain.values():
            yield from _with_stacks(value, depth + 1)
    elif isinstance(plain, list):
        for value in plain:
            yield from _with_stacks(value, depth + 1)
