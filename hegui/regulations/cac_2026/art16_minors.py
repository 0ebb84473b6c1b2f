"""Article 16(2), children under 14: rules of their own."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import screen_evidence as shows
from hegui.audit.verdict import Basis, Verdict
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.policy import Policy
from hegui.facts.queries.policy_text import fully_read, list_elsewhere
from hegui.facts.screens import Screen, Sign
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.screen_parts import app_screens, showing, target


@check("cac-2026:16.2.1", needs=("policy",), missing=("NO_DECL", "AGE_UNKNOWN", "NO_POLICY", "HUMAN_PENDING"))
def has_rules_of_their_own_for_children(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A document for children, a paragraph, or silence (R46); silence is a breach where the app shows that it serves them."""
    rules = app_rules(facts)
    if rules is None:
        return
    own = next((one for one in rules.documents if one.kind == "children"), None)
    elsewhere = list_elsewhere(rules, "children")
    paragraph = next((one.span for one in rules.minor.values() if one.span), None)
    if own:
        yield _found(
            "compliant",
            f"备有专门的儿童个人信息规则《{own.title or own.name}》",
            f'there are rules of their own for children: "{own.title or own.name}"',
            said.whole(rules, f"{own.name}: {own.title}"),
        )
    elif elsewhere:
        yield _found(
            "undetermined",
            "规则指向专门的儿童规则，该文件未提供",
            "the rules point to rules of their own for children, which were not given",
            said.sentence(rules, elsewhere),
            missing=("NO_POLICY",),
        )
    elif because := _serves(facts):
        yield _without(facts, rules, said.sentence(rules, paragraph) if paragraph else None, because)
    elif paragraph and is_read(facts.decl) and facts.decl.app.serves_children is False:
        yield _found(
            "undetermined",
            "规则写明不面向未满 14 岁者并说明发现后的处理，声明亦同；实际是否如此须人工确认",
            "rules and declaration say the app is not for children under 14; that this is so takes a person",
            said.sentence(rules, paragraph),
            basis="declared",
            missing=("HUMAN_PENDING", "AGE_UNKNOWN"),
        )
    else:
        yield _found(
            "risk",
            "未成年人内容只是规则中的一段，没有专门规则；如向未满 14 岁者提供服务，须另订"
            if paragraph
            else "规则没有关于未满 14 岁者的内容；如可能向其提供服务，须另订专门规则",
            "minors are a paragraph of the rules only; an app that serves children under 14 needs rules of their own"
            if paragraph
            else "the rules say nothing of children under 14; an app that may serve them needs rules of their own",
            said.sentence(rules, paragraph) if paragraph else said.whole(rules, _NOTHING),
            missing=("NO_DECL", "AGE_UNKNOWN"),
        )


_NOTHING = "未见“未成年人”或“儿童”内容"


def _without(facts: Facts, rules: Policy, paragraph: Evidence | None, because: list[Evidence]) -> Finding:
    """The app shows that it serves children under 14, and has no rules of their own for them."""
    whole = fully_read(facts)
    return _found(
        "risk" if paragraph else "violation" if whole else "undetermined",
        "应用会收集未满 14 岁者的信息，规则里只有一段相关内容，没有专门规则"
        if paragraph
        else "应用会收集未满 14 岁者的信息，没有专门规则" + ("" if whole else "（但规则文本未能读完）"),
        "the app collects from children under 14, and the rules have a paragraph on them but there are none of their own"
        if paragraph
        else "the app collects from children under 14 and has no rules of their own"
        + ("" if whole else " (but the rules could not be read to the end)"),
        paragraph or said.whole(rules, _NOTHING),
        *because,
        missing=() if paragraph or whole else ("NO_POLICY",),
    )


def _found(
    verdict: Verdict, zh: str, en: str, *evidence: Evidence, basis: Basis = "textual", missing: tuple[str, ...] = ()
) -> Finding:
    return found(verdict, zh, en, *evidence, basis=basis, missing=missing, assumptions=("A-32",))


def _serves(facts: Facts) -> list[Evidence]:
    """What shows that the app collects from children under 14: that it says so, or a step for them or their guardian.

    A line that asks children to fetch their guardian is no step, and a mode for the young takes nothing from them. A birthday
    is asked for by many apps that serve adults; the line at 14 is drawn for children.
    """
    declared: list[Evidence] = []
    if is_read(facts.decl) and facts.decl.app.serves_children:
        declared.append(Evidence("declaration", facts.decl.at, f"serves_children = true; {facts.decl.signed_by}", ""))
    screens = [one for one in app_screens(facts) if not _is_mode(one)]
    guardians = [one for one in showing(screens, "guardian") if _acts(*one) or _is_form(one[0])]
    ages = [
        (one, sign)
        for one, sign in showing(screens, "age_gate")
        if says("under_14", sign.text) and _acts(one, sign) and not _turns_away(one)
    ]
    return [*declared, *(shows.sign(facts, *one) for one in (*guardians[:2], *ages[:2]))]


def _acts(screen: Screen, sign: Sign) -> bool:
    """Whether it is something to tick or to act on."""
    node = target(screen, sign)
    return sign.checked is not None or (node is not None and (node.clickable or node.checkable))


def _is_form(screen: Screen) -> bool:
    """Whether something is to be filled in there, other than to log in."""
    return not screen.of("login") and any(one.visible and one.editable for one in screen.nodes)


def _is_mode(screen: Screen) -> bool:
    return any(one.visible and says("minor_mode", one.text) for one in screen.nodes)


def _turns_away(screen: Screen) -> bool:
    return any(one.visible and says("refuses_children", one.text) for one in screen.nodes)
