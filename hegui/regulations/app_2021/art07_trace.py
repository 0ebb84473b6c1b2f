"""Article 7(3) on recorded runs: the app goes on after a permission was denied."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.causes import is_crash
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.trace import Event, Run
from hegui.regulations.refusals import QUITS_MS, ended_on
from hegui.regulations.trace_parts import (
    asked_groups,
    needs,
    run_name,
    runs,
    scenes,
    seconds,
    timelines,
)
from hegui.words import Words


@check(
    "app-2021:7.3.1",
    "cac-2026:3.4.1",
    needs=("trace",),
    missing=("TRACE_SHORT", "CATEGORY_UNKNOWN", "HUMAN_PENDING"),
)
def quits_after_denial(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The app ends within ten seconds of a permission being denied, and the user did nothing to end it (R22, limb 1)."""
    stayed = 0
    for run, line in timelines(facts):
        for no in line.events(lambda what: what.type == "perm_res" and (what.result or "").startswith("denied")):
            gone = ended_on(line, no)
            if gone is not None:
                yield _quit(facts, run, no, gone)
            else:
                stayed += line.timed and line.end_ms - no.t_ms >= QUITS_MS
    if stayed:
        yield found(
            None,
            f"{stayed} 次拒绝权限后应用没有退出；其他场景是否可用须逐一试过",
            f"after {stayed} denials the app went on; whether other scenes stay usable takes trying each",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_SHORT",),
        )


def _quit(facts: Facts, run: Run, no: Event, gone: Event) -> Finding:
    groups = asked_groups(no.what)
    basic = [one.name for one in scenes(facts) if one.basic and any(needs(one, group) for group in groups)]
    verdict: Verdict = "violation"
    missing: tuple[str, ...] = ()
    zh, en = "", ""
    if is_crash(gone.what.cause or ""):
        verdict, missing = "risk", ("HUMAN_PENDING",)
        zh, en = "；原因记为崩溃，须重做以排除", "; the cause is told as a crash, which a second run must rule out"
    elif basic:
        verdict, missing = "risk", ("HUMAN_PENDING",)
        zh, en = (
            f"；基本功能“{basic[0]}”声明需要它，待人工确认",
            f"; the basic function {basic[0]} is declared to need it, which awaits review",
        )
    elif not scenes(facts):
        verdict, missing = "risk", ("CATEGORY_UNKNOWN",)
        zh, en = "；基本功能是否需要它尚不知", "; whether the basic function needs it is not known"
    names = [GROUPS.get(group, Words(group, group)) for group in groups]
    after = seconds(gone.t_ms - no.t_ms)
    return found(
        verdict,
        f"{run_name(run).zh}：拒绝{'、'.join(one.zh for one in names)}权限 {after} 秒后应用退出{zh}",
        f"{run_name(run).en}: the app ended {after} s after {', '.join(one.en for one in names)} was denied{en}",
        shows.event(facts, run, no),
        shows.event(facts, run, gone),
        basis="observed",
        assumptions=("A-09",),
        missing=missing,
    )
