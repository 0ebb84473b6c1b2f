"""Article 7, contents of the rules: who, how long, which rights, in plain words and with the key content marked."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import package_evidence as package
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts, Unread, is_read
from hegui.facts.policy import Policy, Span
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.policy_text import emphasis, plainness
from hegui.regulations.policy_parts import RIGHTS, absent, app_rules, rights_named, types_en, types_zh
from hegui.regulations.reads import reads

# Rules shorter than this are a notice that points at rules (R01).
_SHORTEST = 500
_COLLECT_OR_USE = re.compile(r"收集|使用|处理|collect|process", re.IGNORECASE)

# Limits of R02 and R11 that are no knob: an average sentence, and the share of types bound to a function.
_LONG_SENTENCE = 60
_ITEMISED = 0.9
_MOST_EMPHASIS = 0.6


@check("cac-2026:7.1.0.1", "app-2021:6.0.1", needs=("policy",), missing=("NO_UI", "LINK_NOT_FETCHED"))
def is_the_rules_of_this_app(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The text given is rules, of this app, in Chinese (R01). That users can reach it without login takes screens."""
    rules = app_rules(facts)
    if rules is None:
        return
    first = shows.whole(rules, rules.text[:200])
    if len(rules.text) < _SHORTEST or not _COLLECT_OR_USE.search(rules.text):
        yield found(
            "risk",
            f"所给文本只有 {len(rules.text)} 字或没有收集使用的内容，不像完整的收集使用规则",
            f"the text given has {len(rules.text)} characters or says nothing of collecting: it does not look like rules",
            first,
            basis="textual",
            missing=("NO_UI", "LINK_NOT_FETCHED"),
        )
    if rules.lang != "zh":
        yield found(
            "risk", "规则没有中文文本", "the rules are not in Chinese", first, basis="textual", missing=("NO_UI",)
        )
    names = _names_of(facts)
    if names and not any(name in rules.text for name in names):
        yield found(
            "risk",
            f"规则全文没有出现本应用或其运营者的名称（{'、'.join(names)}），可能是别的产品的规则",
            f"the rules never name this app or its operator ({', '.join(names)}): they may be another product's",
            first,
            basis="textual",
            missing=("NO_UI", "LINK_NOT_FETCHED"),
        )


def _names_of(facts: Facts) -> tuple[str, ...]:
    """What the app and its operator are called, as far as package and declaration say."""
    named = []
    if is_read(facts.pkg):
        label = facts.pkg.label
        named += [label if is_read(label) else None, facts.pkg.name]
    if is_read(facts.decl):
        named.append(facts.decl.app.operator)
    return tuple(one for one in named if one)


@check("cac-2026:7.1.0.1", "app-2021:6.0.1", needs=("pkg.callsites", "pkg.permissions"))
def needs_no_rules(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An app that by its structure reads no personal information needs no rules (R01)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.permissions, Unread) or code.hidden_by(pkg):
        return
    network = any(one.name == held.ANDROID + "INTERNET" for one in pkg.permissions)
    if not reads(pkg) and not network and not held.grantable(pkg):
        yield found(
            "not_applicable",
            "未发现个人信息：代码完整可读，没有读取个人信息的接口调用，未申请需授权的权限和网络权限",
            "no personal information found: the code was read whole, calls nothing that reads it, and there is neither a "
            "permission a user grants nor a network permission",
            package.manifest(pkg, "no INTERNET, no dangerous permission, no call of a catalogued API"),
        )


