"""Articles 6, 7 and 10 on recorded runs: quitting after a denial, settings turned back, starting by itself or other apps."""

from bisect import bisect_left
from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline, by_handler
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    asked_groups,
    needs,
    run_name,
    runs,
    scenes,
    seconds,
    timelines,
    times,
    watches,
    why_actor,
)
from hegui.regulations.trace_rules import is_sdk
from hegui.words import Words

# Leaving this soon after a denial is put down to it (RULES R22).
_QUITS_MS = 10_000
# Logcat tells only that a process died, whatever the reason.
_CRASHES = ("crash", "anr", "exception", "signal", "oom", "low_memory", "died", "killed")


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
        if not line.timed:
            continue
        exits = line.events(lambda what: what.type == "exit")
        exit_times = [one.t_ms for one in exits]
        for no in line.events(lambda what: what.type == "perm_res" and (what.result or "").startswith("denied")):
            after = bisect_left(exit_times, no.t_ms)
            gone = exits[after] if after < len(exits) else None
            if gone is None or gone.t_ms - no.t_ms > _QUITS_MS:
                stayed += line.end_ms - no.t_ms >= _QUITS_MS
                continue
            act = line.act_before(gone.t_ms)
            if act is not None and act.t_ms > no.t_ms:
                continue
            yield _quit(facts, run, no, gone)
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
    if any(word in (gone.what.cause or "").lower() for word in _CRASHES):
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


_ON = ("on", "true", "1", "granted", "enabled", "开", "开启")
_OFF = ("off", "false", "0", "denied", "disabled", "关", "关闭")


