"""Article 10 on recorded runs: contacts, SMS and call log, other people's information; article 15(2), biometrics that leave."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.trace import Run, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    got,
    kinds_of,
    needs,
    run_name,
    scene_of,
    scenes,
    takes,
    timelines,
    times,
    why_actor,
)

_OTHERS = frozenset({"contacts", "sms", "call_log"})

# Scenes that handle other people's information by their nature: communication, adding friends, backup (RULES R39).
_BY_NATURE = (
    "通讯",
    "通话",
    "好友",
    "备份",
    "拨号",
    "短信",
    "联系人",
    "消息",
    "contact",
    "dial",
    "backup",
    "friend",
    "message",
    "call",
)


@check("cac-2026:10.1", needs=("trace",), missing=("SCENE_UNMAPPED", "HUMAN_PENDING"))
def takes_other_peoples_information(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Contacts, SMS or call log read where no declared scene is about them (R39). What the user picked is no such reading.

    Where no declared scene at all uses them, the declaration itself contradicts the run; which page it was, a map tells,
    and that awaits review.
    """
    for run, line in timelines(facts):
        grouped: dict[tuple[str, str, Verdict | None, str], list[int]] = {}
        for row in line.rows(lambda what: takes(what) and not _OTHERS.isdisjoint(kinds_of(what))):
            what, _ = line.row(row)
            if line.foreign(what) or what.result == "denied":
                continue
            for at in line.of_row(row):
                one = line.event(at)
                if one.origin != "system":
                    verdict, code = _outside(facts, run, what, scene_of(facts, line.page_at(one.t_ms)))
                    grouped.setdefault((one.origin, kinds_of(what)[0], verdict, code), []).append(at)
        for (actor, kind, verdict, code), places in grouped.items():
            several = [line.event(at) for at in sorted(places)[:5]]
            name, many = pi_type(kind), times(sum(line.event(at).what.count for at in places))
            zh, en = _WHY[code]
            yield found(
                verdict,
                f"{run_name(run).zh}：{who(actor).zh}读取{name.zh}，{many.zh}；{zh}",
                f"{run_name(run).en}: {who(actor).en} takes {name.en} {many.en}; {en}",
                *shows.events(facts, run, several),
                basis="observed",
                missing=(code,) if code else (),
                actor=actor,
                why_actor=why_actor(several[0]),
            )


_WHY = {
    "": ("声明的场景均不涉及", "no declared scene is about it"),
    "SCENE_UNMAPPED": (
        "没有声明场景，无法判断是否为通讯、加好友或备份所需",
        "no scenes are declared, so whether communication or backup needs it is open",
    ),
    "HUMAN_PENDING": (
        "是否在通讯、加好友或备份场景之内，待人工确认",
        "whether it lies in a scene of communication, friends or backup awaits review",
    ),
}


def _outside(facts: Facts, run: Run, what: What, scene: object) -> tuple[Verdict | None, str]:
    declared = scenes(facts)
    if not declared:
        return "undetermined", "SCENE_UNMAPPED"
    of_it = [one for one in declared if _is_about(one.name) or needs(one, what.perm_group, what.pi_type)]
    if of_it:
        return (None if scene in of_it else "risk"), "HUMAN_PENDING"
    if what.rows is not None and what.rows <= 1:
        return "risk", "HUMAN_PENDING"
    return ("violation", "") if got(what, run.meta) else ("risk", "HUMAN_PENDING")


def _is_about(name: str) -> bool:
    return any(word in name.lower() for word in _BY_NATURE)


@check("cac-2026:15.2.1", needs=("trace",), missing=("CAPTURE_ENCRYPTED",))
def sends_biometrics(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A flow seen to carry a face, fingerprint, voice or other biometric, without a consent of its own before it (R44)."""
    for run, line in timelines(facts):
        agreed = [one for one in line.events(lambda what: what.type == "consent") if _own_consent(one.what)]
        for one in line.events(lambda what: what.type == "net" and any(_is_biometric(kind) for kind in what.pi)):
            kinds = [pi_type(kind) for kind in one.what.pi if _is_biometric(kind)]
            before = agreed[0] if agreed and agreed[0].t_ms <= one.t_ms else None
            yield found(
                None if before else "violation",
                f"{run_name(run).zh}：{who(one.origin).zh}向 {one.what.host} 发送{'、'.join(each.zh for each in kinds)}"
                + ("，此前有单独同意" if before else "，此前没有单独同意"),
                f"{run_name(run).en}: {who(one.origin).en} sends {', '.join(each.en for each in kinds)} to {one.what.host}"
                + (", after a separate consent" if before else ", without a separate consent before"),
                shows.event(facts, run, one),
                *([shows.event(facts, run, before)] if before else []),
                basis="observed",
                assumptions=("A-19",),
                missing=("CAPTURE_ENCRYPTED",) if before else (),
                actor=one.origin,
                why_actor=why_actor(one),
            )


def _is_biometric(kind: str) -> bool:
    return kind.startswith("biometric.")


def _own_consent(what: What) -> bool:
    return what.act == "agree" and (what.scope or "").startswith("biometric")
