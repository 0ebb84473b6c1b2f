"""Article 6(4) on recorded runs: what the user switched off or denied stays so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.causes import is_on
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.trace_parts import read_whole, run_name, runs
from hegui.words import Words

# Runs whose plan is to change nothing by hand between one start and the next (RULES §3): denied and started again (S5),
# upgraded (S7).
_NOTHING_BY_HAND = ("S5", "S7")


class _State(NamedTuple):
    """What a run shows of a switch or a permission at one moment. `by_user`: the user's own answer to a box."""

    event: Event
    was_on: bool | None
    on: bool | None
    by_user: bool = False


@dataclass(frozen=True)
class _Seen:
    """A state and the run, with the facts it is part of, that shows it."""

    facts: Facts
    run: Run
    event: Event

    @property
    def evidence(self) -> Evidence:
        return shows.event(self.facts, self.run, self.event)


@check("app-2021:6.4.3", needs=("trace",), missing=("TRACE_NO_UI", "BASELINE_MISSING", "TRACE_SHORT"))
def turns_settings_back_on(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission or switch that the user had off is on again without an act of the user: in a run, from one start to the
    next, or after an update (R25). What goes the other way, or moves with a new level of the system, is the system's."""
    window_ms = round(asked.number("window_s") * 1000)
    compared: set[str] = set()
    any_back = False
    off: dict[str, _Seen] = {}
    for whose, run in _in_order(facts):
        line = timeline(run)
        first_seen: set[str] = set()
        for key, state in _states(line):
            before, fresh_look = off.get(key), key not in first_seen
            first_seen.add(key)
            now_on = state.on if state.was_on is None or not fresh_look else state.was_on
            if before is not None and now_on is not None:
                compared.add(run.meta.scenario)
            if before is not None and before.run is not run and fresh_look and now_on and whose is facts:
                says = _across(line, before, _Seen(whose, run, state.event), key)
                any_back |= says is not None
                yield from (says,) if says is not None else ()
            elif state.on and not state.by_user and _was_off(state, before, run) and whose is facts:
                since = before.event.t_ms if before is not None and before.run is run else 0
                away = _is_permission(key) and line.left_between(since, state.event.t_ms)
                says = None if away else _within(line, run, facts, state, key, window_ms)
                any_back |= says is not None
                yield from (says,) if says is not None else ()
            if state.on is False:
                off[key] = _Seen(whose, run, state.event)
            elif state.on:
                off.pop(key, None)
    if runs(facts) and not any_back:
        yield _kept(facts, compared)


def _in_order(facts: Facts) -> list[tuple[Facts, Run]]:
    """All runs, those of the version before first, then by their date where all have one."""
    old = facts.previous
    several = [(old, run) for run in runs(old)] if is_read(old) else []
    now = [(facts, run) for run in runs(facts)]
    if all(run.meta.started_at for _, run in now):
        now.sort(key=lambda one: one[1].meta.started_at)
    return [*several, *now]


def _states(line: Timeline) -> Iterator[tuple[str, _State]]:
    """The states a run shows, in order of time, by the name of the switch or permission."""
    for one in line.events(lambda what: what.type in ("setting", "perm_res")):
        what = one.what
        if what.type == "perm_res":
            on = is_on(what.result or "") if what.result != "ok" else True
            names = (what.perm, *what.perms)
            yield from ((_key(name), _State(one, None, on, by_user=True)) for name in names if name)
        elif what.key:
            yield _key(what.key), _State(one, is_on(what.old or ""), is_on(what.new or ""))


def _key(name: str) -> str:
    return name.removeprefix("android.permission.")


def _is_permission(key: str) -> bool:
    """Whether it is a permission, which the user may also change in the settings of the phone while the app is away."""
    return key.isupper()


def _was_off(state: _State, before: _Seen | None, run: Run) -> bool:
    """Whether it was off right before: the event says so itself, or the same run showed it."""
    return state.was_on is False or (state.was_on is None and before is not None and before.run is run)


def _within(line: Timeline, run: Run, facts: Facts, state: _State, key: str, window_ms: int) -> Finding | None:
    """Turned on in a run; None where an act of the user came right before."""
    one = state.event
    act = line.act_before(one.t_ms) if line.timed else None
    if act is not None and one.t_ms - act.t_ms <= window_ms + line.slack(one.what):
        return None
    told = line.timed and line.shows_acts
    return found(
        "violation" if told else "undetermined",
        f"{run_name(run).zh}：{key} 由关变为开（“{one.what.old or ''}”→“{one.what.new}”）"
        + ("，此前没有用户操作" if told else "；日志没有用户操作，是否由用户改动无法判定"),
        f"{run_name(run).en}: {key} went from off to on ({one.what.old or ''} → {one.what.new})"
        + (" with no act of the user before" if told else "; the log shows no acts, so who changed it is open"),
        shows.event(facts, run, one),
        basis="observed",
        missing=() if told else ("TRACE_NO_UI",),
        actor=one.origin if one.origin != "unknown" else "app",
    )


def _across(line: Timeline, before: _Seen, now: _Seen, key: str) -> Finding | None:
    """Off at the end of one run and on at the first look in the next; None where that is the system's doing or the user's."""
    old, new = before.run.meta, now.run.meta
    # Only a date, or a version after the other, tells that one run came after the other on the same phone.
    if before.facts is now.facts and not (old.started_at and new.started_at and old.device == new.device):
        return None
    permission = before.event.what.type == "perm_res" or now.event.what.type == "perm_res" or _is_permission(key)
    if permission and (old.os_api != new.os_api or now.event.what.type == "perm_res"):
        return None
    first = line.acts[0].t_ms if line.acts else None
    if first is not None and (not line.timed or first <= now.event.t_ms):
        return None
    verdict: Verdict = "violation"
    missing: tuple[str, ...] = ()
    more = Words("", "")
    if new.fresh_install:
        verdict, more = "risk", Words("；其间清除数据重装", "; in between it was installed afresh with data cleared")
    elif not line.shows_acts:
        verdict, missing = "undetermined", ("TRACE_NO_UI",)
        more = Words("；日志没有用户操作", "; the log shows no acts of the user")
    elif new.scenario not in _NOTHING_BY_HAND:
        verdict, missing = "risk", ("BASELINE_MISSING",)
        more = Words(
            "；两次运行之间没有记录，可能由用户改动",
            "; between the two runs nothing was recorded: the user may have done it",
        )
    return found(
        verdict,
        f"{key} 在{run_name(before.run).zh}中为关，到{run_name(now.run).zh}开始时已为开，其间没有用户操作的记录{more.zh}",
        f"{key} was off in {run_name(before.run).en} and on when {run_name(now.run).en} began, with no act of the user on "
        f"record between{more.en}",
        before.evidence,
        now.evidence,
        shows.whole(now.facts, now.run),
        basis="observed",
        missing=missing,
    )


def _kept(facts: Facts, compared: set[str]) -> Finding:
    """Nothing was turned back on: good news from S5 and S7, where what was off was looked at again in both."""
    good = set(_NOTHING_BY_HAND) <= compared and all(read_whole(run.meta) for run in runs(facts))
    return found(
        "compliant" if good else None,
        "拒绝后重新启动（S5）与升级（S7）前后，关闭的权限和开关仍为关闭"
        if good
        else "未见关闭的权限或开关在没有用户操作时变为开；重新启动（S5）与升级（S7）前后的对照不全",
        "after restarts (S5) and an upgrade (S7) what was off is still off"
        if good
        else "nothing that was off was seen to turn on without an act of the user; before and after restarts (S5) and an upgrade "
        "(S7) were not both compared",
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        missing=() if good else ("BASELINE_MISSING",),
    )
