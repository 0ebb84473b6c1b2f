"""A run in order of time (时间线): which events are there, whose, what stood in front, and what the user did before.

Questions that several duties ask of the same run are answered by one Timeline, made once. A question of distance in time
is answered None where the log has no times, or where the answer lies within what its times are off.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise, zip_longest
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from hegui.facts.trace import Event, Run, Stack, What

Made = TypeVar("Made")

# A `ui` event of these actions is something shown, not something the user did.
_SHOWN = frozenset({"notification", "pip", "shown", "show"})

# Lists of events longer than this are not kept for the next question: they would hold more than the run itself.
_MOST_KEPT = 200_000

# Between a tap and what it answers (a permission box, the notice of the rules), in the log: at most this.
_ANSWERS_MS = 1000

# Frames of the platform that run because a control was touched (RULES D5: the stack contains the click handler).
_HANDLERS = (
    ".performClick", ".performLongClick", ".onClick", ".onLongClick", ".onMenuItemClick", ".onOptionsItemSelected",
    ".onItemClick", ".onEditorAction", ".onRefresh",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch [start_ms, end_ms) in which one page was in front, or the app was in the background. None: to the end."""

    start_ms: int
    end_ms: int | None
    what: What | None = None

    def holds(self, t_ms: int) -> bool:
        return self.start_ms <= t_ms and (self.end_ms is None or t_ms < self.end_ms)


