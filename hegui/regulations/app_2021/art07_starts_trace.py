"""Articles 7(4) and 10 on recorded runs: starting by itself, starting other apps, loading code from the network."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.causes import is_system, is_testing, is_welcome, loaded_as, takes_pushes
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline, between, by_handler
from hegui.facts.trace import Event, Run, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import read_whole, run_name, runs, timelines, times, watches, why_actor
from hegui.regulations.trace_rules import is_sdk
from hegui.words import Words

# How long S6 leaves the phone alone (RULES §3).
_IDLE_MS = 600_000
# Fetched this long before, a file that is loaded is the one that was fetched.
_FETCHED_MS = 600_000


@check(
    "app-2021:7.4",
    "app-2021:10.3",
    needs=("trace",),
    missing=("TRACE_SHORT", "TRACE_HOOK_GAP", "TRACE_NO_STACK", "NO_DECL", "HUMAN_PENDING"),
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
        for one in line.events(_reaches_out):
            told = _of_others(asked, line, one)
            if told is not None and is_sdk(one.origin) == of_sdks:
                reached.setdefault((one.origin, *told), []).append(one)
        for (_, verdict, did), several in reached.items():
            any_found = True
            yield _reached_out(facts, run, several, verdict, did)
    if runs(facts) and not any_found:
        yield _nothing_seen(facts, of_sdks)


def _reaches_out(what: What) -> bool:
    fetched = what.type == "file" and what.op in ("write", "create", "download") and _fetched_from(what)
    return what.type in ("start_app", "load_code") or bool(fetched)


def _nothing_seen(facts: Facts, of_sdks: bool) -> Finding:
    """Good news from ten minutes idle (S6); of SDKs also from the idle home page and from use (S3, S4), with stacks."""
    idle = [run for run, line in timelines(facts, "S6") if line.timed and line.end_ms >= _IDLE_MS]
    used = [run for run, line in timelines(facts, "S3", "S4") if line.timed] if of_sdks else []
    done = bool(idle) and (not of_sdks or {run.meta.scenario for run in used} == {"S3", "S4"})
    planned = [*idle, *used]
    families = ("start.", "code.") if of_sdks else ("start.",)
    watched = all(watches(run.meta, *families) and read_whole(run.meta) for run in planned)
    stacks = not of_sdks or all(run.meta.has_stack for run in planned)
    lacking = [code for code, lacks in (("TRACE_SHORT", not done), ("TRACE_HOOK_GAP", done and not watched)) if lacks]
    if done and not stacks:
        lacking.append("TRACE_NO_STACK")
    where = Words("开机并静置十分钟（S6）", "ten minutes idle after boot (S6)")
    if of_sdks:
        where = Words(
            "停留主页、逐场景使用与静置（S3、S4、S6）", "idle at home, in use and idle after boot (S3, S4, S6)"
        )
    return found(
        None if lacking else "compliant",
        "各次运行中未见自启动、关联启动或加载网络代码，但场景或监测范围不全"
        if lacking
        else f"{where.zh}中未见自启动、关联启动或加载网络代码",
        "no such start and no code from the network was seen; scenarios or hooks were not complete"
        if lacking
        else f"{where.en}: nothing started by itself, started others or loaded code from the network",
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        missing=tuple(lacking),
    )


def _own_starts(run: Run, line: Timeline) -> Iterator[Event]:
    """Starts of the app's own process that the user did not cause: idle, in the background, or as the first thing of a run."""
    ends = [one.t_ms for one in line.exits]
    for number, one in enumerate(line.starts):
        cause, process = one.what.cause or "", one.what.process or ""
        if is_welcome(cause) or is_testing(cause):
            continue
        # A further process of an app that runs already is no start of it.
        if number and ":" in process and not between(ends, line.starts[number - 1].t_ms, one.t_ms):
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
    elif cause and takes_pushes(one.what.process or "", one.what.target or ""):
        zh, en = (
            "；为接收推送而启动，是否由系统推送通道唤醒待确认",
            "; to take push messages, and whether the system's push channel woke it awaits review",
        )
    elif cause and declared and not declared.self_start_need and any(each.continues_bg for each in declared.scenes):
        names = "、".join(each.name for each in declared.scenes if each.continues_bg)
        zh, en = (
            f"；声明可在后台继续的场景“{names}”是否需要待人工确认",
            f"; whether the declared scenes that go on in the background ({names}) need it awaits review",
        )
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
    act = line.trigger_before(one.t_ms) if line.timed else None
    if act is not None and one.t_ms - act.t_ms <= asked.number("window_s") * 1000 + line.slack(what):
        return None
    sure: Verdict = "violation" if line.timed and line.shows_acts and what.result != "denied" else "risk"
    if what.type != "start_app":
        return _from_network(line, one, sure)
    target = (what.target or "").partition("/")[0]
    if not target or "." not in target or is_system(target):
        return None
    if package and (target == package or target.startswith(package + ".")):
        return None
    if not package:
        return "risk", Words(
            f"启动了 {target}（应用自身的包名未知）", f"starts {target} (the app's own package is not known)"
        )
    return sure, Words(f"启动了其他应用 {target}", f"starts another app: {target}")


def _from_network(line: Timeline, one: Event, sure: Verdict) -> tuple[Verdict, Words] | None:
    """What an SDK loading or fetching code may be called (R61, limbs 2 and 3). A script is labelled as such, and a risk."""
    what, source = one.what, _source(line, one)
    if not is_sdk(one.origin) or source is None:
        return None
    held = loaded_as(what.path or "") or loaded_as(source)
    if held == "script":
        return "risk", Words(f"取得了来自网络的脚本 {source}", f"gets a script from the network: {source}")
    if what.type == "file":
        return sure, Words(f"静默下载了安装包或代码 {source}", f"downloads a package or code on the quiet: {source}")
    return sure, Words(f"加载了来自网络的代码 {source}", f"loads code from the network: {source}")


def _source(line: Timeline, one: Event) -> str | None:
    """Where what is loaded or written came from: the address itself, or that of the download that wrote the file."""
    told = _fetched_from(one.what)
    if told or one.what.type == "file":
        return told if one.what.type == "load_code" or loaded_as(one.what.path or told or "") else None
    written = line.events(lambda what: what.type == "file" and what.path == one.what.path and bool(what.path))
    before = [each for each in written if 0 <= one.t_ms - each.t_ms <= _FETCHED_MS and _fetched_from(each.what)]
    return _fetched_from(before[-1].what) if before else None


def _fetched_from(what: What) -> str | None:
    return what.source if (what.source or "").startswith(("http:", "https:")) else None


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
