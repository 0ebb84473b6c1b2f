"""The wording of every signature code; that each code is reported is in tests/readers/apk/test_signature.py."""

import pytest

from hegui.catalogue.signature_faults import CODES


@pytest.mark.parametrize("code", CODES)
def test_a_code_says_what_is_wrong_in_both_languages(code: str) -> None:
    words = CODES[code]
    assert any("\u4e00" <= character <= "\u9fff" for character in words.zh)
    assert words.en.isascii()
    assert words.en


def test_no_two_codes_say_the_same() -> None:
    assert len({words.zh for words in CODES.values()}) == len({words.en for words in CODES.values()}) == len(CODES)
