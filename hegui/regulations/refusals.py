"""What the user denied, and the requests that came unprompted after it, over all runs of one device (R28)."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hegui.audit import Asked
from hegui.catalogue.behaviours.causes import is_ended_by_others, is_welcome, moves_the_clock
from hegui.facts import Facts
from hegui.facts.queries.asking import Asked as Led
from hegui.facts.queries.asking import led_to
from hegui.facts.queries.timeline import Timeline, between, timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.trace_parts import asked_groups, needs, requests, runs, scene_of

# A denial this soon after the request was given by the system, which no longer shows its box ("don't ask again"): that
# disturbs nobody.
_NOT_SHOWN_MS = 300
# Leaving this soon after a denial is put down to it (RULES R22).
QUITS_MS = 10_000


def ended_on(line: Timeline, no: Event) -> Event | None:
    """The end of the app within ten seconds of a refusal, with no act of the user between; None where it went on.

    That one of its other processes ended, or that the user or the system ended it, is no answer to the refusal.
    """
    if not line.timed:
        return None
    at = bisect_left(line.exits, no.t_ms, key=lambda one: one.t_ms)
    gone = line.exits[at] if at < len(line.exits) else None
    if gone is None or gone.t_ms - no.t_ms > QUITS_MS or is_ended_by_others(gone.what.cause or ""):
        return None
    return None if line.acted_between(no.t_ms + line.slack(no.what), gone.t_ms) else gone


@dataclass(frozen=True)
class Moment:
    """An event, its time on the clock that the runs of a story share, and the run it is of."""

    at_ms: int
    run: Run
    event: Event


@dataclass(frozen=True)
class Story:
    """One run, or the dated runs of one device one after the other: what was asked, what was denied, and each launch.

    clock_moved: the settings by which a tester, or the user, moved the clock of the phone.
    """

    asked: tuple[Moment, ...]
    denied: tuple[Moment, ...]
    launches: tuple[int, ...]
    clock_moved: tuple[Moment, ...]
    shows_acts: bool
    timed: bool


def stories(facts: Facts) -> Iterator[Story]:
    """Runs with a date lie on one clock, and a denial in one counts in the next; each other run stands alone."""
    dated: dict[tuple[str, str], list[tuple[int, Run]]] = {}
    for run in runs(facts):
        start = date_ms(run)
        if start is None:
            yield _story([(0, run)])
        else:
            dated.setdefault((run.meta.device, run.meta.package), []).append((start, run))
    for several in dated.values():
        yield _story(sorted(several, key=lambda one: one[0]))


def date_ms(run: Run) -> int | None:
    try:
        return (
            round(datetime.fromisoformat(run.meta.started_at).timestamp() * 1000) if run.meta.clock == "wall" else None
        )
    except ValueError:
        return None


def _story(several: list[tuple[int, Run]]) -> Story:
    asked: list[Moment] = []
    denied: list[Moment] = []
    launches: list[int] = []
    clock_moved: list[Moment] = []
    lines = [timeline(run) for _, run in several]
    for (start, run), line in zip(several, lines, strict=True):
        answers = [Moment(start + one.t_ms, run, one) for one in line.events(lambda what: what.type == "perm_res")]
        refused = [one for one in answers if (one.event.what.result or "").startswith("denied")]
        denied += refused
        made = [Moment(start + one.t_ms, run, one) for one in requests(line)]
        at = [no.at_ms for no in refused]
        asked += [one for one in made if not between(at, one.at_ms, one.at_ms + _NOT_SHOWN_MS)]
        launches += [start + one.t_ms for one in line.starts if _is_launch(one)] or [start]
        clock_moved += [
            Moment(start + one.t_ms, run, one)
            for one in line.events(lambda what: what.type == "setting" and moves_the_clock(what.key or ""))
        ]
    return Story(
        tuple(asked),
        tuple(denied),
        tuple(launches),
        tuple(clock_moved),
        all(line.shows_acts for line in lines),
        all(line.timed for line in lines),
    )


def _is_launch(start: Event) -> bool:
    """Whether a start of a process is the app being opened: not that of another of its processes, nor one by itself."""
    return ":" not in (start.what.process or "") and (not start.what.cause or is_welcome(start.what.cause))


def refusals(story: Story) -> list[tuple[str, Moment]]:
    """The first denial of each group."""
    first: dict[str, Moment] = {}
    for one in story.denied:
        for group in asked_groups(one.event.what):
            first.setdefault(group, one)
    return list(first.items())


def unprompted_ever(
    facts: Facts, asked: Asked, requested: list[Moment], group: str, refusal: Moment
) -> Iterator[Moment]:
    """Those of the requests for the group that came unprompted after its denial."""
    window_ms = round(asked.number("window_s") * 1000)
    of_run: dict[Run, tuple[dict[int, Led], list[int]]] = {}
    for one in requested:
        if one.at_ms <= refusal.at_ms:
            continue
        line = timeline(one.run)
        if one.run not in of_run:
            led = {each.req.seq: each for each in led_to(line, requests(line), window_ms)}
            of_run[one.run] = led, _denials(line, group)
        by_request, denied = of_run[one.run]
        led_by = by_request[one.event.seq]
        # An act that was answered by a denial of the group has had its answer.
        answered = led_by.act is not None and between(denied, led_by.act.t_ms, one.event.t_ms + 1)
        if led_by.by_handler or (led_by.within(line, window_ms) and not answered):
            continue
        scene = scene_of(facts, line.page_at(one.event.t_ms))
        # The 2021 draft forbids asking for what the scene at hand has nothing to do with.
        if asked.duty.id != "app-2021:7.3.3" or scene is None or not needs(scene, group):
            yield one


def _denials(line: Timeline, group: str) -> list[int]:
    """When the group was denied in a run."""
    denied = line.events(lambda what: what.type == "perm_res" and (what.result or "").startswith("denied"))
    return [one.t_ms for one in denied if group in asked_groups(one.what)]


def unprompted(facts: Facts, asked: Asked, requested: list[Moment], group: str, refusal: Moment) -> Iterator[Moment]:
    """Those of them within the period that counts."""
    until = refusal.at_ms + round(asked.number("nag.hours") * 3_600_000)
    for one in unprompted_ever(facts, asked, requested, group, refusal):
        if one.at_ms <= until:
            yield one
