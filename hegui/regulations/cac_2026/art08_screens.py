"""Articles 8 and 9(3) on screens: after an upgrade to changed rules, the user is told what changed, and agrees anew."""

import re
from collections.abc import Iterator, Sequence

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as did
from hegui.catalogue.lexicons import type_words
from hegui.catalogue.lexicons.screens import asks_for, says
from hegui.facts import Facts, Unread, is_read
from hegui.facts.policy import Policy
from hegui.facts.queries.changes import NAMED_BY_8_1, Change, policy_changes
from hegui.facts.screens import Screen, Ui
from hegui.facts.trace import Event, Run
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.screen_parts import after_use, app_screens, asks_to_agree, first_use, not_seen, opened_by
from hegui.regulations.trace_parts import runs, timelines

# Words of a change this long that stand in the prompt name it.
_QUOTED = 6


@check(
    "cac-2026:9.3.1",
    "cac-2026:9.3.2",
    "app-2021:6.3.2",
    needs=("previous.policy", "policy"),
    missing=("TRACE_SHORT", "TRACE_NO_CONSENT", "UI_UNREACHED", "HUMAN_PENDING"),
)
def prompts_after_an_upgrade(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """In a run that upgrades a version whose rules were agreed to (S7), a prompt before the app can be used names what
    changed, and the new version of the rules is agreed to (R19). Rules that only read otherwise need no prompt (8.1).

    Without screens it is silent: the check on the two texts says what is missing, or that nothing changed.
    """
    rules = app_rules(facts)
    if (
        rules is None
        or not is_read(facts.ui)
        or not is_read(facts.previous)
        or isinstance(facts.previous.policy, Unread)
    ):
        return
    changed = _material(facts.previous.policy, rules, asked)
    if changed is None:
        return
    upgrades = list(_upgrades(facts))
    if not upgrades:
        yield found(
            None,
            "规则有实质变化；没有升级后的界面（场景 S7，或首屏阶段为 upgrade）",
            "the rules changed; no dumps begin with an upgrade (scenario S7, or the phase upgrade)",
            said.whole(rules, ""),
            basis="observed",
            missing=("TRACE_SHORT",),
        )
    for shown in upgrades:
        yield from _upgraded(facts, facts.ui, asked, rules, changed, shown)


def _material(old: Policy, new: Policy, asked: Asked) -> list[Change] | None:
    """The changes users must be told of; None where there is no such change. In the 2021 draft any change of the text is one,
    but for its blanks; what changed need not be a statement that was read."""
    changed = policy_changes(old, new)
    if asked.duty.regulation == "app-2021":
        return list(changed) if changed or _bare(old.text) != _bare(new.text) else None
    return [one for one in changed if one.dimension in NAMED_BY_8_1] or None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _upgrades(facts: Facts) -> Iterator[list[Screen]]:
    """The app's dumps of each run that begins with an upgrade, in order: its log says so, or the phase of its first dump.

    A run on the old version, or on a fresh installation, is none.
    """
    own = app_screens(facts)
    logs = {run.meta.run_id: run for run in runs(facts) if run.meta.run_id}
    for run_id in dict.fromkeys(one.run_id for one in own):
        shown = sorted((one for one in own if one.run_id == run_id), key=lambda one: one.t_ms)
        log = logs.get(run_id)
        if shown[0].phase == "upgrade" if log is None else log.meta.scenario == "S7" and not _is_old(facts, log):
            yield shown


def _is_old(facts: Facts, run: Run) -> bool:
    version = run.meta.app_version_code
    new = facts.pkg.version_code if is_read(facts.pkg) else None
    return run.meta.fresh_install is True or (version is not None and new is not None and version != new)


def _upgraded(
    facts: Facts, ui: Ui, asked: Asked, rules: Policy, changed: list[Change], shown: list[Screen]
) -> Iterator[Finding]:
    use = first_use(shown)
    before = shown[: shown.index(use)] if use else shown
    prompts = [one for one in before if one.of("rules_update") or one.of("rules_notice")]
    if prompts:
        yield from _prompted(facts, ui, asked, rules, changed, prompts)
    elif pushed := _pushed(facts, shown[0].run_id):
        yield found(
            None if asked.duty.id == "cac-2026:9.3.1" else "undetermined",
            "升级后以推送告知规则变化；内容是否逐项写明、是否重新取得同意待人工确认",
            "after the upgrade a pushed message tells of the change; whether it names each, and consent was asked for, "
            "awaits review",
            pushed,
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    elif use is None:
        yield found(
            "undetermined",
            "升级后的界面没有走到可以使用的页面，有无告知尚不能判断",
            "the dumps after the upgrade do not reach a screen that can be used",
            shows.whole(facts, shown[-1]),
            basis="observed",
            missing=("TRACE_SHORT",),
        )
    elif hint := next((one for one in before if one.of("rules_link")), None):
        yield found(
            "undetermined",
            "升级后、可以使用之前有提及规则的界面，没有认出是否告知了变化，须看截图",
            "after the upgrade a screen before the app can be used names the rules and was not known for a prompt: look at the "
            "screenshot",
            shows.whole(facts, hint),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    else:
        yield _not_told(facts, ui, use, shown, changed, rules)


def _not_told(facts: Facts, ui: Ui, use: Screen, shown: list[Screen], changed: list[Change], rules: Policy) -> Finding:
    """No prompt came before the app could be used."""
    later = next((one for one in shown if one.of("rules_update") or one.of("rules_notice")), None)
    quiet = next((one for one in shown for link in one.of("rules_link") if says("update", link.text)), None)
    evidence = (shows.whole(facts, use), *(said.sentence(rules, one.new_span) for one in changed[:3] if one.new_span))
    if later is not None:
        shown_later = shows.whole(facts, later)
        return after_use(ui, use, "规则变化的告知", "the prompt about changed rules", *evidence, shown_later)
    if quiet is not None:
        return found(
            "risk",
            "规则变化只在入口处有标记，没有弹窗",
            "the change of the rules is only marked at their entry, without a prompt",
            *evidence,
            shows.whole(facts, quiet),
            basis="observed",
        )
    return not_seen(
        ui.explored.get(shown[0].phase, False),
        f"规则有 {len(changed)} 处实质变化，升级后直接可以使用，没有告知",
        f"the rules changed in {len(changed)} respects, and after the upgrade the app can be used without being told",
        *evidence,
    )


def _pushed(facts: Facts, run_id: str) -> Evidence | None:
    """A notification of the run whose words are of changed rules."""
    for run, line in timelines(facts):
        if run.meta.run_id == run_id:
            for one in line.events(lambda what: what.type == "ui" and what.action == "notification"):
                words = one.what.node_text or ""
                if says("update", words) and (says("rules", words) or says("terms", words)):
                    return did.event(facts, run, one)
    return None


def _prompted(
    facts: Facts, ui: Ui, asked: Asked, rules: Policy, changed: list[Change], prompts: list[Screen]
) -> Iterator[Finding]:
    """What a prompt that came in time says, and whether it was agreed to."""
    behind = [
        each for one in prompts for node in one.nodes for each in opened_by(ui, one, node.id) if each.of("rules_update")
    ]
    text = "\n".join(node.text for one in (*prompts, *behind) for node in one.nodes if node.visible)
    named = [one for one in changed if _names(text, one)]
    evidence = (
        *(shows.whole(facts, one, " ".join(text.split())[:120]) for one in prompts[:1]),
        *(said.sentence(rules, one.new_span) for one in (named or changed)[:3] if one.new_span),
    )
    if asked.duty.id == "cac-2026:9.3.1":
        yield found(
            "compliant" if named else "risk",
            f"升级后、可以使用之前告知了规则变化，写明了 {len(changed)} 处中的 {len(named)} 处"
            if named
            else "升级后有告知，没有写明改了什么",
            f"before the app can be used the prompt tells of the change and names {len(named)} of {len(changed)}"
            if named
            else "the prompt after the upgrade does not say what changed",
            *evidence,
            basis="observed",
            missing=() if named else ("HUMAN_PENDING",),
        )
    else:
        yield _agreed_anew(facts, rules, prompts, evidence)


def _agreed_anew(facts: Facts, rules: Policy, prompts: list[Screen], evidence: Sequence[Evidence]) -> Finding:
    if not any(asks_to_agree(one) for one in prompts):
        return found(
            "risk",
            "升级后只告知规则变化，没有请用户重新同意",
            "after the upgrade the prompt only tells of the change and does not ask for consent",
            *evidence,
            basis="observed",
        )
    given = _consent(facts, prompts[0].run_id)
    if given is None:
        return found(
            "undetermined",
            "升级后请用户重新同意；日志里没有同意的记录",
            "after the upgrade consent is asked for; no log records that it was given",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_CONSENT",),
        )
    run, event = given
    version = event.what.rules_ver
    other = bool(version and rules.version and version != rules.version)
    good = bool(version) and not other
    return found(
        "compliant" if good else "risk",
        f"升级后用户重新同意，记录的规则版本为 {version}" + (f"，不是新版 {rules.version}" if other else "")
        if version
        else "升级后用户重新同意，但同意记录没有规则版本",
        f"after the upgrade the user agreed, with version {version} on record"
        + (f", which is not the new one, {rules.version}" if other else "")
        if version
        else "after the upgrade the user agreed, but the record names no version of the rules",
        *evidence,
        did.event(facts, run, event),
        basis="observed",
    )


def _consent(facts: Facts, run_id: str) -> tuple[Run, Event] | None:
    for run, line in timelines(facts):
        given = line.events(
            lambda what: what.type == "consent" and what.act == "agree" and what.scope in (None, "rules")
        )
        if run.meta.run_id == run_id and given:
            return run, given[0]
    return None


def _names(text: str, change: Change) -> bool:
    """Whether a prompt names what changed: the kind, the permission or the SDK by a word for it, all else by its own words."""
    if change.dimension == "type":
        words = {word for word, meant in type_words().items() for one in meant if one.type == change.subject}
        return any(word in text.casefold() for word in words if not word.isascii() or len(word) > len("name"))
    if change.dimension in ("permission", "frequency"):
        return change.subject in asks_for(text)
    if change.dimension in ("sdk", "sharing"):
        return bool(change.subject) and change.subject.casefold() in text.casefold()
    plain, prompt = _bare(change.new or change.old), _bare(text)
    last = max(0, len(plain) - _QUOTED)
    return bool(plain) and any(plain[at : at + _QUOTED] in prompt for at in range(last + 1))
