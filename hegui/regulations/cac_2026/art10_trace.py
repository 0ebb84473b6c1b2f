"""Article 10 on recorded runs: contacts, SMS and call log, other people's information; article 5(2), what a log saw sent."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import tells
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import by_domain
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    PICKED,
    got,
    kinds_of,
    map_approved,
    needs,
    run_name,
    runs,
    scene_of,
    scenes,
    takes,
    timelines,
    times,
    why_actor,
)
from hegui.regulations.trace_rules import told
from hegui.regulations.traffic_parts import is_given_to, operators_own, party_at, unheard

_OTHERS = frozenset({"contacts", "sms", "call_log"})

# Why one reading is weighed as it is, and the code of what would settle it.
_WHY: dict[str, tuple[str, str, str]] = {
    "outside": ("不在通讯、加好友或备份场景之内", "outside any scene of communication, adding friends or backup", ""),
    "undeclared": (
        "没有声明场景，无法判断是否为通讯、加好友或备份所需",
        "no scenes are declared, so whether communication or backup needs it is open",
        "SCENE_UNMAPPED",
    ),
    "pending": (
        "是否在通讯、加好友或备份场景之内，待人工确认",
        "whether it lies in a scene of communication, friends or backup awaits review",
        "HUMAN_PENDING",
    ),
    "one row": (
        "在例外场景之外，但只读一条或未记录条数（来电识别、填充验证码会如此），待人工确认",
        "outside the exempt scenes, but one row or an unknown number (as to tell a caller or fill in a code); awaits review",
        "HUMAN_PENDING",
    ),
    "picked": (
        "用户此前经系统选择器选过，发出的是否仅为所选待人工确认",
        "the user had picked one by the system's picker; whether no more than that was sent awaits review",
        "HUMAN_PENDING",
    ),
    "code": (
        "像是填充短信验证码，待人工确认",
        "as to fill in a code sent by SMS; awaits review",
        "HUMAN_PENDING",
    ),
    "denied": (
        "在例外场景之外，但被拒绝",
        "outside the exempt scenes, but was denied",
        "",
    ),
    "not got": (
        "在例外场景之外，来源没有记录是否读到",
        "outside the exempt scenes; the source does not record whether anything was got",
        "HUMAN_PENDING",
    ),
    "all": (
        "在例外场景内上传，范围是否必要待人工确认",
        "sent in an exempt scene; whether that much is needed awaits review",
        "HUMAN_PENDING",
    ),
    "exempt": (
        "在经复核的通讯、加好友或备份场景之内",
        "inside an approved scene of communication, friends or backup",
        "",
    ),
}


@check(
    "cac-2026:10.1",
    needs=("trace",),
    missing=(
        "SCENE_UNMAPPED",
        "TRACE_SHORT",
        "NO_CANARY",
        "NO_POLICY",
        "NO_CAPTURE",
        "CAPTURE_ENCRYPTED",
        "HUMAN_PENDING",
    ),
)
def takes_other_peoples_information(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Contacts, SMS or call log read, or seen to be sent, outside scenes of communication, adding friends or backup (R39).

    What the user picked is no such reading. Where no declared scene at all is about them, the declaration itself
    contradicts the run; which page it was, the map tells, and until somebody approved that it carries a risk.
    """
    exempt: set[tuple[str, str]] = set()
    weighed: set[str] = set()
    for run, line in timelines(facts):
        grouped: dict[tuple[str, str, Verdict | None, str], list[int]] = {}
        for row in line.rows(lambda what: takes(what) and not _OTHERS.isdisjoint(kinds_of(what))):
            what, _ = line.row(row)
            if line.foreign(what):
                continue
            for at in line.of_row(row):
                one = line.event(at)
                if one.origin == "system":
                    continue
                verdict, why = _weigh(facts, run, line, one)
                if what.result == "denied" and why != "denied":
                    continue
                weighed.add(why)
                for kind in sorted(_OTHERS & set(kinds_of(what))):
                    grouped.setdefault((one.origin, kind, verdict, why), []).append(at)
                    exempt |= {(one.origin, kind)} if why == "exempt" else set()
        for (actor, kind, verdict, why), places in grouped.items():
            yield _told(facts, run, (actor, kind), verdict, why, [line.event(at) for at in sorted(places)])
    if exempt and weighed == {"exempt"}:
        yield _kept_to(facts, exempt)


def _told(
    facts: Facts, run: Run, whose: tuple[str, str], verdict: Verdict | None, why: str, several: list[Event]
) -> Finding:
    actor, kind = whose
    zh, en, code = _WHY[why]
    name, many = pi_type(kind), times(sum(one.what.count for one in several))
    sends = several[0].what.type == "net"
    return found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}{'发送' if sends else '读取'}{name.zh}，{many.zh}；{zh}",
        f"{run_name(run).en}: {who(actor).en} {'sends' if sends else 'takes'} {name.en} {many.en}; {en}",
        *shows.events(facts, run, several),
        basis="observed",
        missing=(code,) if code else (),
        actor=actor,
        why_actor=why_actor(several[0]),
    )


