"""ReadError: an input that cannot be read.

ReadError             the root; also used alone for a file that cannot be opened
├── NotSupported      a whole file of a kind that no reader here takes: an .ipa, a web page
├── Malformed         a structure that is not as its format says, at a place the message names
└── LimitReached      larger, or longer to read, than the limits allow
"""

from hegui.errors import HeguiError


class ReadError(HeguiError):
    """An input that cannot be read. `code` is the stage's reason in facts.json."""

    code = "UNREADABLE"


class NotSupported(ReadError):
    code = "NOT_SUPPORTED"


class Malformed(ReadError):
    code = "MALFORMED"


class LimitReached(ReadError):
    code = "LIMIT_REACHED"
