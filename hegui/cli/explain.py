"""`hegui explain DUTY`: what a duty demands, what settles it, what would violate it and comply, and what is open."""

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from hegui.cli.law import say
from hegui.words import Language, Words

if TYPE_CHECKING:
    from hegui.law.duty import Duty, Threshold
    from hegui.law.knobs import Knob
    from hegui.law.layer import Law
    from hegui.law.rules import Ambiguity, Rule

_MODALITIES = {
    "must": Words("必须做", "must"),
    "must_not": Words("不得做", "must not"),
    "encouraged": Words("鼓励", "encouraged"),
    "right": Words("权利或职权", "right or power"),
}
_SOURCES = {"draft": Words("草案原文", "in the draft"), "engine_default": Words("本工具默认", "our default")}
# How an input of each kind of evidence is given to `hegui audit`.
_OPTIONS = {
    "package_static": "hegui audit PACKAGE",
    "policy_text": "--policy",
    "runtime_trace": "--trace",
    "ui_dump": "--screens",
    "network_capture": "--traffic",
    "declaration": "--declare",
}


def explain(duty_id: str, language: Language = "zh") -> None:
    """Print all that is known of one duty. Raises LawError with the nearest ids when there is none of that name."""
    from hegui.law.errors import LawError
    from hegui.law.layer import law_in_force, nearest
    from hegui.regulations import checks

    law = law_in_force()
    duty = law.duties.get(duty_id.strip())
    if duty is None:
        near = nearest(duty_id, law.duties)
        beginning = [id for id in law.duties if id.startswith(duty_id.strip() + ".")]
        if beginning:
            near = Words("；其下有：" + "、".join(beginning), "; below it: " + ", ".join(beginning))
        raise LawError(
            f"没有义务 {duty_id!r}{near.zh}；用 hegui law list 与 hegui law show 查看",
            f"no duty {duty_id!r}{near.en}; see hegui law list and hegui law show",
        )
    _demand(duty, law, language)
    _settles(duty, language)
    _judged(duty, language)
    _open(duty, law, language)
    _related(duty, law, checks().get(duty.id, ()), language)


def _demand(duty: "Duty", law: "Law", language: Language) -> None:
    from hegui.law.compare_texts import item_number
    from hegui.report import names

    other: Language = "en" if language == "zh" else "zh"
    pack = law.regulation(duty.regulation)
    say(f"{duty.id}  {duty.title.in_(language)}", "bold")
    say(f"  {duty.title.in_(other)}")
    if pack:
        say(f"  {pack.title.in_(language)} {duty.cite}（{pack.status_words.in_(language)}）")
    parties = [names.PARTIES[one].in_(language) for one in (duty.obligor, *duty.co_obligors)]
    _line(language, "谁", "who", _join(parties, language))
    _line(language, "性质", "modality", _MODALITIES[duty.modality].in_(language))
    _line(language, "严重程度", "severity", names.SEVERITIES[duty.severity].in_(language))
    _line(language, "何时适用", "when", duty.trigger.in_(language))
    for one in duty.exceptions:
        _line(language, "例外", "exception", one.in_(language))
    for threshold in duty.thresholds:
        _line(language, "数值", "number", _threshold(threshold, language))
    for change in law.overrides:
        if change.duty == duty.id:
            said = f"{change.field}: {change.was} → {change.value} ({change.author}, {change.date}: {change.reason})"
            _line(language, "用户层改动", "user override", said)
    article = law.texts[duty.regulation].article(duty.article) if duty.regulation in law.texts else None
    for paragraph in article.paragraphs if article else ():
        if duty.paragraph in (None, paragraph.number):
            items = [line for item in paragraph.items if item.number == item_number(duty) for line in item.wording]
            for text in (paragraph.text, *items):
                _line(language, "官方文本", "official wording", text)


def _settles(duty: "Duty", language: Language) -> None:
    from hegui.facts import REASONS
    from hegui.report import names

    _head(language, "凭什么判定", "What settles it")
    _line(language, "方式", "how", names.AUTOMATION[duty.automation].in_(language))
    _line(language, "判定", "decision", duty.decides.in_(language))
    for kind in duty.evidence:
        option = f" ({_OPTIONS[kind]})" if kind in _OPTIONS else ""
        _line(language, "证据", "evidence", names.EVIDENCE[kind].in_(language) + option)
    for code in duty.missing:
        reason = REASONS[code]
        _line(
            language,
            "缺则待定",
            "undetermined if",
            f"{code}  {reason.means.in_(language)} → {reason.settle.in_(language)}",
        )


