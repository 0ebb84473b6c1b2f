"""The stage of reading one document of the rules: its bytes become text and blocks."""

from pathlib import Path

from hegui.readers.limits import Limits
from hegui.readers.sandbox import Fields, Partial, Step


def prepare() -> None:
    # Only inside functions, so that the caller, who imports this module for its list, need not pay for them.
    from hegui.readers.policy import document, docx, html, markdown, mhtml, pdf, text  # noqa: F401


def begin(path: Path, limits: Limits, read: Fields) -> Path:
    return path


def _document(path: Path) -> Fields | Partial:
    from hegui.readers.policy.document import read_document

    read = read_document(path.read_bytes())
    return Partial({"document": read}, read.reason, read.unread) if read.reason else {"document": read}


STAGES: tuple[Step, ...] = (Step("document", _document, ("document",)),)
