"""Article 16(2), children under 14: rules of their own."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.queries.policy_text import list_elsewhere
from hegui.regulations.policy_parts import app_rules


@check("cac-2026:16.2.1", needs=("policy",), missing=("NO_DECL", "AGE_UNKNOWN", "NO_POLICY", "HUMAN_PENDING"))
def has_rules_of_their_own_for_children(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A document for children, a paragraph, or silence (R46). Whether the app serves children takes a declaration."""
    rules = app_rules(facts)
    if rules is None:
        return
    own = next((one for one in rules.documents if one.kind == "children"), None)
    elsewhere = list_elsewhere(rules, "children")
    said = next((one.span for one in rules.minor.values() if one.span), None)
    if own:
        yield found(
            "compliant",
            f"备有专门的儿童个人信息规则《{own.title or own.name}》",
            f'there are rules of their own for children: "{own.title or own.name}"',
            shows.whole(rules, f"{own.name}: {own.title}"),
            basis="textual",
            assumptions=("A-32",),
        )
    elif elsewhere:
        yield found(
            "undetermined",
            "规则指向专门的儿童规则，该文件未提供",
            "the rules point to rules of their own for children, which were not given",
            shows.sentence(rules, elsewhere),
            basis="textual",
            missing=("NO_POLICY",),
            assumptions=("A-32",),
        )
    elif said and is_read(facts.decl) and facts.decl.app.serves_children is False:
        yield found(
            "undetermined",
            "规则写明不面向未满 14 岁者并说明发现后的处理，声明亦同；实际是否如此须人工确认",
            "rules and declaration say the app is not for children under 14; that this is so takes a person",
            shows.sentence(rules, said),
            basis="declared",
            missing=("HUMAN_PENDING", "AGE_UNKNOWN"),
            assumptions=("A-32",),
        )
    else:
        yield found(
            "risk",
            "未成年人内容只是规则中的一段，没有专门规则；如向未满 14 岁者提供服务，须另订"
            if said
            else "规则没有关于未满 14 岁者的内容；如可能向其提供服务，须另订专门规则",
            "minors are a paragraph of the rules only; an app that serves children under 14 needs rules of their own"
            if said
            else "the rules say nothing of children under 14; an app that may serve them needs rules of their own",
            *((shows.sentence(rules, said),) if said else (shows.whole(rules, "未见“未成年人”或“儿童”内容"),)),
            basis="textual",
            missing=("NO_DECL", "AGE_UNKNOWN"),
            assumptions=("A-32",),
        )
