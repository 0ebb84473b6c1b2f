"""Article 24 on recorded runs: an option of an SDK that is off, and what the SDK takes all the same."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import PI_TYPES, pi_type
from hegui.facts import Facts
from hegui.facts.queries.pairs import sides, switched_off
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import got, run_name, runs, takings, times, unwatched, why_actor
from hegui.words import Words


@check(
    "cac-2026:24.1",
    needs=("trace",),
    missing=("TRACE_SHORT", "TRACE_HOOK_GAP", "TRACE_NO_STACK", "NO_DECL"),
)
def takes_though_switched_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """With an SDK's option for a kind of information off, the SDK takes that kind all the same (R59, limb 3).

    The file beside a log names what was switched: `covers = ["SDK:KIND=off"]`, with the SDK's id of the catalogue and the
    kind; its counterpart with the option on shows that there was something to stop.
    """
    for run in runs(facts):
        for name in switched_off(run):
            actor, _, kind = name.rpartition(":")
            if actor and kind in PI_TYPES:
                yield _with_it_off(facts, run, actor, kind)


def _with_it_off(facts: Facts, run: Run, actor: str, kind: str) -> Finding:
    name, party = pi_type(kind), who(actor)
    seen = _taken(run, actor, kind)
    if seen:
        sure = [one for one in seen if got(one.what, run.meta)]
        many = times(sum(one.what.count for one in sure or seen))
        return _told(
            facts,
            run,
            Words(
                f"{party.zh}的{name.zh}选项已关闭，仍{'取得' if sure else '调用读取'}，{many.zh}",
                f"with its option for {name.en} off, {party.en} {'took' if sure else 'called to read'} it {many.en}",
            ),
            "violation" if sure else "risk",
            (),
            sure or seen,
        )
    counterparts = [
        one for one in sides(runs(facts))[0] if any(each.startswith(f"{actor}:{kind}=") for each in one.meta.covers)
    ]
    before = next((taken for one in counterparts if (taken := _taken(one, actor, kind))), [])
    if kind in unwatched(run.meta):
        missing = "TRACE_HOOK_GAP"
    elif _taken(run, "unknown", kind):
        missing = "TRACE_NO_STACK"
    else:
        # That the switch works is one limb; that each optional collection has one, only a declaration tells.
        missing = "NO_DECL" if before else "TRACE_SHORT"
    says = Words(
        f"{party.zh}的{name.zh}选项关闭后未见读取"
        + ("，打开时有读取；其余选项须看声明" if before else "；没有打开时的对照"),
        f"with its option for {name.en} off, {party.en} was not seen to take it"
        + ("; with it on, it was. The other options take a declaration" if before else "; there is no run with it on"),
    )
    return _told(facts, run, says, None, (missing,), [])


def _told(
    facts: Facts, run: Run, says: Words, verdict: Verdict | None, missing: tuple[str, ...], several: list[Event]
) -> Finding:
    return found(
        verdict,
        f"{run_name(run).zh}：{says.zh}",
        f"{run_name(run).en}: {says.en}",
        *shows.events(facts, run, several),
        shows.whole(facts, run),
        basis="observed",
        missing=missing,
        actor=several[0].origin if several else "app",
        why_actor=why_actor(several[0]) if several else None,
    )


def _taken(run: Run, actor: str, kind: str) -> list[Event]:
    """What this party took of this kind and was not refused."""
    line = timeline(run)
    several = [line.event(at) for at in line.places(takings(line).get((actor, kind), ()))]
    return [one for one in several if got(one.what, run.meta) is not False]
