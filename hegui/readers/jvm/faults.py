"""How a class file's faults are told."""

from hegui.readers.errors import Malformed

_MOST_NAME = 200


def malformed(file: str, at: int, zh: str, en: str) -> Malformed:
    """`at` counts bytes from the start of the class file; the texts say what was expected there."""
    file = shown(file)
    return Malformed(
        f"{file} 偏移 0x{at:x}：{zh}；文件已损坏或被篡改，请重新获取",
        f"{file} at 0x{at:x}: {en}; the file is damaged or tampered with, get it again",
    )


def shown(name: str) -> str:
    """A name for a message of one line: a hostile one may be long, or hold line ends and terminal commands."""
    return name if len(name) <= _MOST_NAME and name.isprintable() else ascii(name[:_MOST_NAME])
