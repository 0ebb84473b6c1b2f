"""What the checks on privacy rules share: whose rules they are, whether "not found" may be said, and how to say it."""

from collections.abc import Iterator

from hegui.audit import Finding, found
from hegui.audit import policy_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.policy import Policy
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.policy_text import fully_read


def app_rules(facts: Facts) -> Policy | None:
    """The rules of an app; None where none were read, or where the package is an SDK and the rules its own."""
    if isinstance(facts.policy, Unread):
        return None
    if not isinstance(facts.pkg, Unread) and not is_app(facts.pkg):
        return None
    return facts.policy


def absent(facts: Facts, rules: Policy, zh: str, en: str) -> Iterator[Finding]:
    """The rules do not say something they must: a violation where they were read whole, else only not found so far."""
    if fully_read(facts):
        yield found(
            "violation", zh, en, shows.whole(rules, f"全文 {len(rules.text)} 字，未见上述内容"), basis="textual"
        )
    else:
        yield found(
            "undetermined",
            f"{zh}（但规则文本未能读完）",
            f"{en} (but the rules could not be read to the end)",
            shows.whole(rules, f"{len(rules.text)} 字"),
            basis="textual",
            missing=("NO_POLICY",),
        )


def types_zh(codes: tuple[str, ...]) -> str:
    return "、".join(dict.fromkeys(pi_type(one).zh for one in codes))


def types_en(codes: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(pi_type(one).en for one in codes))
