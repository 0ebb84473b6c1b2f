"""Evidence from privacy rules, written the same way by every check."""

from hegui.audit.finding import Evidence
from hegui.facts.policy import Policy, Span
from hegui.facts.queries.policy_places import document_of, place

# A sentence is shown whole; a longer passage is cut and says so.
_LONGEST = 300


def sentence(policy: Policy, span: Span) -> Evidence:
    """The words at a span, and where they stand: document@start-end, counted in characters of that document."""
    words = policy.said(span)
    shown = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
    return Evidence("policy_text", place(policy, span), shown, _sha256(policy, span.document))


def whole(policy: Policy, excerpt: str) -> Evidence:
    """Something about the rules as a whole, such as what they do not hold."""
    first = policy.documents[0].name if policy.documents else "policy"
    names = " + ".join(one.name for one in policy.documents) or first
    return Evidence("policy_text", names, excerpt, _sha256(policy, first))


def _sha256(policy: Policy, name: str) -> str:
    document = document_of(policy, name)
    return document.sha256 if document else ""
