"""Messages between caller and child: a length, then JSON. Never a pickle, for what a child says is not trusted."""

import json
import os
import re
import struct
from dataclasses import fields, is_dataclass

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
    text = json.dumps(message, ensure_ascii=False, default=_plain)
    # Half a surrogate pair, as damaged string pools hold, has no UTF-8 form.
    body = _SURROGATES.sub("\ufffd", text).encode()
    view = memoryview(LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def _plain(value: object) -> Fields:
    if is_dataclass(value):
        return {part.name: getattr(value, part.name) for part in fields(value)}
    raise TypeError(f"{type(value).__name__} is not JSON")
