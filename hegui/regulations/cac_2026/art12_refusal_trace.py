"""Article 12(1) on recorded runs: what the user refused is not asked for again and again."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.queries.timeline import timeline
from hegui.regulations.refusals import Moment, Story, refusals, stories, unprompted_ever
from hegui.regulations.trace_parts import (
    asked_groups,
    lacks_acts,
    map_approved,
    read_whole,
    runs,
    scene_of,
    timelines,
    why_actor,
)
from hegui.words import Words

# Launches after the denial that a run must hold before its silence counts (RULES R28).
_RELAUNCHES = 2


@check(
    "cac-2026:12.1.4",
    "app-2021:7.3.3",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def asks_again_after_refusal(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission asked for again after the user denied it, without the user having turned to what needs it (R28)."""
    quiet, refused, any_again = 0, 0, False
    for story in stories(facts):
        of_group: dict[str, list[Moment]] = {}
        for one in story.asked:
            for group in asked_groups(one.event.what):
                of_group.setdefault(group, []).append(one)
        for group, refusal in refusals(story):
            refused += 1
            again = list(unprompted_ever(facts, asked, of_group.get(group, []), group, refusal))
            says = _nagging(facts, asked, story, group, refusal, again) if again else None
            if says is not None:
                any_again = True
                yield says
            launches = len(story.launches) - bisect_right(story.launches, refusal.at_ms)
            quiet += not again and story.timed and story.shows_acts and launches >= _RELAUNCHES
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if quiet and quiet == refused and all(read_whole(run.meta) for run in runs(facts)):
        yield found(
            "compliant",
            f"{quiet} 组权限被拒绝后，多次重新启动均未再主动索要",
            f"{quiet} permission groups were denied and, over several launches, not asked for again unprompted",
            *evidence,
            basis="observed",
            assumptions=("A-02",),
        )
    elif evidence and not any_again:
        yield found(
            None,
            f"{refused} 组权限被拒绝，其中 {quiet} 组此后重新启动至少两次而未再索要"
            if refused
            else "各次运行中未见拒绝权限后重新启动至少两次的过程",
            f"of {refused} groups denied, {quiet} were not asked for again over at least two launches"
            if refused
            else "no run shows a permission denied and the app launched at least twice after it",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_UI",) if lacks_acts(timelines(facts)) else ("TRACE_SHORT",),
        )


def _nagging(
    facts: Facts, asked: Asked, story: Story, group: str, refusal: Moment, again: list[Moment]
) -> Finding | None:
    """What asking again may be called; None where it came late, and not at one launch after the other."""
    hours = asked.number("nag.hours")
    soon = [one for one in again if one.at_ms - refusal.at_ms <= hours * 3_600_000]
    launches = sorted({bisect_right(story.launches, one.at_ms) for one in again})
    in_a_row = story.timed and any(later - earlier == 1 for earlier, later in pairwise(launches))
    if not soon and not in_a_row:
        return None
    verdict: Verdict = "violation" if len(soon) > asked.number("nag.max") or in_a_row else "risk"
    missing: tuple[str, ...] = ()
    zh, en = "", ""
    if not story.timed or not story.shows_acts:
        verdict, missing = "undetermined", ("TRACE_NO_UI",) if story.timed else ("TRACE_SHORT",)
        zh, en = "；日志看不出是否由用户触发", "; the log does not tell whether the user led to it"
    elif asked.duty.id == "app-2021:7.3.3" and (lack := _unsure_scene(facts, again)):
        verdict, missing = "risk", (lack,)
        zh, en = (
            "；是否与当时场景无关，须有经复核的场景对应表",
            "; whether the scene had nothing to do with it takes a reviewed map of scenes",
        )
    moved = [one for one in story.clock_moved if refusal.at_ms <= one.at_ms <= again[-1].at_ms]
    if moved:
        zh += "；其间手机时钟被拨动，时间按日志计"
        en += "; the phone's clock was moved in between, times are those of the log"
    name = GROUPS.get(group, Words(group, group))
    return found(
        verdict,
        f"{name.zh}权限被拒绝后又索要 {len(again)} 次（{hours:g} 小时内 {len(soon)} 次），涉及 {len(launches)} 次启动"
        f"{'，其中有相邻的两次' if in_a_row else ''}，此前没有用户操作{zh}",
        f"after {name.en} was denied it was asked for again {len(again)} times ({len(soon)} within {hours:g} h), in "
        f"{len(launches)} launches{', two of them in a row' if in_a_row else ''}, with no act of the user before{en}",
        shows.event(facts, refusal.run, refusal.event),
        *(shows.event(facts, one.run, one.event) for one in (*moved[:1], *again[:4])),
        basis="observed",
        assumptions=("A-02",),
        missing=missing,
        actor=again[0].event.origin,
        why_actor=why_actor(again[0].event),
    )


def _unsure_scene(facts: Facts, again: list[Moment]) -> str:
    """Why it is not settled that the scenes had nothing to do with the requests; "" where it is."""
    if any(scene_of(facts, timeline(one.run).page_at(one.event.t_ms)) is None for one in again):
        return "SCENE_UNMAPPED"
    return "" if map_approved(facts) else "HUMAN_PENDING"
