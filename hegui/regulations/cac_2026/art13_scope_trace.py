"""Article 13(1) on recorded runs: in the way, and for the purpose, that the user agreed to with the rules."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import trace_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.policy import Function, Policy, Span
from hegui.facts.queries.consistency import covers
from hegui.facts.trace import Event, Run
from hegui.regulations import traffic_parts as traffic
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    got,
    map_approved,
    run_name,
    scenes_of,
    takings,
    timelines,
    times,
    why_actor,
)
from hegui.words import Words


@check("cac-2026:13.1.2", "app-2021:7.0", needs=("policy",), missing=("HUMAN_PENDING", "NO_TRACE", "NO_CAPTURE"))
def sends_what_the_rules_keep_local(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The rules say that a kind stays on the device, and a run or a capture shows it sent (R21, limb 2).

    A general denial (设备信息), or a hash of the value, leaves a person to read the rules.
    """
    rules = app_rules(facts)
    if rules is None:
        return
    for run, line in timelines(facts):
        for (actor, kind), rows in takings(line).items():
            events = [line.event(at) for at in line.places([row for row in rows if line.row(row)[0].type == "net"])]
            how, span = _kept_local(rules, kind)
            if events and how:
                yield _sent(
                    rules,
                    (kind, span),
                    "、".join(dict.fromkeys(one.what.host or "?" for one in events)),
                    how == "exactly" and not any((one.what.enc or "").startswith(("md5", "sha")) for one in events),
                    shows.events(facts, run, events),
                    actor,
                    why_actor(events[0]),
                )
    captured: dict[str, list[traffic.Sent]] = {}
    for one in traffic.sent(facts):
        captured.setdefault(one.hit.pi_type, []).append(one)
    for kind, several in captured.items():
        how, span = _kept_local(rules, kind)
        if how:
            clear = how == "exactly" and not all(one.hashed for one in several)
            evidence = traffic.evidence(facts, several)
            origin = several[0].flow.origin
            yield _sent(rules, (kind, span), traffic.hosts(several), clear, evidence, origin, traffic.WHY_ACTOR)


def _kept_local(rules: Policy, kind: str) -> tuple[str, Span | None]:
    """Whether the rules say that a kind is not uploaded, and where."""
    for stated in rules.negatives:
        act, _, about = stated.value.partition(":")
        if act == "upload" and about and (how := covers(about, kind)):
            return how, stated.span
    return "", None


def _sent(
    rules: Policy,
    what: tuple[str, Span | None],
    hosts: str,
    clear: bool,
    evidence: tuple[Evidence, ...],
    actor: str,
    why: Words,
) -> Finding:
    name, span = pi_type(what[0]), what[1]
    return found(
        "violation" if clear else "risk",
        f"规则称{name.zh}不上传，却发往 {hosts}" + ("" if clear else "，待人工核对"),
        f"the rules say that {name.en} is not uploaded; it was sent to {hosts}" + ("" if clear else ", for review"),
        *((said.sentence(rules, span),) if span else ()),
        *evidence,
        basis="observed",
        missing=() if clear else ("HUMAN_PENDING",),
        actor=actor,
        why_actor=why,
    )


@check("cac-2026:13.1.2", "app-2021:7.0", needs=("policy", "trace"), missing=("HUMAN_PENDING", "SCENE_UNMAPPED"))
def takes_for_another_function(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A kind taken in a scene whose row of the rules' functions does not name it, though other rows do (R21, limb 3).

    A risk, whoever approved the map: the purpose of a call is not seen in a run.
    """
    rules = app_rules(facts)
    if rules is None or not rules.functions:
        return
    for run, line in timelines(facts):
        off: dict[tuple[str, str, str], tuple[tuple[Function, ...], list[Event]]] = {}
        for (actor, kind), rows in takings(line).items():
            elsewhere = [one for one in rules.functions if any(covers(each, kind) for each in one.types)]
            took = [row for row in rows if got(line.row(row)[0], run.meta) is not False]
            for at in line.places(took) if elsewhere else ():
                one = line.event(at)
                here = scenes_of(facts, line.page_at(one.t_ms)) if line.behind(one) is not True else ()
                own = tuple(row for scene in here for row in _rows_of(rules, scene.name))
                if own and not any(function in elsewhere for function in own):
                    off.setdefault((actor, kind, "、".join(each.name for each in here)), (own, []))[1].append(one)
        for (actor, kind, name), (own, several) in off.items():
            yield _for_another(facts, run, rules, (actor, kind, name), own, several)


def _rows_of(rules: Policy, scene: str) -> tuple[Function, ...]:
    """The rows of the rules' functions that are called like a scene."""
    return tuple(one for one in rules.functions if one.name and (one.name in scene or scene in one.name))


def _for_another(
    facts: Facts,
    run: Run,
    rules: Policy,
    whose: tuple[str, str, str],
    own: tuple[Function, ...],
    several: list[Event],
) -> Finding:
    (actor, _, scene), name, many = whose, pi_type(whose[1]), times(len(several))
    waits = (
        Words("", "") if map_approved(facts) else Words("；场景对应表尚待人工确认", "; the map of scenes awaits review")
    )
    return found(
        "risk",
        f"{run_name(run).zh}：{who(actor).zh}在场景“{scene}”中读取{name.zh}，{many.zh}，规则只为其他功能写明收集它{waits.zh}",
        f"{run_name(run).en}: {who(actor).en} takes {name.en} {many.en} in the scene {scene}; the rules state it for other "
        f"functions only{waits.en}",
        *shows.events(facts, run, several),
        *(said.sentence(rules, one.span) for one in own[:2] if one.span),
        basis="observed",
        missing=("HUMAN_PENDING",),
        actor=actor,
        why_actor=why_actor(several[0]),
    )
