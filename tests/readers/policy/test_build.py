import pytest

from hegui.readers.errors import LimitReached
from hegui.readers.policy import build
from hegui.readers.policy.build import Builder, Run, Style
from tests.readers.policy.shown import blocks, check_places, hidden, marks


def test_an_item_takes_lines_and_steps_aside_for_what_stands_in_it() -> None:
    builder = Builder()
    item = builder.open("item", level=1)
    builder.lines(item, [Run("一")])
    builder.lines(item, [Run("二")])
    builder.lines(builder.open("item", item, level=2), [Run("内")])
    builder.lines(item, [Run("三")])
    read = builder.finish("text", styled=False)
    assert blocks(read) == [("item", 1, "一\n二|三"), ("item", 2, "内")]
    check_places(read)


def test_hidden_words_are_a_block_after_the_one_they_were_in() -> None:
    builder = Builder()
    builder.add("paragraph", [Run("我们"), Run("暗", Style(hidden=True)), Run("收集")])
    read = builder.finish("html", styled=True)
    assert blocks(read) == [("paragraph", 0, "我们收集")]
    assert hidden(read) == ["暗"]


def test_emphasis_is_what_differs_from_most_of_the_text() -> None:
    builder = Builder()
    body, note = Style(size=10, colour="#333333"), Style(size=15, colour="#cc0000")
    builder.add(
        "paragraph", [Run("我们收集您的个人信息", body), Run("位置", note), Run("信息", note), Run("等。", body)]
    )
    assert marks(builder.finish("html", styled=True)) == {
        ("size", "1.50", "位置信息"),
        ("colour", "#cc0000", "位置信息"),
    }


def test_blocks_stand_under_their_headings() -> None:
    builder = Builder()
    for kind, level in (
        ("paragraph", 0),
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
        ("heading", 1),
        ("paragraph", 0),
    ):
        builder.add(kind, [Run("文")], level=level)  # type: ignore[arg-type]
    assert [block.parent for block in builder.finish("text", styled=False).blocks] == [None, None, 1, 2, None, 4]


def test_blocks_and_characters_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MOST_BLOCKS", 3)
    monkeypatch.setattr(build, "MOST_CHARACTERS", 10)
    builder = Builder()
    with pytest.raises(LimitReached, match="10 characters"):
        builder.add("paragraph", [Run("文" * 11)])
    builder.add("paragraph", [Run("文")])
    builder.add("paragraph", [Run("文")])
    with pytest.raises(LimitReached, match="3 blocks"):
        builder.add("paragraph", [Run("文")])
