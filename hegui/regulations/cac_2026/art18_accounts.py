"""Article 18, cancelling an account: what the rules say of the way, the conditions and the time."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.regulations.policy_parts import app_rules, promised_limit

_CLAUSE_END = re.compile(r"[，。；！？,;!?\n]")


@check("cac-2026:18.1.1", needs=("policy",), missing=("NO_UI", "UI_UNREACHED"))
def cancelling_is_easy_by_its_own_words(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Conditions such as going to a counter, or a hotline as the only way, are a risk (R50). The way itself takes screens."""
    rules = app_rules(facts)
    if rules is None:
        return
    told = {**rules.cancellation, **({"right": rules.rights["cancel"]} if "cancel" in rules.rights else {})}
    words = " ".join(one.value for one in told.values())
    clauses = [clause for one in told.values() for clause in _CLAUSE_END.split(one.value)]
    spans = tuple(shows.sentence(rules, one.span) for one in told.values() if one.span)[:3] or (shows.whole(rules, ""),)
    if harsh := next((one for one in clauses if says("harsh", one)), ""):
        yield found(
            "risk",
            f"注销设有不便的条件：“{harsh[:60]}”",
            f'cancelling comes with a burdensome condition: "{harsh[:60]}"',
            *spans,
            basis="textual",
            missing=("NO_UI",),
        )
    if says("by_hand", words) and not says("in_app", words):
        yield found(
            "risk",
            "规则写明的注销途径只有客服、电话或邮件",
            "the only way to cancel that the rules tell is a hotline, a telephone or mail",
            *spans,
            basis="textual",
            missing=("NO_UI",),
        )


@check("cac-2026:18.1.1", needs=("decl",))
def has_no_accounts(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without accounts there is none to cancel (R50). Declared, not verified."""
    if is_read(facts.decl) and facts.decl.app.has_account is False:
        yield found(
            "not_applicable",
            "声明没有账号体系（声明，未核实）",
            "declared to have no accounts (declared, not verified)",
            Evidence("declaration", facts.decl.at, f"has_account = false; {facts.decl.signed_by}", ""),
            basis="declared",
        )


@check("cac-2026:18.2.1", needs=("policy",), missing=("NO_RECORD",))
def promises_to_cancel_in_time(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A promise longer than 15 working days cannot be kept lawfully (R52). Whether it is kept takes records."""
    rules = app_rules(facts)
    said = rules.cancellation.get("limit") if rules else None
    if rules is not None and said is not None:
        yield from promised_limit(rules, said, "risk", "注销", "cancel", "A-04")
