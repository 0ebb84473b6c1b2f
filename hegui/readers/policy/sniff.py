"""What kind of file the rules came in, told by its content: names and endings are often wrong."""

import json
import re

from hegui.readers.errors import NotSupported
from hegui.words import Words

PDF, DOCX, MHTML, PICTURE, TEXT = "pdf", "docx", "mhtml", "picture", "text"

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_BOXED_PICTURES = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
_AS_HTML = Words("请在浏览器中另存为 HTML 或 PDF", "save it as HTML or PDF from the browser")
_AS_DOCX = Words("请另存为 DOCX 或 PDF", "save it as DOCX or PDF")
_OLD_OFFICE = Words("旧版 Office 文件（.doc）或加密的 DOCX", "an old Office file (.doc) or an encrypted DOCX")
_OTHERS = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Words("旧版 Office 文件（.doc）或加密的 DOCX", "an old Office file (.doc) or an encrypted DOCX"),
        _AS_DOCX,
    ),
    (b"{\\rtf", Words("RTF 文件", "an RTF file"), _AS_DOCX),
    (b"bplist00", Words("Safari 网页归档", "a Safari web archive"), _AS_HTML),
)

_HEADERS = re.compile(rb"\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,20}", re.A)
_MULTIPART = re.compile(rb"^content-type:\s*(?:multipart/related|text/html)", re.I | re.M)

_STARTS_AS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|p|h[1-6]|table|section|article|style|script)\b",
    re.I | re.S,
)
_TAG = re.compile(r"</(?:p|div|span|table|td|li|h[1-6]|body|html)\s*>|<br\s*/?>", re.I)
_MARKDOWN = re.compile(
    r"^(?:#{1,6} \S|\|?\s*:?-{3,}:?\s*\|)|\*\*[^*\n]+\*\*|\[[^\[\]\n]{1,2000}\]\([^()\n]{1,2000}\)", re.M
)


def kind_of_bytes(data: bytes) -> str:
    """pdf, docx, mhtml, picture, or text of some sort. Raises NotSupported for what is known to be something else."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return DOCX
    if data.startswith(_PICTURES) or data[4:12] in _BOXED_PICTURES or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return PICTURE
    for magic, what, advice in _OTHERS:
        if data.startswith(magic):
            raise NotSupported(f"是{what.zh}，不能读取；{advice.zh}", f"{what.en}, which is not read; {advice.en}")
    head = _HEADERS.match(data[:8192])
    if head and _MULTIPART.search(head[0]) and b"mime-version:" in head[0].lower():
        return MHTML
    return TEXT


def kind_of_text(text: str) -> str:
    """html, markdown or text. Raises NotSupported for JSON."""
    if _STARTS_AS_HTML.match(text[:8192]) or len(_TAG.findall(text[:200_000])) >= 3:
        return "html"
    if text[:1] in ("{", "[") and _is_json(text):
        raise NotSupported(f"是 JSON 数据，不是文本；{_AS_HTML.zh}", f"JSON data, not text; {_AS_HTML.en}")
    return "markdown" if len(_MARKDOWN.findall(text)) >= 2 else "text"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
