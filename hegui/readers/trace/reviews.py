"""What a store's review sends in prose: a mail of Huawei's with `stackTrace` lists, a sentence with a stack below, a bare
stack (审核意见). It tells no times, so its events have an order only.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from hegui.catalogue.behaviours import by_words
from hegui.readers.trace.meaning import meaning, pi_types_of
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import FRAME_LINE, frames
from hegui.readers.trace.times import Moment, moment

_STACK_LIST = re.compile(r'"?stackTrace"?\s*[:：]\s*\[(?P<frames>[^\]]*)\]')
_LETTERS = re.compile(r"[\u4e00-\u9fff]")
_ACTOR = re.compile(r"集成的\s*[\[【]?(?P<actor>[^\]】]{1,30})[\]】]?\s*SDK")
# What a sentence that tells an act holds; what follows "修改建议" is what ought to be.
_ACTS = ("获取", "收集", "申请", "读取")
_ADVICE = ("修改建议", "整改建议")
_MOST_NESTED = 40


def recognise(source: Source) -> bool:
    """A mail by its words, or a stack whose call is in the catalogue: any crash has a stack."""
    said = "\n".join(source.head_lines)
    if "stackTrace" in said or ("应用" in said and ("审核" in said or "隐私政策前" in said) and "获取" in said):
        return True
    stack = [line for line in source.head_lines if FRAME_LINE.match(line)]
    return bool(pi_types_of(frames("\n".join(stack))))


def read(source: Source) -> list[Rows]:
    is_huawei = any("华为" in line or "huawei" in line or "stackTrace" in line for line in source.head_lines)
    rows = Rows("review-mail", collector="华为审核" if is_huawei else "应用商店审核")
    try:
        plain = json.loads(source.text)
    except (ValueError, RecursionError):
        _Mail(rows).read(source.lines)
    else:
        for place, one in enumerate(_with_stacks(plain), 1):
            stack = frames(str(frame) for frame in one["stackTrace"])
            words = " ".join(value for value in one.values() if isinstance(value, str))
            when = next(
                (found for value in one.values() if isinstance(value, str | int) and (found := moment(str(value)))),
                None,
            )
            _add(rows, place, words, stack, when)
    return [rows]


class _Mail:
    """The lines of a mail: sentences, each with its stack below it or without one."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        # A sentence that waits for its stack, where it stands, and whether it had one.
        self.words, self.words_at, self.used = "", 0, False
        # "Before the agreement, your app gets the following:" holds for the sentences that follow.
        self.phase = ""

    def read(self, lines: list[str]) -> None:
        block: list[str] = []
        for number, line in enumerate([*lines, ""], 1):
            if FRAME_LINE.match(line):
                block.append(line)
                continue
            if block and line.strip(" ]"):
                self._stack(number - 1, frames("\n".join(block)))
                block = []
            if listed := _STACK_LIST.search(line):
                self._stack(number, frames(listed["frames"]))
            elif line.strip() and _LETTERS.search(line):
                self._sentence(number, line.strip())
        if block:
            self._stack(len(lines), frames("\n".join(block)))
        elif self.words and not self.used:
            self._add(self.words_at, ())

    def _stack(self, number: int, stack: tuple[str, ...]) -> None:
        self._add(number, stack)
        self.used = True

    def _sentence(self, number: int, line: str) -> None:
        if line.startswith(_ADVICE) or not any(act in line for act in _ACTS):
            self.rows.note("说明文字 / explaining text")
            return
        if self.words and not self.used:
            told, again = meaning(self.words, "", (), ()), meaning(line, "", (), ())
            self.phase = told.get("phase") or self.phase
            if told.get("pi_type") and told.get("pi_type") == again.get("pi_type"):
                # A greeting that says what the sentence above the stack says again: one act, not two.
                self.rows.note("同一意见的重复说明 / a sentence that says the same again")
            elif told.get("pi_type"):
                self._add(self.words_at, ())
            else:
                self.rows.note("说明文字 / explaining text")
        self.words, self.words_at, self.used = line, number, False

    def _add(self, number: int, stack: tuple[str, ...]) -> None:
        _add(self.rows, number, self.words, stack, phase=by_words(self.words).get("phase") or self.phase)


def _add(
    rows: Rows, number: int, words: str, stack: tuple[str, ...], when: Moment | None = None, phase: str = ""
) -> None:
    fields = meaning(words, "", stack, ()) | ({"phase": phase} if phase else {})
    if not stack and not fields.get("pi_type"):
        rows.rows += 1
        rows.note("未点明信息种类、也没有堆栈的意见 / remarks with neither a kind of information nor a stack")
        return
    actor = _ACTOR.search(words)
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