@check("app-2021:6.4.3", needs=("trace",), missing=("TRACE_NO_UI", "BASELINE_MISSING"))
def turns_settings_back_on(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission or switch that the user had off is on again without an act of the user (R25, limbs 1 and 2)."""
    window_ms = round(asked.number("window_s") * 1000)
    for run, line in timelines(facts):
        for one in line.events(lambda what: what.type == "setting"):
            old, new = (one.what.old or "").lower(), (one.what.new or "").lower()
            if old not in _OFF or new not in _ON:
                continue
            act = line.act_before(one.t_ms) if line.timed else None
            if act is not None and one.t_ms - act.t_ms <= window_ms + line.slack(one.what):
                continue
            told = line.timed and line.shows_acts
            yield found(
                "violation" if told else "undetermined",
                f"{run_name(run).zh}：{one.what.key} 由“{one.what.old}”变为“{one.what.new}”"
                + ("，此前没有用户操作" if told else "；日志没有用户操作，是否由用户改动无法判定"),
                f"{run_name(run).en}: {one.what.key} went from {one.what.old} to {one.what.new}"
                + (" with no act of the user before" if told else "; the log shows no acts, so who changed it is open"),
                shows.event(facts, run, one),
                basis="observed",
                missing=() if told else ("TRACE_NO_UI",),
                actor=one.origin if one.origin != "unknown" else "app",
            )
        changed = line.events(lambda what: what.type == "setting")
        if changed:
            yield found(
                None,
                f"{run_name(run).zh}：其余 {len(changed)} 项设置改动没有由关变开，或紧接用户操作",
                f"{run_name(run).en}: of {len(changed)} changes of settings the others turned nothing on, or followed an act",
                *shows.events(facts, run, changed),
                basis="observed",
                missing=("BASELINE_MISSING",),
            )


# ------------------------------------------------------------------------------------------------------ starts

# Why a process started that is the user's own doing, or a message the user awaits (RULES R42).
_WELCOME = ("user", "launcher", "activity", "top-activity", "push", "widget", "notification")
_OF_THE_SYSTEM = ("android", "com.android.", "com.google.android.")
_IDLE_MS = 600_000


@check(
    "app-2021:7.4",
    "app-2021:10.3",
    needs=("trace",),
    missing=("TRACE_SHORT", "TRACE_HOOK_GAP", "NO_DECL", "HUMAN_PENDING"),
)
def starts_unbidden(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The app started in the background by itself, or it or an SDK started another app, or loaded code from the network, with
    no act of the user (R42 limbs 1 and 2, R61). The 2021 draft holds article 10 against SDKs, article 7 against the app."""
    of_sdks = asked.duty.id == "app-2021:10.3"
    any_found = False
    for run, line in timelines(facts):
        for one in [] if of_sdks else _own_starts(run, line):
            any_found = True
            yield _started(facts, run, one)
        reached: dict[tuple[str, Verdict, Words], list[Event]] = {}
        for one in line.events(lambda what: what.type in ("start_app", "load_code")):
            told = _of_others(asked, line, one)
            if told is not None and is_sdk(one.origin) == of_sdks:
                reached.setdefault((one.origin, *told), []).append(one)
        for (_, verdict, did), several in reached.items():
            any_found = True
            yield _reached_out(facts, run, several, verdict, did)
    idle = [run for run, line in timelines(facts, "S6") if line.timed and line.end_ms >= _IDLE_MS]
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if evidence and not any_found:
        watched = bool(idle) and all(watches(run.meta, "start.") and not run.meta.rows_unread for run in idle)
        good = bool(idle) and watched and not of_sdks
        yield found(
            "compliant" if good else None,
            "开机并静置十分钟（S6）中未见自启动或关联启动"
            if good
            else "各次运行中未见自启动或关联启动，但场景或监测范围不全",
            "ten minutes idle after boot (S6): it neither started by itself nor started others"
            if good
            else "no such start was seen; scenarios or hooks were not complete",
            *evidence,
            basis="observed",
            missing=() if good else ("TRACE_HOOK_GAP",) if idle else ("TRACE_SHORT",),
        )


def _own_starts(run: Run, line: Timeline) -> Iterator[Event]:
    """Starts of the app's own process that the user did not cause: idle, in the background, or as the first thing of a run."""
    for number, one in enumerate(line.starts):
        if (one.what.cause or "").lower() in _WELCOME:
            continue
        idle = run.meta.scenario == "S6" or line.spell_behind(one.t_ms) is not None
        if idle or (number == 0 and one.what.cause):
            yield one


def _started(facts: Facts, run: Run, one: Event) -> Finding:
    declared = facts.decl.app if is_read(facts.decl) else None
    cause = one.what.cause
    verdict: Verdict = "risk"
    missing: tuple[str, ...] = ("HUMAN_PENDING",)
    zh, en = "，原因未记录", ", for a cause that was not recorded"
    if cause and declared is None:
        missing, zh, en = ("NO_DECL",), "，有无必需场景尚未声明", "; whether a scene needs it is not declared"
    elif cause and declared and declared.self_start_need:
        zh, en = (
            f"；声明的需要“{declared.self_start_need}”待人工确认",
            f"; the declared need “{declared.self_start_need}” awaits review",
        )
    elif cause:
        verdict, missing, zh, en = (
            "violation",
            (),
            "，声明中没有自启动的需要",
            "; no need to start by itself is declared",
        )
    return found(
        verdict,
        f"{run_name(run).zh}：应用在没有用户操作时启动（{cause or '原因不明'}）{zh}",
        f"{run_name(run).en}: the app started without an act of the user ({cause or 'cause unknown'}){en}",
        shows.event(facts, run, one),
        shows.whole(facts, run),
        basis="observed",
        missing=missing,
    )


def _of_others(asked: Asked, line: Timeline, one: Event) -> tuple[Verdict, Words] | None:
    """What starting another app or loading code may be called; None where the user led to it, or it stays within the app."""
    what, package = one.what, line.meta.package
    if one.origin == "system" or line.foreign(what) or by_handler(one.stack):
        return None
    act = line.act_before(one.t_ms) if line.timed else None
    if act is not None and one.t_ms - act.t_ms <= asked.number("window_s") * 1000 + line.slack(what):
        return None
    sure: Verdict = "violation" if line.timed and line.shows_acts and what.result != "denied" else "risk"
    if what.type == "load_code":
        if not is_sdk(one.origin) or not (what.source or "").startswith(("http:", "https:")):
            return None
        return sure, Words(f"加载了来自网络的代码 {what.source}", f"loads code from the network: {what.source}")
    target = (what.target or "").partition("/")[0]
    if not target or "." not in target or target.startswith(_OF_THE_SYSTEM):
        return None
    if package and (target == package or target.startswith(package + ".")):
        return None
    if not package:
        return "risk", Words(
            f"启动了 {target}（应用自身的包名未知）", f"starts {target} (the app's own package is not known)"
        )
    return sure, Words(f"启动了其他应用 {target}", f"starts another app: {target}")


def _reached_out(facts: Facts, run: Run, several: list[Event], verdict: Verdict, did: Words) -> Finding:
    one, many = several[0], times(sum(one.what.count for one in several))
    return found(
        verdict,
        f"{run_name(run).zh}：{who(one.origin).zh}{did.zh}，{many.zh}，此前没有用户操作",
        f"{run_name(run).en}: {who(one.origin).en} {did.en} {many.en}, with no act of the user before",
        *shows.events(facts, run, several),
        basis="observed",
        missing=() if verdict == "violation" else ("TRACE_HOOK_GAP",),
        actor=one.origin,
        why_actor=why_actor(one),
    )
