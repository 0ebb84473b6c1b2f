"""Article 3(2) on screens and runs: sensitive personal information is told of by itself, and agreed to, before it is taken."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as did
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours import agreeing
from hegui.catalogue.lexicons.screens import says, told_purpose
from hegui.catalogue.pi_types import is_sensitive, pi_type
from hegui.facts import Facts, is_read
from hegui.facts.queries.consistency import covers
from hegui.facts.screens import Screen, Sign, Ui
from hegui.facts.trace import What
from hegui.regulations.reads import who
from hegui.regulations.screen_parts import DUMP_MS, acted, app_screens, explored, launches, may_be_left_out, showing
from hegui.regulations.trace_parts import asked_groups, got, takings, timelines, why_actor
from hegui.words import Words

# The permission whose box of the system may stand before a kind is taken.
_GROUP_OF = {
    "biometric.face": "camera",
    "biometric.voice": "microphone",
    "health": "body",
    "location.precise": "location",
}

# Labels are shorter, and a sentence is hardly ever.
_SENTENCE = 15


@dataclass(frozen=True)
class _Taken:
    """The first time a run takes a sensitive kind, or has it filled in on a form."""

    kind: str
    run_id: str
    t_ms: int
    evidence: Evidence
    actor: str = "app"
    why: Words | None = None
    form: Screen | None = None
    sure: bool = True


@check(
    "cac-2026:3.2.2",
    "app-2021:6.6",
    needs=("ui",),
    missing=("UI_UNREACHED", "NO_TRACE", "TRACE_NO_UI", "TRACE_NOT_FRESH", "HUMAN_PENDING"),
)
def asks_for_sensitive_information_apart(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Before a sensitive kind is first taken, a notice of the app about that kind alone, with its purpose, and an act of the
    user that agrees to it (R17). The box of the system tells neither, and does not count by itself (A-29)."""
    if not is_read(facts.ui):
        return
    for one in (*_in_runs(facts, asked), *_on_forms(facts, facts.ui)):
        yield _judged(facts, asked, facts.ui, one)


def _in_runs(facts: Facts, asked: Asked) -> Iterator[_Taken]:
    for run, line in timelines(facts):
        first: dict[str, tuple[int, str]] = {}
        for (actor, kind), rows in takings(line).items():
            for row in rows:
                what, _ = line.row(row)
                if _counts(kind, what, asked) and got(what, run.meta) is not False:
                    first[kind] = min(first.get(kind, (len(run), actor)), (line.of_row(row)[0], actor))
        for kind, (at, actor) in sorted(first.items()):
            event = line.event(at)
            sure = bool(got(event.what, run.meta)) and line.timed and is_sensitive(kind)
            yield _Taken(
                kind, run.meta.run_id, event.t_ms, did.event(facts, run, event), actor, why_actor(event), sure=sure
            )


def _counts(kind: str, what: What, asked: Asked) -> bool:
    """Whether a kind is sensitive as it is taken there: a position is, where it is followed (A-31)."""
    if kind != "location.precise":
        return is_sensitive(kind)
    return asked.knobs["sensitive.location"] == "always" or (what.type == "loc" and what.mode == "updates")


def _on_forms(facts: Facts, ui: Ui) -> Iterator[_Taken]:
    """Fields for something sensitive on a page that was acted on afterwards; what a cashier's page asks for is the bank's."""
    told: set[tuple[str, str]] = set()
    for screen, field in showing(sorted(app_screens(facts), key=lambda one: one.t_ms), "sensitive_field"):
        sent = any(tap.from_screen == screen.id and tap.node != field.node for tap in ui.graph)
        for kind in field.types:
            bank = kind == "finance" and screen.of("payment")
            if is_sensitive(kind) and sent and not bank and (kind, screen.run_id) not in told:
                told.add((kind, screen.run_id))
                evidence = shows.sign(facts, screen, field)
                sure = not may_be_left_out(screen, field)
                yield _Taken(kind, screen.run_id, screen.t_ms, evidence, form=screen, sure=sure)


