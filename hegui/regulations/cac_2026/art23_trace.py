"""Article 23 on recorded runs: an SDK that takes more than its function needs, or before its function is used."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import FUNC_CLASSES, sdk
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Run
from hegui.regulations.reads import who
from hegui.regulations.sdk_parties import is_started_by_user, needs_of, sdks_of
from hegui.regulations.trace_parts import got, run_name, runs, takings, timelines, times, why_actor
from hegui.regulations.trace_rules import is_sdk, observed

# Runs in which, by their plan, no function of the app is used (RULES §3): on the notice, refusing, idle, started by itself.
_NOTHING_USED = ("S1", "S2", "S3", "S6")


@check(
    "cac-2026:23.1.2",
    needs=("trace",),
    missing=("TRACE_NO_STACK", "TRACE_SHORT", "SDK_UNKNOWN", "HUMAN_PENDING"),
)
def takes_more_than_its_function_needs(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK was seen to take information outside what its function class commonly needs (R58, limb 1); a reviewer decides.

    The table is our own reading, so it is a risk; an SDK for security may declare why it needs more.
    """
    within, unknown = 0, False
    seen = observed(facts)
    for one in seen:
        if not is_sdk(one.actor):
            continue
        func_class = _function(facts, one.actor)
        needs = needs_of(func_class)
        if needs is None:
            unknown = True
            continue
        if one.kind in needs or one.kind.partition(".")[0] in needs:
            within += 1
            continue
        party, kind, function = who(one.actor), pi_type(one.kind), FUNC_CLASSES[func_class]
        yield found(
            "risk",
            f"{party.zh}的功能是{function.zh}，运行中取得{kind.zh}，{times(one.count).zh}，超出该类 SDK 通常所需",
            f"{party.en} is for {function.en}; it took {kind.en} {times(one.count).en}, beyond what such an SDK commonly needs",
            *one.evidence(facts),
            basis="observed",
            missing=("HUMAN_PENDING",),
            actor=one.actor,
            why_actor=one.why,
        )
    if within or unknown:
        nobody = any(one.actor == "unknown" for one in seen)
        yield found(
            None,
            f"{within} 项 SDK 读取在其功能通常所需之内" + ("；有功能不明的 SDK" if unknown else ""),
            f"{within} kinds that SDKs took are within what their functions need"
            + ("; of some SDKs the function is not known" if unknown else ""),
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=(
                *(("SDK_UNKNOWN",) if unknown else ()),
                *(("TRACE_NO_STACK",) if nobody else ()),
                "TRACE_SHORT",
            ),
        )
    elif runs(facts) and not any(run.meta.has_stack or run.stacks for run in runs(facts)):
        yield found(
            None,
            "日志没有调用栈，无法归到任何 SDK",
            "the logs have no stacks, so nothing can be put down to an SDK",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_NO_STACK",),
        )


def _function(facts: Facts, actor: str) -> str:
    """The function class of an SDK, as the package or the catalogue tells; "" where neither does."""
    embedded = sdks_of(facts.pkg) if is_read(facts.pkg) else ()
    own = next((one.func_class for one in embedded if one.sdk_id == actor and one.func_class), "")
    known = sdk(actor)
    return own or (known.func_class if known else "")


@check("cac-2026:23.1.2", needs=("trace",), missing=("HUMAN_PENDING",))
def takes_before_its_function_is_used(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK whose function only the user starts took information in a run in which nothing was used (R58, limb 3)."""
    for run, line in timelines(facts, *_NOTHING_USED):
        for (actor, kind), rows in takings(line).items():
            func_class = _function(facts, actor) if is_sdk(actor) else ""
            if is_started_by_user(func_class):
                yield from _too_early(facts, run, line, (actor, kind), func_class, rows)


def _too_early(
    facts: Facts, run: Run, line: Timeline, whose: tuple[str, str], func_class: str, rows: list[int]
) -> Iterator[Finding]:
    actor, kind = whose
    places = line.places(row for row in rows if got(line.row(row)[0], run.meta) is not False)
    if not places:
        return
    several = [line.event(at) for at in places]
    name, function, many = pi_type(kind), FUNC_CLASSES[func_class], times(sum(one.what.count for one in several))
    yield found(
        "risk",
        f"{run_name(run).zh}：未使用任何功能时，{who(actor).zh}（{function.zh}）即取得{name.zh}，{many.zh}",
        f"{run_name(run).en}: with nothing used, {who(actor).en} ({function.en}) took {name.en} {many.en}",
        *shows.events(facts, run, several),
        shows.whole(facts, run),
        basis="observed",
        missing=("HUMAN_PENDING",),
        actor=actor,
        why_actor=why_actor(several[0]),
    )