class Timeline:
    """What is asked of one run. Positions are indexes into its columns, so a lower one is never later."""

    def __init__(self, run: Run) -> None:
        # The run itself is not kept: it is the key under which this is kept.
        self.meta, self.t_ms = run.meta, run.t_ms
        self._whats, self._stacks, self._line, self._what = run.whats, run.stacks, run.line, run.what
        self._long: dict[int, list[Spell]] = {}
        self._made: dict[tuple[int, ...], list[Event]] = {}
        self._kept: dict[object, Any] = {}
        self._of_row: list[array[int]] = [array("I") for _ in run.whats]
        for at, row in enumerate(run.what):
            self._of_row[row].append(at)

    # ------------------------------------------------------------------------------------------------ events

    def rows(self, test: Callable[[What], bool]) -> tuple[int, ...]:
        """The rows of `whats` that pass and happened."""
        return tuple(row for row, what in enumerate(self._whats) if self._of_row[row] and test(what))

    def places(self, rows: Iterable[int]) -> list[int]:
        """The positions of all events of these rows, in order of time."""
        return sorted(chain.from_iterable(self._of_row[row] for row in rows))

    def of_row(self, row: int) -> "array[int]":
        """The positions of the events of one row, in order of time."""
        return self._of_row[row]

    def events(self, test: Callable[[What], bool]) -> list[Event]:
        """The events that pass, in order of time: for kinds of which there are few. The same are made once."""
        rows = self.rows(test)
        made = self._made.get(rows)
        if made is None:
            made = [self.event(at) for at in self.places(rows)]
            if len(made) <= _MOST_KEPT:
                self._made[rows] = made
        return list(made)

    def kept(self, key: object, make: Callable[[], Made]) -> Made:
        """What several duties ask of this run, made at the first question; `key` names it and all it depends on."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def event(self, at: int) -> Event:
        return Event(at + 1, self.t_ms[at], self._line[at], *self.row(self._what[at]))

    def row(self, row: int) -> tuple[What, Stack | None]:
        what = self._whats[row]
        return what, None if what.stack is None else self._stacks[what.stack]

    def foreign(self, what: What) -> bool:
        """Whether it is the act of another app: a keyboard, a system picker. Only a process that the source names tells."""
        package = self.meta.package
        return bool(package and what.process and what.process.partition(":")[0] != package)

    # ------------------------------------------------------------------------------------------------- times

    @property
    def timed(self) -> bool:
        """Whether distances in time mean anything."""
        return self.meta.clock != "order"

    @property
    def end_ms(self) -> int:
        """Until when the run is known to go on."""
        last = self.t_ms[-1] if self.t_ms else 0
        return last if self.meta.ended_ms is None else max(last, self.meta.ended_ms)

    @cached_property
    def set_back(self) -> bool:
        """Whether the clock was set back while the log was written: its rows go back in time once, by over a second.

        Rows that go back more often, or never forward, stand in another order than that of time (newest first, by kind),
        which tells nothing.
        """
        if not self.timed or all(earlier <= later for earlier, later in pairwise(self._line)):
            return False
        written = sorted((line, t_ms) for line, t_ms in zip(self._line, self.t_ms, strict=True) if line)
        steps = [later - earlier for (_, earlier), (_, later) in pairwise(written)]
        falls = [-step for step in steps if step < 0]
        return max(steps, default=0) > 0 and len(falls) == 1 and falls[0] > 1000 + self.meta.uncertainty_ms

    def slack(self, *several: What) -> int:
        """How far apart two times may seem that are the same, in ms."""
        return self.meta.uncertainty_ms + sum(one.uncertainty_ms or 0 for one in several)

    # ---------------------------------------------------------------------------------------- what the user did

    @cached_property
    def acts(self) -> list[Event]:
        """What the user did (D5), in order of time."""
        return self.events(lambda what: what.type == "ui" and what.action not in _SHOWN)

    @property
    def shows_acts(self) -> bool:
        """Whether the source watched what the user did: only then does no act mean that none was."""
        return self.meta.has_ui or bool(self.acts)

    def act_before(self, t_ms: int) -> Event | None:
        """The last act up to a time, None if there is none or the app went to the background in between (D5)."""
        at = bisect_right(self._act_times, t_ms)
        if not at:
            return None
        act = self.acts[at - 1]
        return None if self.left_between(act.t_ms, t_ms) else act

    def acted_between(self, after_ms: int, until_ms: int) -> bool:
        """Whether the user did something after one time and up to another, the app in front or not."""
        return between(self._act_times, after_ms + 1, until_ms + 1) > 0

    def left_between(self, after_ms: int, until_ms: int) -> bool:
        """Whether the app went to the background after one time and up to another."""
        left = bisect_right(self._left, until_ms)
        return bool(left) and self._left[left - 1] > after_ms

    def trigger_before(self, t_ms: int) -> Event | None:
        """The last act up to a time that may have asked for something; None as for `act_before`.

        To agree to the rules, or to answer a permission box, asks for nothing; nor does an act in another app.
        """
        at = bisect_right(self._trigger_times, t_ms)
        if not at:
            return None
        act = self.triggers[at - 1]
        return None if self.left_between(act.t_ms, t_ms) else act

    @cached_property
    def triggers(self) -> list[Event]:
        """The acts that may have asked for something, in order of time; see `trigger_before`."""
        agreeing = self._acts_nearest(one.t_ms for one in self.events(lambda what: what.type == "consent"))
        return [
            act
            for at, act in enumerate(self.acts)
            if at not in agreeing and not self.foreign(act.what) and not self._answers_a_box(act.t_ms)
        ]

    @cached_property
    def _trigger_times(self) -> list[int]:
        return [act.t_ms for act in self.triggers]

    def _acts_nearest(self, times: Iterable[int]) -> set[int]:
        """The acts, by position, that stand nearest to these times and belong to what happened then."""
        found = set()
        for t_ms in times:
            at = bisect_left(self._act_times, t_ms)
            near = [(abs(self._act_times[one] - t_ms), one) for one in (at - 1, at) if 0 <= one < len(self.acts)]
            if near and min(near)[0] <= _ANSWERS_MS:
                found.add(min(near)[1])
        return found

    def _answers_a_box(self, t_ms: int) -> bool:
        """Whether a permission box stood open at a time, and was answered right after it."""
        at = bisect_left(self._boxes_asked, t_ms)
        if not at or between(self.boxes_answered, self._boxes_asked[at - 1], t_ms):
            return False
        return between(self.boxes_answered, t_ms, t_ms + _ANSWERS_MS + 1) > 0

    @cached_property
    def _boxes_asked(self) -> list[int]:
        return [one.t_ms for one in self.events(lambda what: what.type == "perm_req")]

    @cached_property
    def boxes_answered(self) -> list[int]:
        """When permission boxes were answered."""
        return [one.t_ms for one in self.events(lambda what: what.type == "perm_res")]

    @cached_property
    def _left(self) -> list[int]:
        """When the app went to the background."""
        return [one.start_ms for one in self.background]

    @cached_property
    def _act_times(self) -> list[int]:
        return [one.t_ms for one in self.acts]

    # --------------------------------------------------------------------------------- what stood in front

    @cached_property
    def background(self) -> list[Spell]:
        """When the app was in the background."""
        spells: list[Spell] = []
        since: int | None = None
        for one in self.events(lambda what: what.type in ("fg", "bg")):
            if one.what.type == "bg":
                since = one.t_ms if since is None else since
            elif since is not None:
                spells.append(Spell(since, one.t_ms))
                since = None
        return spells if since is None else [*spells, Spell(since, None)]

    def behind(self, one: Event) -> bool | None:
        """Whether an event happened in the background, as the source marks it or by the last change of state before it.

        None where the source does not tell, or a change lies within what the times are off.
        """
        if one.what.phase == "background":
            return True
        slack, edges = self.slack(one.what), self._told_states
        if not edges or (slack and between(edges, one.t_ms - slack, one.t_ms + slack + 1)):
            return None
        return self.spell_behind(one.t_ms) is not None

    def spell_behind(self, t_ms: int) -> Spell | None:
        """The stretch in the background in which a time lies."""
        at = bisect_right(self._left, t_ms)
        return self.background[at - 1] if at and self.background[at - 1].holds(t_ms) else None

    def background_from(self, t_ms: int, longer_than_ms: int = -1) -> Iterator[Spell]:
        """The stretches in the background that begin at a time or later and last longer than this."""
        if longer_than_ms not in self._long:
            self._long[longer_than_ms] = [
                one for one in self.background if one.end_ms is None or one.end_ms - one.start_ms > longer_than_ms
            ]
        long = self._long[longer_than_ms]
        yield from islice(long, bisect_left(long, t_ms, key=lambda spell: spell.start_ms), None)

    @cached_property
    def _told_states(self) -> list[int]:
        return [one.t_ms for one in self.events(lambda what: what.type in ("fg", "bg"))]

    @cached_property
    def pages(self) -> list[Spell]:
        """The app's own pages, one after the other. A picker, a permission box or a keyboard over a page does not end it."""
        shown = [one for one in self.events(lambda what: what.type == "screen") if not self._of_another(one.what)]
        return [Spell(one.t_ms, then.t_ms if then else None, one.what) for one, then in zip_longest(shown, shown[1:])]

    def _of_another(self, what: What) -> bool:
        owner = (what.activity or "").partition("/")[0] if "/" in (what.activity or "") else ""
        return self.foreign(what) or bool(owner and self.meta.package and owner != self.meta.package)

    def page_at(self, t_ms: int) -> Spell | None:
        """The page that was the last one shown at a time."""
        at = bisect_right(self._page_times, t_ms)
        return self.pages[at - 1] if at else None

    def page_after(self, t_ms: int) -> Spell | None:
        """The first page shown after a time."""
        at = bisect_right(self._page_times, t_ms)
        return self.pages[at] if at < len(self.pages) else None

    @cached_property
    def _page_times(self) -> list[int]:
        return [one.start_ms for one in self.pages]

    def notified(self, spell: Spell) -> bool:
        """Whether a notification or small window (画中画) of the app was seen while it was in the background, or just before."""
        end_ms = self.end_ms if spell.end_ms is None else spell.end_ms
        return between(self._notifications, spell.start_ms - 1000, end_ms + 1) > 0

    @cached_property
    def _notifications(self) -> list[int]:
        return [
            one.t_ms for one in self.events(lambda what: what.type == "ui" and what.action in ("notification", "pip"))
        ]

    # ------------------------------------------------------------------------------------- starts and ends

    @cached_property
    def exits(self) -> list[Event]:
        """The ends of the app: not those of its further processes."""
        return self.events(
            lambda what: what.type == "exit" and not self.foreign(what) and ":" not in (what.process or "")
        )

    @cached_property
    def starts(self) -> list[Event]:
        """The starts of the app's own processes."""
        return self.events(lambda what: what.type == "process_start" and not self.foreign(what))


