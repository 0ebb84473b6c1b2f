"""TOML that a user wrote or was sent, beside an input or as a form."""

import re
import tomllib
from typing import Any

_MOST_STEPS = 32
# A bare or quoted part of a key and the dot behind it. Possessive, so that each character is looked at once.
_STEP = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![\w.\\-])(?:{_STEP}){{{_MOST_STEPS}}}")


def loads(text: str) -> dict[str, Any]:
    """The table in a text. Raises ValueError that says what is wrong.

    A key of many steps (a.b.c.…) is refused before it is read: tomllib takes time and memory by their square, for a key
    of 60 KB more than 3 GB.
    """
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key of more than {_MOST_STEPS} steps (at line {line})")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
