"""Permission requests and what led to them: the user's act, the box before, or nothing (R24, R26, R28)."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from hegui.facts.queries.timeline import Timeline, between, by_handler
from hegui.facts.trace import Event


@dataclass(frozen=True, slots=True)
class Asked:
    """A permission request. `act`: what the user last did before it; `gap_ms`: how long before; None: nothing.

    A request that follows the answer to another stands in its place: both were led to by the same act, and the time in
    which the user looked at the first box does not count. by_handler: it runs in the handler of the control touched.
    """

    req: Event
    act: Event | None
    gap_ms: int | None
    by_handler: bool

    def within(self, line: Timeline, window_ms: int) -> bool:
        """Whether an act of the user led to it at once."""
        return self.by_handler or (self.gap_ms is not None and self.gap_ms <= window_ms + line.slack(self.req.what))


def led_to(line: Timeline, requests: Iterable[Event], window_ms: int) -> list[Asked]:
    """The requests of a run, in order of time, each with what led to it. Without times nothing but a handler tells."""
    made: list[Asked] = []
    for req in requests:
        act = line.trigger_before(req.t_ms) if line.timed else None
        own = Asked(req, act, req.t_ms - act.t_ms if act else None, _by_handler(line, req))
        earlier = made[-1] if made else None
        if earlier and not own.within(line, window_ms) and _follows(line, earlier.req, req, window_ms):
            own = Asked(req, earlier.act, earlier.gap_ms, earlier.by_handler)
        made.append(own)
    return made


def since_box(line: Timeline, earlier: Event, req: Event) -> int:
    """Milliseconds between a request, or the answer to it, and the next request."""
    at = bisect_right(line.boxes_answered, req.t_ms)
    return req.t_ms - max([earlier.t_ms, *line.boxes_answered[at - 1 : at]])


def _follows(line: Timeline, earlier: Event, req: Event, window_ms: int) -> bool:
    """Whether a request came right after the answer to an earlier one."""
    answered = between(line.boxes_answered, earlier.t_ms, req.t_ms + 1) > 0
    return line.timed and answered and since_box(line, earlier, req) <= window_ms


def _by_handler(line: Timeline, req: Event) -> bool:
    """Whether it runs in the handler of a control, and that control was not the one that agrees to the rules."""
    if not by_handler(req.stack):
        return False
    last = line.act_before(req.t_ms)
    return last is None or last == line.trigger_before(req.t_ms)