def _judged(duty: "Duty", language: Language) -> None:
    from hegui.law.rules import rules

    _head(language, "怎样算违反、怎样算符合", "What would violate it, what would comply")
    _line(language, "违反，例如", "violates, e.g.", duty.violates.in_(language))
    _line(language, "符合，例如", "complies, e.g.", duty.complies.in_(language))
    for id in duty.rules:
        if rule := rules().get(id):
            _rule(rule, language)


def _rule(rule: "Rule", language: Language) -> None:
    say(f"  {rule.id} {rule.name}  {rule.title.in_(language)}")
    _line(language, "看什么", "looks at", ", ".join(rule.inputs), 4)
    for zh, en, words in (
        ("符合", "compliant", rule.compliant),
        ("违反", "violation", rule.violation),
        ("风险", "risk", rule.risk),
        ("不适用", "not applicable", rule.not_applicable),
        ("防误判", "guards", rule.guards),
        ("违反例", "violates, e.g.", rule.example_violates),
        ("符合例", "complies, e.g.", rule.example_complies),
    ):
        _line(language, zh, en, words.in_(language), 4)
    _line(language, "待定", "undetermined", ", ".join(rule.undetermined), 4)


def _open(duty: "Duty", law: "Law", language: Language) -> None:
    from hegui.law.rules import ambiguities

    questions = [question for id in duty.ambiguities if (question := ambiguities().get(id))]
    if questions:
        _head(language, "尚有疑义之处与本工具的默认", "Open questions, and what we assume")
    for one in questions:
        say(f"  {one.id}  {one.question.in_(language)}")
        _line(language, "各种理解", "readings", one.options.in_(language), 4)
        _line(language, "默认", "default", one.default.in_(language), 4)
        for knob in _knobs_of(one, law.knobs):
            by = f"  ({knob.set_by})" if knob.set_by else ""
            value = ", ".join(knob.value) if isinstance(knob.value, tuple) else str(knob.value)
            _line(language, "参数", "knob", f"{knob.name} = {value} {knob.unit}".rstrip() + by, 4)


def _knobs_of(question: "Ambiguity", knobs: "dict[str, Knob]") -> "list[Knob]":
    """The knobs a question names, as "nag.*" or "lst.early_end=false", and those that name the question as their reason."""
    patterns = [part.partition("=")[0].strip() for part in re.split(r"[,，、]", question.knob)]
    return [
        knob
        for name, knob in knobs.items()
        if any(fnmatch(name, one) or name.startswith(one + ".") for one in patterns if one)
        or question.id in knob.why.en
    ]


def _related(duty: "Duty", law: "Law", checks: tuple[str, ...], language: Language) -> None:
    from hegui.law.rules import features, workflows

    _head(language, "相关", "Related")
    for id in duty.related:
        other = law.duties.get(id)
        _line(language, "义务", "duty", f"{id}  {other.title.in_(language)}" if other else id)
    if duty.conflict:
        _line(language, "两稿差异", "the drafts differ", duty.conflict.in_(language))
    for id in duty.workflows:
        flow = workflows().get(id)
        _line(language, "流程", "workflow", f"{id}  {flow.title.in_(language)}" if flow else id)
    for id in duty.features:
        feature = features().get(id)
        _line(language, "功能", "feature", f"{id}  {feature.title.in_(language)}" if feature else id)
    none = (
        "还没有；判定为待定或由人工、平台记录给出"
        if language == "zh"
        else "none yet: undetermined, or left to people and records"
    )
    _line(language, "检查", "checks", _join(checks, language) or none)


def _threshold(one: "Threshold", language: Language) -> str:
    source = _SOURCES[one.source].in_(language) if one.source in _SOURCES else one.source
    value = f"{one.value:g}" if isinstance(one.value, float) else str(one.value)
    return f"{one.what.in_(language)} {one.op} {value} {one.unit.in_(language)} ({source})"


def _head(language: Language, zh: str, en: str) -> None:
    say()
    say(zh if language == "zh" else en, "bold")


def _line(language: Language, zh: str, en: str, text: str, indent: int = 2) -> None:
    """A labelled line; a text that is empty says nothing and gets none."""
    if text:
        say(f"{' ' * indent}{zh}：{text}" if language == "zh" else f"{' ' * indent}{en}: {text}")


def _join(names: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(names)
