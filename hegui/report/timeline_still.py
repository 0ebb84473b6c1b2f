"""A run as one still picture, for print and for a reader without JavaScript: few shapes, whatever the number of events."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from hegui.report.runs import actor_name
from hegui.report.timeline import Picture, clock
from hegui.report.timeline_lanes import SECTIONS, SIDES, Mark, Row, Side
from hegui.words import Words

MOST_MARKS = 2000

# In units of the picture, which is scaled to the page.
_WIDTH, _LEFT, _LANE, _TOP, _BARS, _GAP = 1000, 215, 17, 40, 46, 12
_ROOM = _WIDTH - _LEFT - 8

# Of several marks in one place the one that says most is shown.
_MARK_ORDER: tuple[Mark, ...] = ("strong", "denied", "unreadable", "plain", "back", "weak", "end")

# The side is told by height too, so that it can be read without colours.
_HIGH: dict[Side, int] = {"before": 12, "refused": 12, "unsure": 12, "unknown": 9, "after": 7}

_SHORT: dict[Side, Words] = {
    "before": Words("之前", "before"),
    "refused": Words("拒绝后", "refused"),
    "after": Words("之后", "after"),
}

_STEPS_MS = (
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000,
)  # fmt: skip


class Stroke(NamedTuple):
    """A rectangle and how it looks."""

    x: float
    y: float
    width: float
    height: float
    look: str


class Label(NamedTuple):
    """A text with its left end, or its middle where the look is `when`."""

    x: float
    y: float
    words: Words
    look: str


@dataclass(frozen=True)
class Still:
    """The picture of a run: at most some 2,000 marks."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...]

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """The shapes of one look as one path, in the order in which looks first came."""
        grouped: dict[str, list[str]] = {}
        for x, y, width, height, look in self.strokes:
            grouped.setdefault(look, []).append(f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z")
        return tuple((look, "".join(some)) for look, some in grouped.items())


def still(picture: Picture) -> Still:
    return _Drawing(picture).still()


class _Drawing:
    """The measures of one picture, and what is put on it."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.tops, self.headings = _tops(picture)
        self.bottom = (self.tops[-1] + _LANE if self.tops else _TOP) + _GAP
        self.floor = self.bottom + _BARS
        self.bins = max(20, min(_ROOM // 3, MOST_MARKS // (len(picture.lanes) + 1)))

    def still(self) -> Still:
        strokes = [
            *self.bands(),
            *self.rules(),
            *(stroke for _, stroke, _ in self.spans),
            *self.marks(),
            *self.bars(),
            *self.moments(),
        ]
        labels = [*self.names(), *self.span_names(), *self.sides(), *self.moment_names()]
        for tick in _ticks(self.picture.start_ms, self.picture.end_ms):
            strokes.append(Stroke(self.x(tick), self.floor, 1, 5, "tick"))
            labels.append(Label(min(self.x(tick), _WIDTH - 32), self.floor + 16, self.tick_name(tick), "tick"))
        return Still(_WIDTH, self.floor + 22, tuple(strokes), tuple(labels))

    def x(self, t_ms: float) -> float:
        one = self.picture
        return round(_LEFT + (t_ms - one.start_ms) * _ROOM / (one.end_ms - one.start_ms), 1)

    def bin(self, t_ms: int) -> int:
        one = self.picture
        return min(self.bins - 1, (t_ms - one.start_ms) * self.bins // (one.end_ms - one.start_ms))

    def bin_x(self, number: int) -> float:
        return round(_LEFT + number * _ROOM / self.bins, 1)

    @cached_property
    def bin_width(self) -> float:
        return max(2, round(_ROOM / self.bins - 0.5, 1))

    def tick_name(self, tick: int) -> Words:
        if not self.picture.timed:
            return self.picture.clock(tick)
        brief = clock(tick).removesuffix(".000")
        return Words(brief, brief)

    # ------------------------------------------------------------------------------------------ consent

    def bands(self) -> Iterator[Stroke]:
        for band in self.picture.bands:
            left, right = self.x(band.start_ms), self.x(band.end_ms)
            yield Stroke(left, 0, round(right - left, 1), self.floor, f"band {band.side}")

    def sides(self) -> Iterator[Label]:
        nobody = Words("本次运行没有同意：全程都在同意之前", "no consent in this run: all of it before consent")
        for band in self.picture.bands:
            words = SIDES[band.side] if self.picture.moments or band.side == "unknown" else nobody
            left, right = self.x(band.start_ms), self.x(band.end_ms)
            if right - left < 13 * len(words.zh):
                words = _SHORT.get(band.side, Words("", ""))
            if band.side != "unsure" and right - left > 13 * len(words.zh):
                yield Label(round((left + right) / 2, 1), _TOP - 8, words, f"when {band.side}")

    def moments(self) -> Iterator[Stroke]:
        for one in self.picture.moments:
            yield Stroke(self.x(one.t_ms) - 1.5, 0, 3, self.floor, f"moment {one.act}")

    def moment_names(self) -> Iterator[Label]:
        free = 0.0
        for one in self.picture.moments:
            at, error = self.picture.clock(one.t_ms), f" ±{one.slack_ms} ms" if self.picture.timed else ""
            words = Words(f"{one.name.zh} {at.zh}{error}", f"{one.name.en} {at.en}{error}")
            wide = 7 * max(len(words.zh) + 4, len(words.en))
            left = min(self.x(one.t_ms) + 5, _WIDTH - wide)
            if left >= free:
                free = left + wide
                yield Label(left, 15, words, f"moment {one.act}")

    # -------------------------------------------------------------------------------------------- lanes

    def rules(self) -> Iterator[Stroke]:
        for top in self.tops:
            yield Stroke(_LEFT, top + _LANE - 0.5, _ROOM, 0.5, "rule")

    def names(self) -> Iterator[Label]:
        for top, words in self.headings:
            yield Label(4, top + 13, words, "heading")
        for lane, top in zip(self.picture.lanes, self.tops, strict=True):
            yield Label(14, top + 13, Words(_fit(lane.name.zh, 30), _fit(lane.name.en, 32)), "lane")
        yield Label(4, self.bottom + 14, Words("涉及个人信息的次数", "Acts on personal information"), "heading")

    @cached_property
    def spans(self) -> tuple[tuple[int, Stroke, Row], ...]:
        """A screen or a state lasts until the next one, and an exit leaves a blank; of those within one bin the last is drawn."""
        one = self.picture
        by_lane: dict[int, dict[int, tuple[int, Row]]] = defaultdict(dict)
        for t_ms, at in zip(one.t_ms, one.row, strict=True):
            row = one.rows[at]
            if one.lanes[row.lane].kind == "span":
                by_lane[row.lane][self.bin(t_ms)] = (t_ms, row)
        made = []
        for lane, by_bin in sorted(by_lane.items()):
            places = list(by_bin.values())
            ends = [t_ms for t_ms, _ in places[1:]] + [one.end_ms]
            for number, ((t_ms, row), end) in enumerate(zip(places, ends, strict=True)):
                wide = max(1, round(self.x(end) - self.x(t_ms), 1))
                look = "back" if row.mark == "back" else f"shade{number % 2}"
                if row.mark != "end":
                    made.append((lane, Stroke(self.x(t_ms), self.tops[lane] + 3, wide, _LANE - 6, f"span {look}"), row))
        return tuple(made)

    def span_names(self) -> Iterator[Label]:
        for lane, stroke, row in self.spans:
            room = int(stroke.width / 5) - 1
            words = Words(_fit(row.name.zh, room), _fit(row.name.en, room))
            if len(words.zh) > 2 or words.zh == row.name.zh:
                yield Label(stroke.x + 3, self.tops[lane] + 11.5, words, f"within {row.mark}")

    def marks(self) -> Iterator[Stroke]:
        """One mark per lane and bin that holds an event."""
        one, sides = self.picture, list(SIDES)
        worst: dict[tuple[int, int], tuple[int, int]] = {}
        for t_ms, at, side in zip(one.t_ms, one.row, one.side, strict=True):
            row = one.rows[at]
            if one.lanes[row.lane].kind != "span":
                key, says = (row.lane, self.bin(t_ms)), (sides.index(side), _MARK_ORDER.index(row.mark))
                worst[key] = min(worst.get(key, says), says)
        for (lane, number), (side_at, mark_at) in sorted(worst.items()):
            kind, mark, side = one.lanes[lane].kind, _MARK_ORDER[mark_at], sides[side_at]
            high = (
                9 if kind in ("act", "shot") else 6 if mark in ("weak", "end", "plain", "unreadable") else _HIGH[side]
            )
            wide = 1.5 if mark in ("weak", "end") else self.bin_width
            yield Stroke(
                self.bin_x(number), self.tops[lane] + _LANE - 2 - high, wide, high, f"mark {kind}-lane {mark} {side}"
            )

    def bars(self) -> Iterator[Stroke]:
        """The histogram: how many acts on personal information per bin, by side, stacked."""
        one = self.picture
        counted: dict[int, Counter[Side]] = defaultdict(Counter)
        for t_ms, at, side in zip(one.t_ms, one.row, one.side, strict=True):
            row = one.rows[at]
            if row.mark == "strong":
                counted[self.bin(t_ms)][side] += row.count
        most = max((bar.total() for bar in counted.values()), default=1)
        for number, bar in sorted(counted.items()):
            floor = float(self.floor)
            for side in SIDES:
                if high := bar[side] * _BARS / most:
                    floor -= high
                    yield Stroke(self.bin_x(number), round(floor, 1), self.bin_width, round(high, 1), f"bar {side}")


def _tops(picture: Picture) -> tuple[list[int], list[tuple[int, Words]]]:
    """The top of each lane, and the headings between them with theirs."""
    tops, headings, top, before = [], [], _TOP, ""
    for lane in picture.lanes:
        group = lane.actor or (lane.section if lane.section == "net" else "")
        if group and group != before:
            headings.append((top, actor_name(lane.actor) if lane.actor else SECTIONS[lane.section]))
            top += _LANE
        before = group
        tops.append(top)
        top += _LANE
    return tops, headings


def _ticks(start: int, end: int) -> range:
    step = _STEPS_MS[min(len(_STEPS_MS) - 1, bisect_right(_STEPS_MS, (end - start) // 8))]
    while (end - start) // step > 12:
        step *= 2
    return range(-(-start // step) * step, end + 1, step)


def _fit(text: str, widest: int) -> str:
    """A label cut to `widest` columns, where a Chinese character takes two."""
    taken = 0
    for at, character in enumerate(text):
        taken += 2 if ord(character) > 0x2E7F else 1
        if taken > widest:
            return f"{text[:at]}…"
    return text
