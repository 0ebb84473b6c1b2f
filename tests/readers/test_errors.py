"""What errors of libraries say, as a part of one line."""

import pytest

from hegui.readers.errors import one_line


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("line 1:\n  bad"), "line 1: bad"),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 199 + "…"),
        (KeyError("a\u2028b"), r"'a\u2028b'"),
        ("a\u2028b\x0bc", "a b c"),
    ],
)
def test_it_is_one_line_of_bounded_length(error: object, said: str) -> None:
    assert one_line(error) == said
