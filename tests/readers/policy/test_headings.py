import pytest

from hegui.readers.policy.headings import could_be_heading, is_item, is_numbered


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("一、我们如何收集", True),
        ("How we collect information", True),
        ("我们收集您的信息。", False),
        ("包括：", False),
        ("更新日期 2025年3月1日", False),
        ("一、我们如何收集 3", False),
        ("我们" * 30, False),
        ("", False),
    ],
)
def test_what_could_be_a_heading(line: str, is_one: bool) -> None:
    assert could_be_heading(line) is is_one


@pytest.mark.parametrize("line", ["（1）昵称", "1) 昵称", "① 昵称", "• 昵称", "- 昵称", "a. 昵称"])
def test_items(line: str) -> None:
    assert is_item(line)


def test_arabic_numbers_alone_make_no_heading() -> None:
    assert is_numbered("二、使用")
    assert not is_numbered("2. 使用")
