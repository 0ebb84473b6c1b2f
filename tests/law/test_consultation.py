import pytest

from hegui.law.consultation import is_large


@pytest.mark.parametrize(
    ("registered", "monthly", "large"),
    [
        (50_000_000, None, True),
        (None, 10_000_000, True),
        (49_999_999, 9_999_999, False),
        (49_999_999, None, None),
        (None, None, None),
    ],
)
def test_either_figure_makes_an_app_large(registered: int | None, monthly: int | None, large: bool | None) -> None:
    assert is_large(registered, monthly) is large