@check("cac-2026:7.1.0.2", "app-2021:6.0.1", needs=("policy",), missing=("NO_TRACE", "HUMAN_PENDING"))
def is_plain_and_itemised(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Vague words, long sentences, and types bound to no function make rules hard to hold anybody to (R02, limbs 3, 4)."""
    rules = app_rules(facts)
    if rules is None:
        return
    measured = plainness(rules)
    limit = asked.number("policy.vague_ratio")
    if measured.vague_ratio > limit:
        yield found(
            "risk",
            f"模糊用语 {len(measured.vague)} 处，占 {measured.vague_ratio:.1%}，高于 {limit:.1%}",
            f"{len(measured.vague)} vague expressions, {measured.vague_ratio:.1%} of the words, above {limit:.1%}",
            *(shows.sentence(rules, span) for span in measured.vague[:5]),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    if measured.mean_length > _LONG_SENTENCE:
        yield found(
            "risk",
            f"平均每句 {measured.mean_length:.0f} 字，超过 {_LONG_SENTENCE} 字",
            f"{measured.mean_length:.0f} characters a sentence on average, more than {_LONG_SENTENCE}",
            shows.whole(rules, f"{measured.sentences} 句"),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    stated = {one.type for one in rules.types if one.actor == "app"}
    bound = {one.type for one in rules.types if one.actor == "app" and one.function}
    bound |= {kind for function in rules.functions for kind in function.types}
    loose = tuple(sorted(stated - bound))
    if stated and len(loose) / len(stated) > 1 - _ITEMISED:
        first = {one.type: one.span for one in reversed(rules.types) if one.span}
        yield found(
            "risk",
            f"规则所列 {len(stated)} 种个人信息中有 {len(loose)} 种没有对应到功能：{types_zh(loose)}",
            f"of {len(stated)} types named, {len(loose)} are bound to no function: {types_en(loose)}",
            *(shows.sentence(rules, first[kind]) for kind in loose[:5] if kind in first),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )


@check("cac-2026:7.1.1", "app-2021:6.1.2", needs=("policy",), missing=("NO_RECORD", "NO_POLICY"))
def names_the_operator_and_a_contact(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The rules name the operator and a way to reach it (R03). Whether it answers takes a recorded test."""
    rules = app_rules(facts)
    if rules is None:
        return
    operator = rules.operator
    if not operator.name:
        yield from absent(facts, rules, "规则没有写明运营者名称", "the rules do not name the operator")
    if not operator.contacts:
        yield from absent(facts, rules, "规则没有写明联系方式", "the rules give no contact", "contact")
    declared = facts.decl.app.operator if is_read(facts.decl) else None
    if operator.name and declared and _normal(declared) != _normal(operator.name):
        yield found(
            "risk",
            f"规则所写运营者“{operator.name}”与声明的“{declared}”不一致",
            f'the rules name "{operator.name}" as operator, the declaration "{declared}"',
            *_at(rules, operator.span),
            basis="textual",
        )
    if operator.name and operator.contacts:
        contacts = "、".join(one.value for one in operator.contacts[:4])
        yield found(
            "compliant",
            f"写明运营者“{operator.name}”及联系方式：{contacts}（是否有人应答，须有联系测试记录）",
            f'names the operator "{operator.name}" and how to reach it: {contacts} (that somebody answers takes a test)',
            *_at(rules, operator.span),
            *_at(rules, operator.contacts[0].span),
            basis="textual",
        )


def _at(rules: Policy, span: Span | None) -> tuple[Evidence, ...]:
    return (shows.sentence(rules, span),) if span else (shows.whole(rules, ""),)


def _normal(name: str) -> str:
    """A company name without what is written one way here and another way there: brackets, spaces, its legal form."""
    return re.sub(r"[\s()（）·.,，。]|有限责任公司|股份有限公司|有限公司|公司$", "", name).lower()


@check("cac-2026:7.1.4", "app-2021:6.1.2", needs=("policy",), missing=("NO_POLICY",))
def states_how_long_and_what_then(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A period, or how it is determined, and what happens at its end (R09)."""
    rules = app_rules(facts)
    if rules is None:
        return
    kept = rules.retention
    if not kept:
        yield from absent(
            facts, rules, "规则没有写明保存期限或其确定方法", "the rules state no retention period or method", "storage"
        )
        return
    evidence = tuple(shows.sentence(rules, one.span) for one in kept if one.span) or (shows.whole(rules, ""),)
    telling = [one for one in kept if one.period or (one.method and not _only_shortest(one.method))]
    ends = [one for one in kept if one.expiry]
    # The 2021 draft asks for the period alone (its article 6); the end of it is asked by the later text.
    if not ends and asked.duty.id == "cac-2026:7.1.4":
        yield from absent(
            facts, rules, "规则没有写明保存期满后如何处理", "the rules do not say what happens when the period ends"
        )
    if not telling:
        yield found(
            "risk",
            "规则只重复“实现目的所必需的最短时间”，没有具体期限，也没有说明如何确定",
            "the rules only repeat “the shortest time necessary”: no period, and no way to determine one",
            *evidence[:3],
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    elif ends or asked.duty.id != "cac-2026:7.1.4":
        yield found(
            "compliant",
            f"写明保存期限或确定方法（{len(telling)} 处）{'及到期处理' if ends else ''}",
            f"states the period or how it is determined ({len(telling)} places){' and what follows' if ends else ''}",
            *evidence[:5],
            basis="textual",
        )


def _only_shortest(words: str) -> bool:
    return re.search(r"最短|必要|所需|必需|necessary|shortest", words) is not None and not re.search(
        r"法|诉讼|时效|类型|规模|敏感|law|limitation|\d", words
    )


@check("cac-2026:7.1.5", needs=("policy",), missing=("NO_UI", "NO_POLICY"))
def says_how_each_right_is_exercised(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Nine rights, each with a path, a contact or a form (R10)."""
    rules = app_rules(facts)
    if rules is None:
        return
    account = facts.decl.app.has_account if is_read(facts.decl) else None
    wanted = {key: name for key, name in RIGHTS.items() if key != "cancel" or account is not False}
    gone = [key for key in wanted if key not in rules.rights]
    named = [key for key in wanted if key in rules.rights and not rules.rights[key].value]
    if gone:
        some = rights_named(gone)
        yield from absent(
            facts, rules, f"规则没有写明如何行使：{some.zh}", f"the rules do not say how to exercise: {some.en}"
        )
    if named:
        some = rights_named(named)
        yield found(
            "risk",
            f"只提到这些权利，没有写明途径：{some.zh}",
            f"these rights are named, but no way to exercise them: {some.en}",
            *(shows.sentence(rules, span) for key in named[:5] if (span := rules.rights[key].span)),
            shows.whole(rules, ""),
            basis="textual",
        )
    if not gone and not named:
        yield found(
            "compliant",
            f"{len(wanted)} 项权利均写明行使途径（途径在应用内是否存在，须看界面）",
            f"all {len(wanted)} rights come with a way to exercise them (whether it exists in the app takes screens)",
            *(shows.sentence(rules, span) for key in wanted if (span := rules.rights[key].span)),
            shows.whole(rules, ""),
            basis="textual",
        )


@check("cac-2026:7.2", needs=("policy",), missing=("POLICY_NO_STYLE",))
def marks_its_key_content(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Sensitive information, permissions, SDKs, retention and rights stand out by bold, size or colour (R11)."""
    rules = app_rules(facts)
    if rules is None:
        return
    if not rules.styled:
        yield found(
            "undetermined",
            "所给文本不带样式，看不出重点内容是否醒目",
            "the text given carries no style, so it cannot be seen what stands out",
            shows.whole(rules, rules.documents[0].form if rules.documents else ""),
            basis="textual",
            missing=("POLICY_NO_STYLE",),
        )
        return
    seen = emphasis(rules)
    if not seen.spans:
        yield from absent(
            facts, rules, "除标题外全文没有加粗、放大或变色的内容", "nothing but headings is bold, larger or coloured"
        )
        return
    plain = [name for name, spans in _key_content(rules).items() if spans and not _any_marked(rules, spans, seen.spans)]
    if plain:
        yield found(
            "risk",
            f"这些重点内容没有醒目标示：{'、'.join(plain)}",
            f"key content that does not stand out: {', '.join(_KEY[name] for name in plain)}",
            *(shows.sentence(rules, _key_content(rules)[name][0]) for name in plain),
            basis="textual",
            assumptions=("A-22",),
        )
    if seen.share > _MOST_EMPHASIS:
        yield found(
            "risk",
            f"全文 {seen.share:.0%} 都作了醒目标示，等于没有重点",
            f"{seen.share:.0%} of the text is marked, so nothing stands out",
            shows.sentence(rules, seen.spans[0]),
            basis="textual",
            assumptions=("A-22",),
        )
    if not plain and seen.share <= _MOST_EMPHASIS:
        yield found(
            "compliant",
            f"重点内容均有醒目标示（{len(seen.spans)} 处，占正文 {seen.share:.0%}）",
            f"key content stands out ({len(seen.spans)} places, {seen.share:.0%} of the text)",
            *(shows.sentence(rules, span) for span in seen.spans[:5]),
            basis="textual",
            assumptions=("A-22",),
        )


_KEY = {
    "敏感个人信息": "sensitive information",
    "权限": "permissions",
    "SDK": "SDKs",
    "保存期限": "retention",
    "用户权利": "rights",
}


def _key_content(rules: Policy) -> dict[str, list[Span]]:
    places = {
        "敏感个人信息": [one.span for one in rules.types if one.sensitive],
        "权限": [one.span for one in rules.permissions],
        "SDK": [one.span for one in rules.sdks],
        "保存期限": [one.span for one in rules.retention],
        "用户权利": [one.span for one in rules.rights.values()],
    }
    return {name: [span for span in spans if span] for name, spans in places.items()}


def _any_marked(rules: Policy, spans: list[Span], marked: tuple[Span, ...]) -> bool:
    """Whether something stands out in a block that one of these spans touches."""
    blocks = [
        part
        for block in rules.blocks
        for part in block.spans
        if any(part.start < span.end and span.start < part.end for span in spans)
    ]
    return any(part.start < one.end and one.start < part.end for part in (blocks or spans) for one in marked)
