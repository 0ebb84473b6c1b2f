"""The text of a log, in whatever encoding each line is (编码)."""

from hegui.readers.errors import LimitReached


def lines(data: bytes, name: str, most_bytes: int) -> tuple[list[str], int]:
    """The lines without their ends, and how many held bytes of no encoding tried (they show U+FFFD there).

    UTF-8 and GB 18030 may alternate from line to line, as happens when one console feeds another. Raises LimitReached.
    """
    if len(data) > most_bytes:
        raise LimitReached(
            f"{name}：超过 {most_bytes} 字节的上限；请截取要审查的时段，或转成 hegui 日志（JSONL）",
            f"{name}: more than {most_bytes} bytes; cut out the time in question, or convert it to a hegui log",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace").replace("\r\n", "\n").replace("\r", "\n")
        split = text.rstrip("\n").split("\n") if text else []
        return split, sum("\ufffd" in line for line in split)
    found, damaged = [], 0
    for raw in data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            try:
                line = raw.decode("gb18030")
            except UnicodeDecodeError:
                line = raw.decode("utf-8", "replace")
                damaged += 1
        found.append(line)
    while found and not found[-1]:
        found.pop()
    return found, damaged