def _weigh(facts: Facts, run: Run, line: Timeline, one: Event) -> tuple[Verdict | None, str]:
    declared = scenes(facts)
    if not declared:
        return "undetermined", "undeclared"
    scene = scene_of(facts, line.page_at(one.t_ms))
    exempt = [each for each in declared if _is_about(each)]
    approved, sends = map_approved(facts), one.what.type == "net"
    # For a dialler or an SMS app they are the basic function, on whatever page.
    if scene in exempt or any(each.basic for each in exempt):
        if sends:
            return "risk", "all"
        return (None, "exempt") if approved else (None, "pending")
    kinds = kinds_of(one.what)
    listing = [each for each in declared if any(needs(each, one.what.perm_group or kind, kind) for kind in kinds)]
    if scene in listing or ((exempt or listing) and (scene is None or not approved)):
        return "risk", "pending"
    if one.what.result == "denied":
        return "risk", "denied"
    if not sends and one.what.pi_type == "sms" and _fills_code(line, one, scene):
        return "risk", "code"
    if not sends and (one.what.rows is None or one.what.rows <= 1):
        return "risk", "one row"
    if sends and any(_was_picked(line, one, kind) for kind in kinds):
        return "risk", "picked"
    return ("violation", "outside") if got(one.what, run.meta) else ("risk", "not got")


def _fills_code(line: Timeline, one: Event, scene: Scene | None) -> bool:
    """Whether the user had just asked for a code, or the scene is where one is filled in."""
    act = line.act_before(one.t_ms)
    return (scene is not None and tells("fills_codes", scene.name)) or (
        act is not None and tells("fills_codes", act.what.node_text)
    )


def _was_picked(line: Timeline, one: Event, kind: str) -> bool:
    """Whether the user had picked something of this kind before, which is then no reading of the app's own (R39, limb 4)."""
    picked = line.events(lambda what: what.via in PICKED and what.pi_type == kind)
    return bool(picked) and picked[0].t_ms <= one.t_ms


def _is_about(scene: Scene) -> bool:
    return tells("about_others", scene.name)


def _kept_to(facts: Facts, exempt: set[tuple[str, str]]) -> Finding:
    """All that was read lay in approved exempt scenes: settled where the rules state it and a capture with planted markers
    shows that none of it left."""
    rules = app_rules(facts)
    lacking = [] if is_read(facts.net) else ["NO_CAPTURE"]
    lacking += unheard(facts.net) if is_read(facts.net) else ()
    if rules is None or not all(told(rules, actor, kind).how for actor, kind in exempt):
        lacking.append("NO_POLICY" if rules is None else "HUMAN_PENDING")
    if not any(True for _ in timelines(facts, "S4")):
        lacking.append("TRACE_SHORT")
    return found(
        None if lacking else "compliant",
        "只在经复核的通讯、加好友或备份场景中读取" + ("，规则载明，抓包中未见外传" if not lacking else ""),
        "read in approved scenes of communication, friends or backup only"
        + (", as the rules state, and none of it was seen to leave" if not lacking else ""),
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        missing=tuple(lacking),
    )


# ------------------------------------------------------------------------------------------ what a log saw sent


@check(
    "cac-2026:5.2.2",
    "cac-2026:5.2.1",
    "cac-2026:10.2",
    needs=("trace",),
    missing=("NO_CANARY", "CAPTURE_ENCRYPTED", "SERVER_SIDE", "HUMAN_PENDING"),
)
def logs_messages_sent(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A log that tells what its flows carry saw the content of messages sent (R40): to a third party, it was given away,
    unless the user had just sent or forwarded it."""
    window_ms = round(asked.number("window_s") * 1000)
    for run, line in timelines(facts):
        grouped: dict[tuple[str, str], list[Event]] = {}
        for one in line.events(lambda what: what.type == "net" and "sms" in what.pi):
            if not line.foreign(one.what):
                grouped.setdefault((one.origin, one.what.host or ""), []).append(one)
        for (actor, host), several in grouped.items():
            known = by_domain(host)
            party = party_at(facts, host, known.id if known else "")
            given = is_given_to(party) and not all(_by_the_user(line, one, window_ms) for one in several)
            verdict: Verdict = "violation" if given and asked.duty.id != "cac-2026:5.2.1" else "risk"
            to = party.name if party else "运营者自有主机" if operators_own(facts, host) else "归属不明的主机"
            to_en = party.name if party else "the operator's own" if operators_own(facts, host) else "of unknown owner"
            many = times(sum(one.what.count for one in several))
            yield found(
                verdict,
                f"{run_name(run).zh}：{who(actor).zh}向 {host}（{to}）发送短信内容，{many.zh}"
                + ("" if verdict == "violation" else "；用途待人工确认"),
                f"{run_name(run).en}: {who(actor).en} sends the content of messages to {host} ({to_en}) {many.en}"
                + ("" if verdict == "violation" else "; what for awaits review"),
                *shows.events(facts, run, several),
                basis="observed",
                missing=() if verdict == "violation" else ("HUMAN_PENDING",),
                actor=actor,
                why_actor=why_actor(several[0]),
            )


def _by_the_user(line: Timeline, one: Event, window_ms: int) -> bool:
    act = line.act_before(one.t_ms) if line.timed else None
    near = act is not None and one.t_ms - act.t_ms <= window_ms + line.slack(one.what)
    return near and act is not None and tells("uploads", act.what.node_text)
