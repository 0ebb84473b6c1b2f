"""Values of CSS as numbers and colours: sizes in pixels, colours as "#rrggbb"."""

import re

# The sizes of <font size=1…7> and of the keywords, in pixels (HTML standard 15.3.4, CSS Fonts 2.5).
FONT_SIZES = (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0)
_KEYWORDS = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))([a-z%]*)")
_DEFAULT = 16.0
# A phone: how policies are read.
_VIEWPORT_WIDTH = 375.0

_NAMED = {
    "black": "000000", "white": "ffffff", "red": "ff0000", "green": "008000", "blue": "0000ff", "yellow": "ffff00",
    "gray": "808080", "grey": "808080", "silver": "c0c0c0", "maroon": "800000", "olive": "808000", "lime": "00ff00",
    "aqua": "00ffff", "cyan": "00ffff", "teal": "008080", "navy": "000080", "fuchsia": "ff00ff", "magenta": "ff00ff",
    "purple": "800080", "orange": "ffa500", "orangered": "ff4500", "tomato": "ff6347", "crimson": "dc143c",
    "darkred": "8b0000", "firebrick": "b22222", "darkblue": "00008b", "dodgerblue": "1e90ff", "royalblue": "4169e1",
    "darkgray": "a9a9a9", "darkgrey": "a9a9a9", "dimgray": "696969", "dimgrey": "696969", "lightgray": "d3d3d3",
    "lightgrey": "d3d3d3", "gainsboro": "dcdcdc", "whitesmoke": "f5f5f5", "snow": "fffafa", "ivory": "fffff0",
    "lightyellow": "ffffe0", "gold": "ffd700", "pink": "ffc0cb", "brown": "a52a2a", "darkorange": "ff8c00",
}  # fmt: skip
_FUNCTION = re.compile(r"rgba?\(([^)]*)\)")

# Two colours nearer than this in every channel (of 255) are not told apart on a screen.
_SAME = 16


def length(value: str, of: float = _DEFAULT) -> float | None:
    """A length in pixels; `of` is what em and % count from. None if it is none or depends on the layout."""
    match = _LENGTH.fullmatch(value.strip())
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    if unit == "em":
        return number * of
    if unit == "%":
        return number * of / 100
    if unit == "rem":
        return number * _DEFAULT
    if unit == "vw":
        return number * _VIEWPORT_WIDTH / 100
    if not unit:
        return 0.0 if number == 0 else None
    return number * _UNITS[unit] if unit in _UNITS else None


def font_size(value: str, inherited: float) -> float:
    """The size a font-size gives, or the inherited one if it says nothing of use."""
    if value in _KEYWORDS:
        return _KEYWORDS[value]
    if value in ("smaller", "larger"):
        return inherited * (1.2 if value == "larger" else 1 / 1.2)
    size = length(value, inherited)
    return inherited if size is None or size < 0 else size


def font_element_size(value: str, inherited: float) -> float:
    """The size of <font size=…>: 1 to 7, or steps from the base of 3."""
    try:
        number = int(value) + (3 if value.strip()[:1] in ("+", "-") else 0)
    except ValueError:
        return inherited
    return FONT_SIZES[min(max(number, 1), 7) - 1]


def is_bold(value: str, inherited: bool) -> bool:
    if value in ("bold", "bolder"):
        return True
    if value in ("normal", "lighter"):
        return False
    return int(value) >= 600 if value.isascii() and value.isdigit() and len(value) <= 4 else inherited


def colour(value: str) -> str | None:
    """ "#rrggbb", "" for transparent, None for one that is not understood."""
    value = value.strip().lower()
    if value == "transparent":
        return ""
    if value in _NAMED:
        return "#" + _NAMED[value]
    if value.startswith("#") and re.fullmatch(r"#[0-9a-f]+", value):
        digits = value[1:]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) == 8:
            return "" if digits[6:] == "00" else "#" + digits[:6]
        return "#" + digits if len(digits) == 6 else None
    match = _FUNCTION.fullmatch(value)
    if match is None:
        return None
    parts = re.split(r"[\s,/]+", match[1].strip())
    try:
        channels = [
            min(max(round(float(part.rstrip("%")) * (2.55 if part.endswith("%") else 1)), 0), 255) for part in parts[:3]
        ]
        if len(channels) < 3:
            return None
        if len(parts) > 3 and float(parts[3].rstrip("%")) == 0:
            return ""
    except (ValueError, OverflowError):
        return None
    return "#{:02x}{:02x}{:02x}".format(*channels)


def same_colour(one: str, other: str) -> bool:
    """Whether two "#rrggbb" cannot be told apart."""
    return all(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) <= _SAME for at in (1, 3, 5))
