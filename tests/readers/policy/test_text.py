from hegui.readers.policy.text import read_text
from tests.readers.policy.shown import blocks, check_places


def test_chinese_numbering_makes_headings() -> None:
    read = read_text(
        "甲应用隐私政策\n更新日期：2025年3月1日\n\n一、我们收集的信息\n（一）注册\n1. 手机号，用于登录。\n（1）昵称\n• 头像\n"
        "二、我们如何使用\n我们用于提供服务。\n"
    )
    assert blocks(read) == [
        ("heading", 1, "甲应用隐私政策"),
        ("paragraph", 0, "更新日期：2025年3月1日"),
        ("heading", 2, "一、我们收集的信息"),
        ("heading", 3, "（一）注册"),
        ("paragraph", 0, "1. 手机号，用于登录。"),
        ("item", 0, "（1）昵称"),
        ("item", 0, "• 头像"),
        ("heading", 2, "二、我们如何使用"),
        ("paragraph", 0, "我们用于提供服务。"),
    ]
    assert read.title == "甲应用隐私政策"
    assert not read.styled
    assert read.blocks[2].at == "line 4"
    check_places(read)


def test_chapters_stand_above_articles() -> None:
    read = read_text("第一章 总则\n第一条 目的\n文。\n第二章 收集\n第二条 范围\n")
    assert [(level, words) for _, level, words in blocks(read, "heading")] == [
        (1, "第一章 总则"),
        (2, "第一条 目的"),
        (1, "第二章 收集"),
        (2, "第二条 范围"),
    ]


def test_line_ends_of_all_systems() -> None:
    assert [words for *_, words in blocks(read_text("我们收集。\r\n我们使用。\r我们保存。\n"))] == [
        "我们收集。",
        "我们使用。",
        "我们保存。",
    ]
