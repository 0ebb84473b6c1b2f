import pytest

from hegui.readers.policy.markdown import read_markdown
from tests.readers.policy.shown import blocks, cells, check_places, marks


def test_headings_lists_and_tables() -> None:
    read = read_markdown(
        "# 隐私政策\n\n我们收集\n位置。\n\n第二段。\n\n使用\n----\n- 设备\n  - 型号\n- 网络\n\n"
        "| 名称 | 类型 |\n|---|---|\n| 甲 | 位置\\|轨迹 |\n\n完。\n"
    )
    assert blocks(read, "heading", "paragraph", "item") == [
        ("heading", 1, "隐私政策"),
        ("paragraph", 0, "我们收集位置。"),
        ("paragraph", 0, "第二段。"),
        ("heading", 2, "使用"),
        ("item", 1, "设备"),
        ("item", 2, "型号"),
        ("item", 1, "网络"),
        ("paragraph", 0, "完。"),
    ]
    assert cells(read) == [
        (0, 0, 1, 1, "名称"),
        (0, 1, 1, 1, "类型"),
        (1, 0, 1, 1, "甲"),
        (1, 1, 1, 1, "位置|轨迹"),
    ]
    assert read.title == "隐私政策"
    assert read.blocks[1].at == "line 3"
    check_places(read)


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("收集**位置**。", "收集位置。", {("bold", "", "位置")}),
        ("收集*位置*。", "收集位置。", {("italic", "", "位置")}),
        ('见[清单](https://a.example/l "题")。', "见清单。", {("link", "https://a.example/l", "清单")}),
        ("见![图](a.png)。", "见图。", set()),
        ("用 `x` 与\\*号。", "用 x 与*号。", set()),
        ("一颗*星。", "一颗*星。", set()),
        ("a <b>b</b> c", "a b c", set()),
        ("一<!-- 注 -->二", "一二", set()),
        ("> 引用", "引用", set()),
    ],
)
def test_inline(line: str, text: str, found: set[tuple[str, str, str]]) -> None:
    read = read_markdown(line)
    assert read.text == text
    assert marks(read) == found


def test_a_fenced_block_is_text_as_it_stands() -> None:
    assert blocks(read_markdown("```\n# 一\n```\n")) == [("paragraph", 0, "# 一")]