def _judged(facts: Facts, asked: Asked, ui: Ui, one: _Taken) -> Finding:
    """What the screens before show, best first: told apart and agreed to; told, but not so; not told at all."""
    shown = sorted((each for each in app_screens(facts) if each.run_id == one.run_id), key=lambda each: each.t_ms)
    if not shown or any(each.clock == "order" for each in shown if not one.form):
        return _found(one, "undetermined", "no dumps", (), "UI_UNREACHED")
    before = [each for each in shown if each.t_ms <= one.t_ms]
    notices = [(each, sign) for each in before for sign in _notices(each, one.kind)]
    notices += [(one.form, _inline(one.form))] if one.form and (_tells_why(one.form) or _explains(one.form)) else []
    alone = [each for each, sign in notices if _is_alone(facts, each, sign, one.kind)]
    told = [each for each in alone if _tells_why(each)]
    seen = tuple(shows.sign(facts, *each) for each in notices[-2:])
    recorded = _recorded(facts, one)
    if recorded is not None:
        return _found(
            one, "compliant" if told else None, "recorded", (*seen, recorded), *(() if told else ("HUMAN_PENDING",))
        )
    answers = {_answer(facts, ui, each, one) for each in told}
    if "agreed" in answers:
        return _found(one, "compliant", "agreed", seen)
    if told:
        verdict: Verdict = "undetermined" if answers & {"another", "unknown"} else "risk"
        return _found(one, verdict, "told", seen, "TRACE_NO_UI" if answers == {"unknown"} else "HUMAN_PENDING")
    if notices:
        return _found(one, "risk", "no purpose" if alone else "merged", seen, "HUMAN_PENDING")
    late = [each for each in shown if one.t_ms < each.t_ms <= one.t_ms + DUMP_MS and _notices(each, one.kind)]
    if late:
        return _found(one, "undetermined", "at once", (shows.whole(facts, late[0]),), "TRACE_NO_UI")
    if box := _system_box(facts, ui, one):
        counts = asked.knobs["sensitive.os_prompt_counts"] is True
        return _found(one, None if counts else "risk", "box", (box,), "HUMAN_PENDING")
    evidence = (*(shows.whole(facts, each) for each in before[-3:]), shows.coverage(facts, ui))
    if not explored(ui, before):
        return _found(one, "undetermined", "unexplored", evidence, "UI_UNREACHED")
    if one.run_id not in {run[0].run_id for run in launches(facts)}:
        return _found(one, "undetermined", "not fresh", evidence, "TRACE_NOT_FRESH")
    return _found(
        one, "violation" if one.sure else "risk", "untold", evidence, *(() if one.sure else ("HUMAN_PENDING",))
    )


_WORDS = {
    "no dumps": Words("那次运行没有可与之对时的界面", "and no dumps of that run can be put in time with it"),
    "recorded": Words("此前记录了针对它的单独同意", "after a recorded consent of its own"),
    "agreed": Words("此前有针对它的单独告知并经用户同意", "after a notice of its own that the user agreed to"),
    "told": Words("此前有针对它的单独告知，没有看到同意的操作", "after a notice of its own; no act that agrees was seen"),
    "no purpose": Words("此前的单独告知没有写明目的", "after a notice of its own that tells no purpose"),
    "merged": Words("此前只与其他信息一并告知", "told of before only together with other things"),
    "at once": Words("告知与收集几乎同时，先后无从判断", "at about the same time as its notice, so which was first is open"),
    "box": Words("此前只有系统授权框", "after no more than a box of the system"),
    "unexplored": Words("此前没有看到针对它的告知（但没有探索完整）", "and no notice was seen before (but not all was explored)"),
    "not fresh": Words("那次运行没有告知；不是全新安装，或在此前", "with no notice in that run, which was no fresh installation"),
    "untold": Words("此前没有针对它的单独告知和同意", "with neither a notice nor a consent of its own before"),
}  # fmt: skip


def _found(one: _Taken, verdict: Verdict | None, how: str, evidence: tuple[Evidence, ...], *missing: str) -> Finding:
    kind, by, words = pi_type(one.kind), who(one.actor), _WORDS[how]
    assumptions = [*(["A-29"] if how == "box" else []), *(["A-31"] if one.kind == "location.precise" else [])]
    return found(
        verdict,
        f"{f'表单要求填写{kind.zh}' if one.form else f'{by.zh}读取{kind.zh}'}，{words.zh}",
        f"{f'a form asks for {kind.en}' if one.form else f'{by.en} takes {kind.en}'}, {words.en}",
        one.evidence,
        *evidence,
        basis="observed",
        assumptions=tuple(assumptions),
        missing=missing,
        actor=one.actor,
        why_actor=one.why,
    )


def _notices(screen: Screen, kind: str) -> tuple[Sign, ...]:
    """The signs of a screen that tell of a kind and let the user answer."""
    if kind == "location.precise":
        prompts = (*screen.of("permission_prompt"), *screen.of("permission_rationale"))
        return tuple(one for one in prompts if "location" in one.groups)
    return tuple(one for one in screen.of("sensitive_notice") if any(covers(each, kind) for each in one.types))


