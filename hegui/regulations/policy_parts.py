"""What the checks on privacy rules share: whose rules they are, whether "not found" may be said, and how to say it."""

from collections.abc import Iterator

from hegui.audit import Finding, found
from hegui.audit import policy_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.policy import Policy, Topic
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.policy_text import fully_read


def app_rules(facts: Facts) -> Policy | None:
    """The rules of an app; None where none were read, or where the package is an SDK and the rules its own."""
    if isinstance(facts.policy, Unread):
        return None
    if not isinstance(facts.pkg, Unread) and not is_app(facts.pkg):
        return None
    return facts.policy


# How sure a passage must be of a topic to count as speaking of it.
_SURE = 0.8


def absent(facts: Facts, rules: Policy, zh: str, en: str, topic: Topic | None = None) -> Iterator[Finding]:
    """The rules do not say something they must: a violation where they were read whole.

    Where passages are about the topic and yet no statement was found in them, a person must look before anybody is accused;
    and where the rules were not read to their end, it was only not found so far.
    """
    about = [one for one in rules.passages if one.topic == topic and one.conf >= _SURE]
    if not fully_read(facts):
        yield found(
            "undetermined",
            f"{zh}（但规则文本未能读完）",
            f"{en} (but the rules could not be read to the end)",
            shows.whole(rules, f"{len(rules.text)} 字"),
            basis="textual",
            missing=("NO_POLICY",),
        )
    elif about:
        best = sorted(about, key=lambda one: -one.conf)[:3]
        yield found(
            "risk",
            f"{zh}：有 {len(about)} 处谈到这一主题，但未能从中读出，请人工核对",
            f"{en}: {len(about)} passages speak of it, but it could not be read from them; a person must look",
            *(shows.sentence(rules, one.span) for one in best),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    else:
        yield found(
            "violation", zh, en, shows.whole(rules, f"全文 {len(rules.text)} 字，未见上述内容"), basis="textual"
        )


def types_zh(codes: tuple[str, ...]) -> str:
    return "、".join(dict.fromkeys(pi_type(one).zh for one in codes))


def types_en(codes: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(pi_type(one).en for one in codes))
