"""Logs that were cut, shuffled, doubled, mixed in their encodings or changed: every row is read or counted as unread.

The number of rows is told by a count of the text that knows nothing of the readers. A log that is no longer recognised
gets one line that says so.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hegui.facts.trace import Run
from hegui.readers.errors import ReadError
from tests.readers.trace import logs
from tests.readers.trace.logs import runs_of

CSV = "主体,操作行为,问题标记,堆栈\n极光推送,获取AndroidID,用户同意前,a.b.C.d(C.java:1)\nAPP,读取剪贴板,,a.b.C.e(C.java:2)\n"


def _lines(test: Callable[[str], bool]) -> Callable[[str], int]:
    return lambda text: sum(1 for line in text.split("\n") if line.strip() and test(line))


def _holds(pattern: str) -> Callable[[str], int]:
    found = re.compile(pattern, re.MULTILINE)
    return lambda text: len(found.findall(text))


def _own(text: str) -> int:
    """Lines after the head that give no stack."""
    return _lines(lambda line: not _is_stack(line))(text.partition("\n")[2])


def _is_stack(line: str) -> bool:
    try:
        one = json.loads(line)
    except ValueError:
        return False
    return isinstance(one, dict) and "stack_id" in one and "frames" in one


# The log, and how many rows its text holds.
LOGS: dict[str, tuple[str, Callable[[str], int]]] = {
    "own": (logs.LOG, _own),
    "ios": (logs.IOS, _lines(lambda line: True)),
    "logcat": (logs.LOGCAT, _lines(lambda line: not line.startswith("--------- "))),
    "logcat, more": (logs.LOGCAT_MORE, _lines(lambda line: not line.startswith("--------- "))),
    "csv": (CSV, lambda text: max(0, _lines(lambda line: True)(text) - 1)),
    "appops 8": (logs.APPOPS_8, _holds(r"^.*(?:time|rejectTime)=\+[\dhdms]+ ago")),
    "appops 9": (logs.APPOPS_9, _holds(r"^\s*(?:Access|Reject)\s*:")),
    "appops 14": (logs.APPOPS_14, _holds(r"^\s*(?:Access|Reject)\s*:")),
}
BLOCKS: dict[str, tuple[str, Callable[[str], int]]] = {
    "camille": (logs.CAMILLE, _holds(r"-{8,}start-{8,}")),
    "timeline": (logs.TIMELINE, _holds(r"^\s*\d{1,2}:\d\d:\d\d\.\d{3}\s+\S")),
    "xiaomi": (logs.XIAOMI, _holds(r"^\s*发生时间\s*：")),
    "mobsf": (logs.MOBSF, _holds(r'"name": "(?!cut)|"cut')),
}
OTHERS = (
    logs.HUAWEI,
    logs.HUAWEI_JSON,
    logs.HOOKS,
    logs.SPINGE,
    logs.MOBSF_INDENTED,
    logs.MAIL_TWICE,
    logs.STACK_CHAIN,
)
EVERY = [*LOGS.values(), *BLOCKS.values()]
# Without a deadline: the first example of a run loads the catalogues.
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def read(folder: Path, data: bytes) -> tuple[Run, ...] | None:
    """The runs, held against what must always be so; None for what is refused in one line."""
    path = folder / "log"
    path.write_bytes(data)
    runs, refused = _runs(path)
    if refused is not None:
        assert "\n" not in refused.words.zh + refused.words.en
        return None
    for run in runs:
        observed = sum(not event.what.derived for event in run.ev)
        assert observed + run.meta.rows_unread <= run.meta.rows
        assert min(run.meta.rows_unread, 50) == len(run.meta.unread)
    return runs


def _runs(path: Path) -> tuple[tuple[Run, ...], ReadError | None]:
    try:
        return runs_of(path), None
    except ReadError as error:
        return (), error


def counted(runs: tuple[Run, ...] | None) -> int | None:
    return None if runs is None else sum(run.meta.rows for run in runs)


@pytest.mark.parametrize(("text", "rows"), EVERY, ids=[*LOGS, *BLOCKS])
def test_the_count_of_the_text_is_that_of_the_reader(text: str, rows: Callable[[str], int], tmp_path: Path) -> None:
    assert counted(read(tmp_path, text.encode())) == rows(text)


@pytest.mark.parametrize(("text", "rows"), EVERY, ids=[*LOGS, *BLOCKS])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_another_encoding(text: str, rows: Callable[[str], int], encoding: str, tmp_path: Path) -> None:
    # Our own log is UTF-8 by its definition.
    expected = None if (text, encoding) == (logs.LOG, "utf-16") else rows(text)
    assert counted(read(tmp_path, text.encode(encoding))) == expected


@pytest.mark.parametrize(("text", "rows"), EVERY, ids=[*LOGS, *BLOCKS])
def test_lines_of_changing_encodings_and_ends(text: str, rows: Callable[[str], int], tmp_path: Path) -> None:
    lines = text.split("\n")
    mixed = b"".join(
        line.encode("utf-8" if number % 2 else "gb18030") + (b"\r\n" if number % 3 else b"\n")
        for number, line in enumerate(lines)
    )
    assert counted(read(tmp_path, mixed)) == rows(text)


@QUIET
@given(data=st.data())
@pytest.mark.parametrize(("text", "rows"), LOGS.values(), ids=list(LOGS))
def test_cut_at_any_byte(text: str, rows: Callable[[str], int], data: st.DataObject, tmp_path: Path) -> None:
    cut = text.encode()[: data.draw(st.integers(0, len(text.encode())))]
    assert counted(read(tmp_path, cut)) in (rows(cut.decode("utf-8", "replace")), None)


@QUIET
@given(data=st.data())
@pytest.mark.parametrize(("text", "rows"), LOGS.values(), ids=list(LOGS))
def test_rows_out_of_order_and_doubled(
    text: str, rows: Callable[[str], int], data: st.DataObject, tmp_path: Path
) -> None:
    head, *lines = [line for line in text.split("\n") if line]
    doubled = data.draw(st.lists(st.sampled_from(lines), max_size=5))
    shuffled = "\n".join([head, *data.draw(st.permutations(lines + doubled))])
    # A log that is mostly copies of a line of nobody is not recognised.
    assert counted(read(tmp_path, shuffled.encode())) in (rows(shuffled), *([None] if doubled else []))


@QUIET
@given(data=st.data())
@pytest.mark.parametrize("text", [text for text, _ in EVERY] + list(OTHERS))
def test_changed_bytes_and_lines_never_crash(text: str, data: st.DataObject, tmp_path: Path) -> None:
    raw = bytearray(text.encode(data.draw(st.sampled_from(["utf-8", "gb18030", "utf-16"]))))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    lines = bytes(raw).split(b"\n")
    if data.draw(st.booleans()):
        lines = data.draw(st.permutations(lines))
    read(tmp_path, b"\n".join(lines))
