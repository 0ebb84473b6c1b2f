"""When the user agreed to the rules, or refused them (RULES D1), and on which side of it an event lies."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.trace import Event, Run, What

Side = Literal["before", "refused", "after", "unsure"]

# Runs in which, by their plan, nobody agrees (RULES §3): S1 touches nothing, S2 refuses.
NOBODY_AGREES = ("S1", "S2")


# A user who changes their mind more often is none: after this many, nothing is told.
_MOST_CHANGES = 100


class Stretch(NamedTuple):
    """The positions [start, end) of the run that lie on one side. `by` is the agreement or refusal nearest to it."""

    side: Side
    start: int
    end: int
    by: Event | None


class Consents:
    """The agreements and refusals of one run; `consents` makes them once.

    `tells`: whether the run would have shown an agreement. Without one, only then is all of it before consent.
    """

    def __init__(self, run: Run) -> None:
        self._line: Timeline = timeline(run)
        given = self._line.events(_about_rules)
        self.given = [one for at, one in enumerate(given) if not at or one.what.act != given[at - 1].what.act]
        self.agreed = next((one for one in self.given if one.what.act == "agree"), None)
        self.tells = bool(
            self.given or run.meta.scenario in NOBODY_AGREES or (self._line.shows_acts and self._line.acts)
        )

    def stretches(self, what: What) -> Iterator[Stretch]:
        """The run from its start to its end, cut where the side changes for events of this row.

        Within what the times are off, on either side of an agreement or refusal, it is unsure; so is the very same
        millisecond; and all of a run whose clock was set back. A log without times has an order all the same.
        """
        times, size = self._line.t_ms, len(self._line.t_ms)
        side: Side = "before"
        start, by = 0, None if not self.given else self.given[0]
        if self.given and self._line.set_back:
            yield Stretch("unsure", 0, size, by)
            return
        for one in self.given[:_MOST_CHANGES]:
            becomes: Side = "after" if one.what.act == "agree" else "refused"
            if becomes == side:
                continue
            slack = self._line.slack(one.what, what)
            first = max(start, bisect_left(times, one.t_ms - slack))
            last = max(first, bisect_right(times, one.t_ms + slack))
            yield Stretch(side, start, first, by if side == "before" else one)
            yield Stretch("unsure", first, last, one)
            side, start, by = becomes, last, one
        yield Stretch(side if len(self.given) <= _MOST_CHANGES else "unsure", start, size, by)


_KEPT: "WeakKeyDictionary[Run, Consents]" = WeakKeyDictionary()


def consents(run: Run) -> Consents:
    """Those of a run, made at the first question."""
    made = _KEPT.get(run)
    if made is None:
        made = _KEPT[run] = Consents(run)
    return made


def _about_rules(what: What) -> bool:
    return what.type == "consent" and what.scope in (None, "rules") and what.act in ("agree", "refuse")
