import pytest

from hegui.readers.policy.looks import colour, font_element_size, font_size, length, same_colour


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("#f00", "#ff0000"),
        ("#FF0000", "#ff0000"),
        ("rgb(255, 0, 0)", "#ff0000"),
        ("rgb(100% 0% 0%)", "#ff0000"),
        ("rgba(1,2,3,.5)", "#010203"),
        ("rgba(0,0,0,0)", ""),
        ("transparent", ""),
        ("#12345600", ""),
        ("red", "#ff0000"),
        ("var(--x)", None),
        ("#12", None),
        ("rgb(x)", None),
        ("rgb(1e999,0,0)", None),
    ],
)
def test_colours(value: str, found: str | None) -> None:
    assert colour(value) == found


@pytest.mark.parametrize(
    ("value", "pixels"),
    [("12px", 12), ("9pt", 12), ("1.5em", 30), ("150%", 30), ("1rem", 16), ("0", 0), ("auto", None), ("5", None)],
)
def test_lengths(value: str, pixels: float | None) -> None:
    assert length(value, 20) == pixels


def test_sizes() -> None:
    assert font_size("large", 10) == 18
    assert font_size("nonsense", 10) == 10
    assert font_element_size("7", 16) == 48
    assert font_element_size("+1", 16) == 18


def test_colours_that_cannot_be_told_apart() -> None:
    assert same_colour("#ffffff", "#fafafa")
    assert not same_colour("#ffffff", "#999999")
