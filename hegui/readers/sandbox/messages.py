"""Messages between caller and child: a length, then JSON. Never a pickle, for what a child says is not trusted."""

import json
import os
import re
import struct
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from hegui.readers.sandbox.stages import Fields

LENGTH = struct.Struct("<I")
EXIT = struct.Struct("<i")
_SURROGATES = re.compile("[\ud800-\udfff]")


def receive(fd: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(fd, size - len(parts))
        if not part:
            os._exit(0)
        parts += part
    return bytes(parts)


def tell(fd: int, message: Fields) -> None:
    text = json.dumps(message, ensure_ascii=False, check_circular=False, default=_plain)
    try:
        body = text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, as damaged string pools hold, has no UTF-8 form.
        body = _SURROGATES.sub("\ufffd", text).encode()
    view = memoryview(LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def _plain(value: object) -> Fields:
    kind: Any = type(value)
    if is_dataclass(value):
        return {name: getattr(value, name) for name in _names(kind)}
    raise TypeError(f"{type(value).__name__} is not JSON")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a record. An answer holds thousands of a few kinds."""
    return tuple(part.name for part in fields(kind))
