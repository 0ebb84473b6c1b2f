"""Article 18(1) on screens: what is asked for only to cancel an account (R51)."""

from collections.abc import Iterator
from dataclasses import dataclass

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as ran
from hegui.catalogue.lexicons.screens import asked_to_cancel, says
from hegui.facts import Facts, is_read
from hegui.facts.queries.policy_text import fully_read
from hegui.facts.queries.timeline import timeline
from hegui.facts.screens import Node, Screen
from hegui.regulations.policy_parts import app_rules, types_en, types_zh
from hegui.regulations.screen_parts import (
    app_screens,
    cancelling,
    explored,
    run_of,
)


@check("cac-2026:18.1.2", needs=("ui",), missing=("UI_UNREACHED", "NO_DECL", "NO_POLICY", "HUMAN_PENDING"))
def asks_for_more_to_cancel(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A face, a document held in the hand, a relative's number: asked for only to cancel (R51).

    What registering asked, or the rules or the declaration say is collected anyway, was not asked for in addition; a code
    by SMS is none of these. A declared reason against fraud, and a field that may be left empty, await review.
    """
    if not is_read(facts.ui):
        return
    behind = cancelling(facts.ui, app_screens(facts))
    if not behind:
        return
    wanted = _wanted(behind)
    if (camera := _camera(facts, behind)) and not {"biometric.face", "account.id_number"} & set(wanted):
        yield found(
            "risk",
            "注销流程中打开了相机，要拍摄什么待人工确认",
            "the camera was opened while cancelling; what was to be taken awaits review",
            *camera,
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    before, said = _asked_before(facts, behind), _said(facts)
    extra = {kind: one for kind, one in wanted.items() if kind not in before | said}
    for kind, one in extra.items():
        yield _extra(facts, kind, one, list(camera))
    if extra or camera:
        return
    sure, asked_for = explored(facts.ui, behind), bool(wanted)
    # That the rules or the declaration speak of it does not show that this user had given it.
    shown = before.issuperset(wanted)
    yield found(
        "compliant" if sure and shown else "undetermined",
        (
            "注销流程要求的信息，" + ("此前的表单已要求" if shown else "规则或声明称此前已收集，是否属实待核对")
            if asked_for
            else "注销流程没有要求人脸、手持证件等信息"
        )
        + ("" if sure else "（但流程没有走完）"),
        (
            "what cancelling asks for was asked for by a form before"
            if shown
            else "the rules or the declaration say that what cancelling asks for is collected before, which is to be checked"
        )
        if asked_for
        else "cancelling asks for no face, document or the like"
        + ("" if sure else " (but it was not gone through in full)"),
        *(shows.whole(facts, one.screen, one.node.text[:60]) for one in list(wanted.values())[:2]),
        *(shows.whole(facts, one) for one in behind[:3]),
        basis="observed",
        missing=(() if sure else ("UI_UNREACHED",)) + (() if shown else ("HUMAN_PENDING",)),
    )


@dataclass(frozen=True)
class _Wanted:
    """Where something is asked for; `free` when it may be left out."""

    screen: Screen
    node: Node
    free: bool


def _wanted(screens: list[Screen]) -> dict[str, _Wanted]:
    """What these pages ask for, by kind; where something is asked for twice, the place where it must be given."""
    wanted: dict[str, _Wanted] = {}
    for screen in screens:
        for node in screen.nodes:
            asks = node.visible and (says("asks", node.text) or says("optional", node.text))
            for kind in asked_to_cancel(node.text) if asks else ():
                one = _Wanted(screen, node, says("optional", node.text))
                if kind not in wanted or wanted[kind].free:
                    wanted[kind] = one
        for sign in screen.of("sensitive_field"):
            field = next((node for node in screen.nodes if node.id == sign.node), Node(sign.node, sign.text))
            for kind in sign.types:
                wanted.setdefault(kind, _Wanted(screen, field, says("optional", sign.text)))
    return wanted


def _asked_before(facts: Facts, behind: list[Screen]) -> set[str]:
    """What registering, or a form elsewhere in the app, made the user give."""
    flow = {one.id for one in behind}
    forms = [one for one in app_screens(facts) if one.id not in flow and _is_form(one)]
    return {kind for kind, one in _wanted(forms).items() if not one.free}


def _said(facts: Facts) -> set[str]:
    """What the rules or the declaration say is collected anyway."""
    rules = app_rules(facts)
    told = (
        {one.type for one in rules.types} | {kind for one in rules.functions for kind in one.types} if rules else set()
    )
    declared = facts.decl.app.scenes if is_read(facts.decl) else ()
    return told | {kind for one in declared for kind in one.types}


def _is_form(screen: Screen) -> bool:
    typed = any(node.editable and node.visible for node in screen.nodes)
    return typed or any(sign.kind in ("login", "identity") for sign in screen.signs)


def _extra(facts: Facts, kind: str, one: _Wanted, camera: list[Evidence]) -> Finding:
    """Something asked for that is not known to have been collected before."""
    text = one.node.text[:60]
    reason = facts.decl.app.cancel_extra_reason if is_read(facts.decl) else None
    known = app_rules(facts) is not None and fully_read(facts)
    zh, en = f"注销时要求提供{types_zh((kind,))}：“{text}”", f'cancelling asks for {types_en((kind,))}: "{text}"'
    evidence = [shows.whole(facts, one.screen, text), *camera]
    missing: tuple[str, ...] = ("HUMAN_PENDING",)
    if one.free:
        zh, en = f"{zh}，可以不填", f"{en}, which may be left out"
    elif reason:
        zh, en = (
            f"{zh}；声明的理由“{reason[:60]}”待人工复核",
            f'{en}; the declared reason "{reason[:60]}" awaits review',
        )
        if is_read(facts.decl):
            evidence.append(Evidence("declaration", facts.decl.at, f"cancel_extra_reason = {reason[:80]}", ""))
    elif known:
        zh, en, missing = f"{zh}，规则没有写明此前收集", f"{en}, which the rules do not say is collected otherwise", ()
    else:
        zh, en = f"{zh}，此前是否收集过待核对", f"{en}; whether it was collected before is to be checked"
        missing = ("NO_POLICY", "NO_DECL")
    return found("risk" if missing else "violation", zh, en, *evidence, basis="observed", missing=missing)


def _camera(facts: Facts, behind: list[Screen]) -> tuple[Evidence, ...]:
    """The first opening of the camera that the log of a run shows between its first and last page of cancelling."""
    for screen in behind:
        run = run_of(facts, screen)
        if run is None:
            continue
        times = [one.t_ms for one in behind if one.run_id == screen.run_id and one.clock == "elapsed"]
        line = timeline(run)
        opened = line.events(lambda what: what.type == "sensor" and what.kind == "camera" and what.op == "open")
        within = [one for one in opened if min(times) <= one.t_ms <= max(times) and not line.foreign(one.what)]
        if within:
            return ran.events(facts, run, within[:1])
    return ()
