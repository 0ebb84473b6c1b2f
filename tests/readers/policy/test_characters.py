import pytest

from hegui.readers.policy.characters import BREAK, language, tidy, unified


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  一  二 ", "一 二"),
        ("一\n  二", "一二"),
        ("a\n b", "a b"),
        ("一\nb", "一 b"),
        (f"一 {BREAK} 二", "一\n二"),
        ("一\u200b二", "一二"),
        ("\u3000\u3000一", "一"),
    ],
)
def test_white_space(text: str, shown: str) -> None:
    assert tidy(text)[0] == shown


def test_offsets_move_with_the_text() -> None:
    tidied, moved = tidy("  收集 \n 位置  信息")
    assert tidied == "收集位置 信息"
    assert [moved(at) for at in (0, 2, 4, 7, 9, 11, 13)] == [0, 0, 2, 2, 4, 5, 7]


def test_radicals() -> None:
    assert unified("⽇⺠⻚⾦羅") == "日民页金羅"


def test_language() -> None:
    assert language("我们使用 Android ID。") == "zh"
    assert language("We collect your information.") == "en"
