"""How often each party takes each kind in a run (频度): the gaps between its reads, beside what the rules say of them."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log

from hegui.facts.policy import Policy
from hegui.facts.queries.frequency import bound
from hegui.facts.queries.stated_frequency import stated_frequency
from hegui.facts.queries.timeline import Timeline, clusters, timeline
from hegui.facts.trace import Run
from hegui.report import names
from hegui.report.runs import actor_name, takings
from hegui.words import Words

# Calls this close are one act that asks several sources, as the checks take it (RULES R30).
_FAN_OUT_MS = 1000
# Fewer gaps make no picture.
_FEWEST_GAPS = 4
MOST_SERIES = 24

# Where a column of the histogram ends, but for the last; each column is as wide as the others.
_ENDS_MS = (2_000, 5_000, 15_000, 30_000, 60_000, 300_000, 900_000)
ENDS = tuple(
    Words(zh, en)
    for zh, en in (
        ("2秒", "2 s"), ("5秒", "5 s"), ("15秒", "15 s"), ("30秒", "30 s"),
        ("1分", "1 min"), ("5分", "5 min"), ("15分", "15 min"),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Series:
    """The reads of one kind by one party. `gaps` counts by column; `faster` are gaps shorter than the stated interval.

    stated: the words of the rules, "" where they are silent. limit: where their interval stands, in columns from the left;
    None where they state none.
    """

    actor: Words
    kind: Words
    reads: int
    gaps: tuple[int, ...]
    median_ms: int
    stated: str
    limit: float | None
    faster: int

    @property
    def most(self) -> int:
        return max(self.gaps)


def often(run: Run, rules: Policy | None) -> tuple[Series, ...]:
    """The busiest series of a run; () where the log has no times, or nothing was read again and again."""
    line = timeline(run)
    if not line.timed:
        return ()
    return tuple(sorted(_series(line, rules), key=lambda one: -one.reads)[:MOST_SERIES])


def _series(line: Timeline, rules: Policy | None) -> Iterator[Series]:
    for (actor, kind), rows in takings(line).items():
        # A row that sums up tells no times, and what lasts is told by its length.
        single = [row for row in rows if line.row(row)[0].count == 1 and line.row(row)[0].type not in ("sensor", "net")]
        reads = clusters((line.t_ms[at] for at in line.places(single)), _FAN_OUT_MS)
        gaps = sorted(later - earlier for earlier, later in pairwise(reads))
        if len(gaps) < _FEWEST_GAPS:
            continue
        groups = {line.row(row)[0].perm_group for row in rows} - {None}
        said = stated_frequency(rules, kind, [one for one in groups if one]) if rules else None
        stated = bound(said[0]) if said else None
        columns = [0] * (len(_ENDS_MS) + 1)
        for gap in gaps:
            columns[bisect_right(_ENDS_MS, gap)] += 1
        yield Series(
            actor_name(actor),
            names.kind(kind),
            len(reads),
            tuple(columns),
            gaps[len(gaps) // 2],
            said[0] if said else "",
            _column_of(stated.interval_ms) if stated else None,
            sum(gap < stated.interval_ms for gap in gaps) if stated else 0,
        )


def _column_of(ms: float) -> float:
    """Where a length of time stands among the columns, on a scale that grows as they do."""
    at = bisect_right(_ENDS_MS, ms)
    low = _ENDS_MS[at - 1] if at else 500
    high = _ENDS_MS[at] if at < len(_ENDS_MS) else 3_600_000
    return round(min(len(_ENDS_MS) + 1, at + max(0.0, log(ms / low) / log(high / low))), 2)
