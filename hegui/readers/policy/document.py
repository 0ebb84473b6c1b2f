"""One file of the rules: what kind it is, and its reader."""

from dataclasses import replace

from hegui.readers.errors import LimitReached, NotSupported
from hegui.readers.limits import MIB
from hegui.readers.policy.build import Builder, DocumentText
from hegui.readers.policy.decode import Decoded, decode
from hegui.readers.policy.sniff import DOCX, MHTML, PDF, PICTURE, kind_of_bytes, kind_of_text

# A page of rules with all its pictures inside is a tenth of this.
MOST_MIB = 64
# Of a hundred characters, this many broken ones are damage worth telling.
_BROKEN_SHARE = 0.002


def read_document(data: bytes) -> DocumentText:
    """Read a file of the rules, of whatever kind. Raises ReadError when it is of a kind that is not read, or broken."""
    if len(data) > MOST_MIB * MIB:
        raise LimitReached(
            f"大于 {MOST_MIB} MiB，不像隐私政策；请核实文件",
            f"larger than {MOST_MIB} MiB, no privacy rules; check the file",
        )
    kind = kind_of_bytes(data)
    # Each reader is imported when there is something for it: together they cost more than reading a page.
    if kind == PDF:
        from hegui.readers.policy.pdf import read_pdf

        return read_pdf(data)
    if kind == DOCX:
        from hegui.readers.policy.docx import read_docx

        return read_docx(data)
    if kind == PICTURE:
        return Builder().finish("picture", styled=False, reason="POLICY_IMAGE_ONLY", unread="the file is a picture")
    if kind == MHTML:
        from hegui.readers.policy.mhtml import read_mhtml

        return read_mhtml(data)
    return _read_decoded(decode(data))


def _read_decoded(decoded: Decoded) -> DocumentText:
    from hegui.readers.policy.html import read_html
    from hegui.readers.policy.markdown import read_markdown
    from hegui.readers.policy.text import read_text

    if not decoded.is_text:
        raise NotSupported(
            "不是可识别的文本；请给出 HTML、DOCX、PDF、Markdown 或文本文件",
            "no text that is known; give HTML, DOCX, PDF, Markdown or plain text",
        )
    readers = {"html": read_html, "markdown": read_markdown, "text": read_text}
    read = readers[kind_of_text(decoded.text)](decoded.text)
    if read.reason:
        return read
    if not read.text:
        return replace(read, reason="NO_POLICY", unread="the file holds no text")
    if decoded.broken > _BROKEN_SHARE * len(decoded.text):
        return replace(read, reason="MALFORMED", unread=f"{decoded.broken} characters are damaged ({decoded.encoding})")
    return read
