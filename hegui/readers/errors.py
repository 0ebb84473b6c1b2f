"""ReadError: an input that cannot be read.

ReadError             the root; also used alone for a file that cannot be opened
├── NotSupported      a whole file of a kind that no reader here takes: an .ipa, a web page
├── Malformed         a structure that is not as its format says, at a place the message names
└── LimitReached      larger, or longer to read, than the limits allow
"""

from hegui.errors import HeguiError

# An error of a library may quote the whole input, with the line breaks in it.
_LONGEST_SAID = 200


class ReadError(HeguiError):
    """An input that cannot be read. `code` is the stage's reason in facts.json."""

    code = "UNREADABLE"


class NotSupported(ReadError):
    code = "NOT_SUPPORTED"


class Malformed(ReadError):
    code = "MALFORMED"


class LimitReached(ReadError):
    code = "LIMIT_REACHED"


def one_line(error: object) -> str:
    """What an error of a library says, as a part of one clear line."""
    text = " ".join(str(error)[: 4 * _LONGEST_SAID].split())
    return text if len(text) <= _LONGEST_SAID else text[: _LONGEST_SAID - 1] + "…"
