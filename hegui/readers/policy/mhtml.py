"""Rules as a page saved in one file (.mht, .mhtml): a MIME message with the page and what belongs to it (RFC 2557)."""

import email
from email.message import Message

from hegui.readers.errors import Malformed
from hegui.readers.policy.build import DocumentText
from hegui.readers.policy.decode import decode
from hegui.readers.policy.html import read_html


def read_mhtml(data: bytes) -> DocumentText:
    """Read the first page of the archive, with all style sheets of it. Raises Malformed if it holds none."""
    parts = [part for part in email.message_from_bytes(data).walk() if not part.is_multipart()]
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    if page is None:
        raise Malformed(
            "网页归档中没有网页；请在浏览器中重新保存", "a web archive without a page; save it again from the browser"
        )
    return read_html(_text(page), "\n".join(_text(part) for part in parts if part.get_content_type() == "text/css"))


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decode(content, part.get_content_charset() or "").text if isinstance(content, bytes) else ""
