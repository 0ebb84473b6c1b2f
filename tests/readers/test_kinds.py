"""The kinds of package in words."""

from typing import get_args

from hegui.readers import kinds
from hegui.readers.sdk.recognise import Kind


def test_every_kind_has_words() -> None:
    assert set(kinds.WORDS) == {*get_args(Kind), "folder"}
    assert {*kinds.SETS, *kinds.SDK} <= set(kinds.WORDS)
