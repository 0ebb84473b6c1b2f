"""Where something stands in privacy rules: a place a stranger can find again, and back."""

import re

from hegui.facts.policy import Document, Policy, Span

_PLACE = re.compile(r"(?P<document>.+)@(?P<start>\d+)-(?P<end>\d+)")


def document_of(policy: Policy, name: str) -> Document | None:
    return next((one for one in policy.documents if one.name == name), None)


def place(policy: Policy, span: Span) -> str:
    """ "rules.html@120-180": characters [120, 180) of the text read from that document."""
    document = document_of(policy, span.document)
    begins = document.start if document else 0
    return f"{span.document}@{span.start - begins}-{span.end - begins}"


def at(policy: Policy, where: str) -> Span | None:
    """The span that a place names; None if it names none of these rules."""
    found = _PLACE.fullmatch(where)
    document = document_of(policy, found["document"]) if found else None
    if found is None or document is None:
        return None
    span = Span(document.name, document.start + int(found["start"]), document.start + int(found["end"]))
    return span if document.start <= span.start <= span.end <= document.end else None
