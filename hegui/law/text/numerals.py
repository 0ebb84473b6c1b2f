"""Chinese numerals as headings and items write them."""

import re
import unicodedata

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(numeral: str) -> int:
    """The value of 十四, 一百零二, 14 or １４."""
    plain = unicodedata.normalize("NFKC", re.sub(r"\s", "", numeral))
    if plain.isdigit():
        return int(plain)
    total = digit = 0
    for sign in plain:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[sign] if sign in _DIGITS else digit * 10 + int(sign)
    return total + digit


def numeral(number: int) -> str:
    """Chinese numeral for 1 … 9999, as article headings write it: 十四, 一百零二."""
    signs, rest, out, zero = "〇一二三四五六七八九", number, "", False
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, rest = divmod(rest, value)
        if digit:
            out += ("零" if zero else "") + signs[digit] + unit
            zero = False
        elif out:
            zero = True
    return out.removeprefix("一") if 10 <= number < 20 else out