_KEPT: "WeakKeyDictionary[Run, Timeline]" = WeakKeyDictionary()


def timeline(run: Run) -> Timeline:
    """The timeline of a run, made at the first question."""
    made = _KEPT.get(run)
    if made is None:
        made = _KEPT[run] = Timeline(run)
    return made


def by_handler(stack: Stack | None) -> bool:
    """Whether the call runs in the handler of a control the user touched."""
    return stack is not None and any(frame.endswith(_HANDLERS) for frame in stack.frames)


def clusters(times: Iterable[int], gap_ms: int) -> list[int]:
    """Times in order, those up to `gap_ms` after the first of a cluster taken as one (one act asks several sources)."""
    found: list[int] = []
    for t_ms in times:
        if not found or t_ms - found[-1] > gap_ms:
            found.append(t_ms)
    return found


def most_within(times: list[int], window_ms: int) -> int:
    """The largest number of these ordered times that lies in any window of this length."""
    start, most = 0, 0
    for at, t_ms in enumerate(times):
        while t_ms - times[start] >= window_ms:
            start += 1
        most = max(most, at - start + 1)
    return most


def between(times: list[int], start_ms: int, end_ms: int) -> int:
    """How many of these ordered times lie in [start_ms, end_ms)."""
    return bisect_left(times, end_ms) - bisect_left(times, start_ms)