def _inline(form: Screen) -> Sign:
    """A form that tells what it asks for as a notice of all its sensitive fields (RULES R17: sending it is the act)."""
    fields = form.of("sensitive_field")
    return replace(fields[0], types=tuple(sorted({each for one in fields for each in one.types})))


def _is_alone(facts: Facts, screen: Screen, sign: Sign, kind: str) -> bool:
    """Whether a notice is about that kind and no other, and is not the notice of the rules at the first launch."""
    firsts = (next((one for one in run if one.of("rules_notice")), None) for run in launches(facts))
    if any(first is not None and first.id == screen.id for first in firsts):
        return False
    if kind == "location.precise":
        return sign.groups == ("location",)
    return all(covers(each, kind) for each in sign.types)


def _tells_why(screen: Screen) -> bool:
    return any(told_purpose(node.text) == "specific" for node in screen.nodes if node.visible)


def _explains(form: Screen) -> bool:
    """Whether a form holds a sentence beside its labels: a notice, whatever it says."""
    return any(one.visible and not (one.clickable or one.editable) and len(one.text) >= _SENTENCE for one in form.nodes)


Answer = Literal["agreed", "refused", "none", "another", "unknown"]


def _answer(facts: Facts, ui: Ui, notice: Screen, one: _Taken) -> Answer:
    """What the user did on a notice before the taking, by the recorded taps and by the log while it stood there.

    A form sent from beside its notice is agreed to (RULES R17), unless a box there was ticked in advance.
    """
    if one.form is not None and notice.id == one.form.id:
        return "another" if any(box.checked for box in notice.of("consent_box")) else "agreed"
    shown = {screen.id: screen for screen in ui.screens}
    texts = {node.id: node.text for node in notice.nodes}
    boxes = {box.node for box in notice.of("consent_box") if box.checked is False}
    led = [(tap, shown.get(tap.to_screen)) for tap in ui.graph if tap.from_screen == notice.id]
    taps = [tap for tap, to in led if to and to.run_id == one.run_id and to.t_ms <= one.t_ms + DUMP_MS]
    others = (each.t_ms for each in ui.screens if each.run_id == one.run_id and _page(each) != _page(notice))
    gone = min((t_ms for t_ms in others if t_ms > notice.t_ms), default=one.t_ms)
    words = [texts.get(tap.node, "") for tap in taps] + [
        act.what.node_text or ""
        for run, line in timelines(facts)
        if run.meta.run_id == one.run_id and line.timed
        for act in line.acts
        if notice.t_ms <= act.t_ms <= min(gone, one.t_ms)
    ]
    if any(says("consenting", each) or says("go_allow", each) for each in words) or any(
        tap.node in boxes for tap in taps
    ):
        return "agreed"
    if any(agreeing(each) == "refuse" or says("close", each) for each in words):
        return "refused"
    if words:
        return "another"
    return "unknown" if acted(facts, notice, notice.t_ms, one.t_ms) is None else "none"


def _page(screen: Screen) -> str:
    return screen.page or screen.id


def _recorded(facts: Facts, one: _Taken) -> Evidence | None:
    """A consent of its own for the kind that the log records before."""
    family = one.kind.partition(".")[0]
    scopes = (family, one.kind, f"sensitive:{family}", f"sensitive:{one.kind}")
    for run, line in timelines(facts):
        if run.meta.run_id == one.run_id:
            given = line.events(lambda what: what.type == "consent" and what.act == "agree" and what.scope in scopes)
            if given and given[0].t_ms <= one.t_ms:
                return did.event(facts, run, given[0])
    return None


def _system_box(facts: Facts, ui: Ui, one: _Taken) -> Evidence | None:
    """The box of the system that gave the permission for it, on a dump or in the log."""
    group = _GROUP_OF.get(one.kind, "")
    for screen in ui.screens:
        asks = any(group in sign.groups for sign in screen.of("system_permission"))
        if group and asks and screen.run_id == one.run_id and screen.t_ms <= one.t_ms:
            return shows.whole(facts, screen)
    for run, line in timelines(facts):
        if run.meta.run_id == one.run_id:
            given = line.events(lambda what: what.type == "perm_res" and (what.result or "").startswith("granted"))
            box = next((each for each in given if group in asked_groups(each.what) and each.t_ms <= one.t_ms), None)
            if box is not None:
                return did.event(facts, run, box)
    return None
