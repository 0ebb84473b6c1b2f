"""Both languages of a text."""

import pytest

from hegui.errors import HeguiError
from hegui.words import Words, halves


@pytest.mark.parametrize(("zh", "en"), [("坏了", "broken"), ("a / b 坏了", "a / b is broken")])
def test_the_line_of_an_error_has_both_halves(zh: str, en: str) -> None:
    assert halves(str(HeguiError(zh, en))) == Words(zh, en)


@pytest.mark.parametrize("text", ["", "one language", "a / b / c"])
def test_a_text_without_halves_is_the_same_in_both(text: str) -> None:
    assert halves(text) == Words(text, text)
