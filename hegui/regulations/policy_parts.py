"""What the checks on privacy rules share: whose rules they are, whether "not found" may be said, and how to say it."""

from collections.abc import Iterator

from hegui.audit import Finding, found
from hegui.audit import policy_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.policy import Policy, Stated, Topic
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.policy_text import fully_read
from hegui.facts.queries.promised import limit
from hegui.words import Words

# The rights of users that rules must tell how to exercise (R10).
RIGHTS = {
    "access": Words("查阅", "access"),
    "copy": Words("复制", "copy"),
    "transfer": Words("转移", "transfer"),
    "correct": Words("更正", "correct"),
    "supplement": Words("补充", "supplement"),
    "delete": Words("删除", "delete"),
    "restrict": Words("限制处理", "restrict"),
    "cancel": Words("注销账号", "cancel the account"),
    "withdraw": Words("撤回同意", "withdraw consent"),
}


def app_rules(facts: Facts) -> Policy | None:
    """The rules of an app; None where none were read, or where the package is an SDK and the rules its own."""
    if isinstance(facts.policy, Unread):
        return None
    if not isinstance(facts.pkg, Unread) and not is_app(facts.pkg):
        return None
    return facts.policy


# Articles 18(2) and 34(1).
_MOST_WORKDAYS = 15

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


def rights_named(keys: list[str]) -> Words:
    """These rights, listed."""
    return Words("、".join(RIGHTS[key].zh for key in keys), ", ".join(RIGHTS[key].en for key in keys))


def promised_limit(
    rules: Policy, said: Stated, verdict: Verdict, zh: str, en: str, *assumptions: str
) -> Iterator[Finding]:
    """A time limit the rules promise beside the 15 working days of the draft: `verdict` where it is longer.

    `zh` and `en` name what is promised. Thirty calendar days are more than fifteen working days outside the longest holidays.
    """
    promised = limit(said.value)
    if promised is None:
        return
    evidence = (shows.sentence(rules, said.span),) if said.span else (shows.whole(rules, said.value),)
    if promised.number > (_MOST_WORKDAYS if promised.working else 2 * _MOST_WORKDAYS - 1):
        yield found(
            verdict,
            f"规则承诺的{zh}时限为“{promised.words}”，超过 {_MOST_WORKDAYS} 个工作日",
            f'the rules promise to {en} within "{promised.words}", longer than {_MOST_WORKDAYS} working days',
            *evidence,
            basis="textual",
            assumptions=("A-01", *assumptions),
            missing=("NO_RECORD",) if verdict == "risk" else (),
        )
    else:
        yield found(
            None,
            f"规则承诺的{zh}时限为“{promised.words}”；是否按期办结，须有记录",
            f'the rules promise to {en} within "{promised.words}"; whether it is kept takes records',
            *evidence,
            basis="textual",
            missing=("NO_RECORD",),
        )
