"""The picture of recorded runs (运行时间线): which lane each event stands in, on which side of consent, and its details.

The page draws from columns, so that 100,000 events stay small; the same lanes are also drawn here as one static picture and
told in a table, for a reader without JavaScript and for print. What was recorded is shown, never judged: findings do that.
"""

import base64
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from hegui.audit.finding import Evidence
from hegui.facts import Unread
from hegui.facts.queries.consent import Consents
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.trace import Run, Trace, What
from hegui.facts.traffic import Net
from hegui.report import names
from hegui.report.cards import Card
from hegui.report.runs import actor_name, is_nobody
from hegui.report.screens import Shown
from hegui.report.timeline_lanes import (
    KEYS,
    LITERAL,
    MARKS,
    MOST_DETAILED,
    SECTIONS,
    SIDES,
    Lane,
    Row,
    Side,
    Sorted,
    event_name,
    flows_of,
    lanes_of,
    shift_ms,
    sorted_flow,
    sorted_row,
    sorted_shot,
    type_name,
)  # fmt: skip
from hegui.words import Words

MOST_RUNS = 20
MOST_TOLD = 200

# Runs that are made to be laid beside one another (RULES §3): old and new, switch on and off, scene off.
_PAIRED = ("S7", "S8", "S12")
# "a.log@line 12", "run r1 event 7" as the evidence of checks names a place, and the time its excerpt begins with.
_LINE = re.compile(r"(?P<source>.*)@line (?P<line>\d+)", re.DOTALL)
_EVENT = re.compile(r"run (?P<run>.*) event (?P<seq>\d+)", re.DOTALL)
_AT = re.compile(r"t=(?P<s>-?\d+\.\d{3}) s ")


class Moment(NamedTuple):
    """An agreement or refusal: when, how far that may be off, and how it is known."""

    t_ms: int
    slack_ms: int
    act: str
    derived: bool
    line: int
    name: Words


class Band(NamedTuple):
    """A stretch [start_ms, end_ms) of the run on one side of consent."""

    side: Side
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Picture:
    """One run as it is drawn. The columns hold one entry per event, in order of time; `seq` of an event is its place + 1.

    `found` are the cards whose evidence names an event, by place; `shots` the numbers of drawn screens, by place. `pair` is
    the number of the runs laid side by side, or None.
    """

    number: int
    run: Run
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    t_ms: tuple[int, ...]
    row: tuple[int, ...]
    line: tuple[int, ...]
    side: tuple[Side, ...]
    start_ms: int
    end_ms: int
    bands: tuple[Band, ...]
    moments: tuple[Moment, ...]
    headline: Words
    notes: tuple[Words, ...]
    found: dict[int, tuple[int, ...]]
    shots: dict[int, int]
    pair: int | None = None

    @property
    def id(self) -> str:
        return f"run-{self.number}"

    @property
    def title(self) -> str:
        return f"{self.run.meta.scenario} {self.run.meta.run_id}".strip()

    @property
    def short(self) -> str:
        """The run in a list: by the app it is of, where one log holds several."""
        meta = self.run.meta
        return meta.package if meta.run_id == f"{meta.source}/{meta.package}" else self.title

    @property
    def timed(self) -> bool:
        return self.run.meta.clock != "order"

    def clock(self, t_ms: int) -> Words:
        """A time since the start, or the number of the event where the log has no times."""
        if self.timed:
            return Words(clock(t_ms), clock(t_ms))
        return Words(f"第 {t_ms} 条", f"no. {t_ms}")

    def told(self, most: int) -> tuple[int, ...]:
        """The events that stand in the table: the first ones, and all that a finding names."""
        return tuple(sorted({*range(min(most, len(self.t_ms))), *self.found}))


@dataclass(frozen=True)
class Pictures:
    """All runs that are drawn. `jump` leads from a piece of evidence to the anchor of its event; `left_out` were too many;
    `captures_left` name no run that is drawn, or their clock cannot be laid beside its own.
    """

    runs: tuple[Picture, ...]
    left_out: tuple[str, ...]
    captures_left: tuple[str, ...]
    jump: dict[Evidence, str]
    most_told: int

    @cached_property
    def of_screen(self) -> dict[int, str]:
        """The anchor of each drawn screen that stands on a timeline."""
        return {screen: anchor(one.number, at) for one in self.runs for at, screen in one.shots.items()}

    @cached_property
    def groups(self) -> tuple[tuple[Picture, ...], ...]:
        """Runs laid side by side stand together."""
        grouped: dict[object, list[Picture]] = {}
        for one in self.runs:
            grouped.setdefault(one.id if one.pair is None else one.pair, []).append(one)
        return tuple(tuple(some) for some in grouped.values())


def pictures(trace: Trace, net: Net | Unread, cards: Sequence[Card] = (), shots: Sequence[Shown] = ()) -> Pictures:
    """The pictures of the runs, with the traffic of captures and the dumps of screens that name their run, and the findings
    that name an event."""
    drawn, left = trace.runs[:MOST_RUNS], trace.runs[MOST_RUNS:]
    made = [_picture(number, run, net, _shots_of(run, shots)) for number, run in enumerate(drawn, 1)]
    made = _paired(made)
    places = _Places(made, [piece for card in cards for piece in card.evidence])
    jump: dict[Evidence, str] = {}
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for card in cards:
        named = {piece: place for piece in card.evidence if (place := places.of(piece))}
        jump |= {piece: anchor(*place) for piece, place in named.items()}
        # The agreement stands in most evidence, to measure by; a finding is about it only where nothing else is named.
        about = [place for place in named.values() if not places.is_consent(place)] or list(named.values())
        for number, at in about:
            found[number][at].add(card.number)
    by_number = {one.number: one for one in shots}
    for one in made:
        for at, shot in one.shots.items():
            if by_number[shot].findings:
                found[one.number][at].update(by_number[shot].findings)
    return Pictures(
        tuple(
            replace(one, found={at: tuple(sorted(numbers)) for at, numbers in sorted(found[one.number].items())})
            for one in made
        ),
        tuple(run.meta.run_id for run in left),
        tuple(
            one.source
            for one in (() if isinstance(net, Unread) else net.captures)
            if all(shift_ms(run, one) is None for run in drawn)
        ),
        jump,
        max(20, MOST_TOLD // max(1, len(made))),
    )


def anchor(number: int, at: int) -> str:
    return f"ev-{number}-{at + 1}"


def clock(t_ms: int) -> str:
    """0:12.000, or 1:02:03.004 from an hour on."""
    sign, t_ms = ("-", -t_ms) if t_ms < 0 else ("", t_ms)
    hours, minutes, rest = t_ms // 3_600_000, t_ms // 60_000 % 60, f"{t_ms // 1000 % 60:02}.{t_ms % 1000:03}"
    return f"{sign}{hours}:{minutes:02}:{rest}" if hours else f"{sign}{minutes}:{rest}"


def payload(some: Pictures, shown: Callable[[str], str]) -> str:
    """What the script draws from, as JSON that may stand in a page. `shown` makes a text safe to read."""
    strings: dict[str, int] = {}

    def text(given: str) -> int:
        return strings.setdefault(shown(given), len(strings))

    def both(words: Words) -> list[int]:
        return [text(words.zh), text(words.en)]

    keys, sides, marks = list(KEYS), list(SIDES), list(MARKS)
    runs = [
        {
            "id": one.number,
            "pair": one.pair,
            "timed": one.timed,
            "start": one.start_ms,
            "end": one.end_ms,
            "source": text(one.run.meta.source),
            "bands": [[sides.index(band.side), band.start_ms, band.end_ms] for band in one.bands],
            "moments": [[at.t_ms, at.slack_ms, at.act, at.derived, *both(at.name)] for at in one.moments],
            "headline": both(one.headline),
            "lanes": [[lane.section, lane.kind, text(lane.actor), text(lane.type), *both(lane.name)] for lane in one.lanes],
            "rows": [
                [row.lane, marks.index(row.mark), row.count, *both(row.name),
                 *(number for key, told in row.about for number in (keys.index(key), text(told)))]
                for row in one.rows
            ],
            "t": _packed(_steps(one.t_ms)),
            "row": _packed(one.row),
            "line": _packed(_steps(one.line)),
            "side": _runs_of(sides.index(side) for side in one.side),
            "found": [[at, *numbers] for at, numbers in sorted(one.found.items())],
            "shots": [list(pair) for pair in one.shots.items()],
        }
        for one in some.runs
    ]  # fmt: skip
    data = {
        "keys": [both(words) for words in KEYS.values()],
        "sides": [[name, *both(words)] for name, words in SIDES.items()],
        "marks": [[name, *both(words)] for name, words in MARKS.items()],
        "actors": [[text(name), *both(actor_name(name))] for name in _actors(some)],
        "types": [[text(code), *both(type_name(code))] for code in _types(some)],
        "code": [keys.index(key) for key in LITERAL],
        "runs": runs,
        "strings": list(strings),
    }
    # "<" would let a text end the script element it stands in.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _shots_of(run: Run, shots: Sequence[Shown]) -> tuple[Shown, ...]:
    """The drawn screens of a run, where both tell times since its start."""
    if run.meta.clock == "order":
        return ()
    return tuple(one for one in shots if one.screen.run_id == run.meta.run_id and one.screen.clock == "elapsed")


def _picture(number: int, run: Run, net: Net | Unread, shots: Sequence[Shown]) -> Picture:
    line = timeline(run)
    consents = Consents(run)
    flows = () if isinstance(net, Unread) else flows_of(run, net)
    counts = Counter(run.what)
    sorted_rows = [sorted_row(line, at, detailed=counts[at] > 0) for at in range(len(run.whats))]
    sorted_rows += [sorted_flow(one.flow) for one in flows]
    sorted_rows += [sorted_shot(one) for one in shots]
    columns = list(zip(run.t_ms, run.what, run.line, strict=True))
    columns += [(one.t_ms, len(run.whats) + at, 0) for at, one in enumerate(flows)]
    columns += [(one.screen.t_ms, len(run.whats) + len(flows) + at, 0) for at, one in enumerate(shots)]
    if flows or shots:
        columns.sort(key=lambda one: one[0])
        counts.update(range(len(run.whats), len(sorted_rows)))
    lanes, lane_of = lanes_of(sorted_rows, counts)
    t_ms, row, lines = tuple(zip(*columns, strict=True)) if columns else ((), (), ())
    shot_of = {len(run.whats) + len(flows) + at: one.number for at, one in enumerate(shots)}
    start = min(0, t_ms[0]) if t_ms else 0
    end = max(line.end_ms, t_ms[-1] if t_ms else 0, start + 1)
    changes = _changes(line, consents)
    own = [what.uncertainty_ms or 0 for what in run.whats] + [one.error_ms for one in flows] + [0] * len(shots)
    side = tuple(_sides(run, consents, changes, own, zip(t_ms, row, strict=True)))
    made = Picture(
        number, run, lanes,
        tuple(replace(one.row, lane=at) for one, at in zip(sorted_rows, lane_of, strict=True)),
        t_ms, row, lines, side, start, end,
        tuple(_bands(changes, _first_side(line, consents), start, end)),
        tuple(_moments(line, consents)),
        Words("", ""), (), {}, {at: shot_of[one] for at, one in enumerate(row) if one in shot_of} if shots else {},
    )  # fmt: skip
    return replace(made, headline=_headline(made, sorted_rows, consents), notes=tuple(_notes(made)))


class _Change(NamedTuple):
    t_ms: int
    slack_ms: int
    becomes: Side


def _changes(line: Timeline, consents: Consents) -> list[_Change]:
    """Where the side changes, as the checks see it."""
    stretches = list(consents.stretches(What("api")))
    return [
        _Change(unsure.by.t_ms, line.slack(unsure.by.what), then.side)
        for unsure, then in pairwise(stretches)
        if unsure.side == "unsure" and unsure.by
    ]


def _first_side(line: Timeline, consents: Consents) -> Side:
    """The side a run begins on: with a clock that was set back, no moment in it has a before and an after."""
    if line.set_back and consents.given:
        return "unsure"
    return "before" if consents.tells else "unknown"


def _sides(
    run: Run, consents: Consents, changes: list[_Change], own_error: Sequence[int], events: Iterable[tuple[int, int]]
) -> Iterator[Side]:
    # A source that marks its rows and names no moment has said on which side they lie.
    marked: dict[int, Side] = {}
    if not consents.tells:
        words: dict[str | None, Side] = {"before_consent": "before", "after_consent": "after"}
        marked = {at: words[what.phase] for at, what in enumerate(run.whats) if what.phase in words}
    first = _first_side(timeline(run), consents)
    for time, at in events:
        side, error = marked.get(at, first), own_error[at]
        for change in changes:
            if time > change.t_ms + change.slack_ms + error:
                side = change.becomes
            elif time >= change.t_ms - change.slack_ms - error:
                side = "unsure"
                break
            else:
                break
        yield side


def _bands(changes: list[_Change], side: Side, start: int, end: int) -> Iterator[Band]:
    for change in changes:
        low, high = max(start, change.t_ms - change.slack_ms), min(end, change.t_ms + change.slack_ms)
        yield Band(side, start, low)
        yield Band("unsure", low, high)
        start, side = high, change.becomes
    yield Band(side, start, end)


def _moments(line: Timeline, consents: Consents) -> Iterator[Moment]:
    for one in consents.given:
        yield Moment(
            one.t_ms, line.slack(one.what), one.what.act or "", one.what.derived, one.line, event_name(one.what)
        )


def _headline(made: Picture, rows: Sequence[Sorted], consents: Consents) -> Words:
    """What a reader must know first: when consent came, and how much of what stands on which side of it."""
    if not made.t_ms:
        return Words("这次运行里没有任何事件。", "This run holds no event.")
    done: dict[Side, Counter[str]] = {side: Counter() for side in SIDES}
    denied: Counter[Side] = Counter()
    sent: Counter[Side] = Counter()
    for at, side in zip(made.row, made.side, strict=True):
        one = rows[at]
        if one.section == "net" and one.row.mark == "strong":
            sent[side] += one.row.count
        if one.section != "read" or is_nobody(one.actor):
            continue
        if one.row.mark == "strong":
            done[side][one.type] += one.row.count
        elif one.row.mark == "denied":
            denied[side] += one.row.count
    told = [
        _counted(side, done[side], denied[side], sent[side])
        for side in _TOLD
        if done[side] or denied[side] or sent[side]
    ]
    lead = _lead(made, consents)
    if not told:
        nothing = Words("日志没有记录到涉及个人信息的行为", "The log holds no act on personal information")
        return Words(f"{lead.zh}。{nothing.zh}。", f"{lead.en}. {nothing.en}.")
    listed = _several(told)
    return Words(
        f"{lead.zh}。日志记录到的涉及个人信息的行为：{listed.zh}。",
        f"{lead.en}. Acts on personal information in the log: {listed.en}.",
    )


_TOLD: dict[Side, Words] = {
    "before": Words("同意之前", "before consent"),
    "unsure": Words("误差之内、前后不定", "within the clock error"),
    "refused": Words("拒绝之后", "after refusal"),
    "unknown": Words("共", "in all"),
    "after": Words("同意之后", "after consent"),
}


def _lead(made: Picture, consents: Consents) -> Words:
    """Whether and when the user agreed."""
    if not consents.tells:
        return Words(
            "日志没有写用户是否同意、何时同意，所以不分同意前后",
            "The log does not tell whether or when the user agreed",
        )
    told = [_told(made, one) for one in made.moments[:3]]
    if consents.agreed is None:
        told.append(Words("本次运行没有同意", "No consent in this run"))
    return _several(told)


def _told(made: Picture, moment: Moment) -> Words:
    at, error = made.clock(moment.t_ms), f"±{moment.slack_ms} ms" if made.timed else ""
    how = Words("日志写明", "given") if moment.line else Words("由日志旁的说明写明", "noted beside the log")
    how = Words("由其他行推得", "derived from other rows") if moment.derived else how
    return Words(
        f"{at.zh} 用户{moment.name.zh}（{how.zh}{'，' + error if error else ''}）",
        f"{at.en} the user {moment.name.en} ({how.en}{', ' + error if error else ''})",
    )


def _counted(side: Side, done: Counter[str], denied: int, sent: int) -> Words:
    name, kinds = _TOLD[side], _kinds(done) if side != "after" else Words("", "")
    zh, en = f"{name.zh} {done.total()} 次{kinds.zh}", f"{name.en} {done.total()}{kinds.en}"
    if denied:
        zh, en = f"{zh}，未获准的尝试 {denied} 次", f"{en}, {denied} denied attempts"
    if sent:
        zh, en = f"{zh}，流量中发出 {sent} 次", f"{en}, {sent} seen in the traffic"
    return Words(zh, en)


def _several(some: Sequence[Words]) -> Words:
    return Words("；".join(one.zh for one in some), "; ".join(one.en for one in some))


def _kinds(counted: Counter[str]) -> Words:
    named = [(names.kind(code), many) for code, many in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]
    if not named:
        return Words("", "")
    more = "…" if len(named) > 6 else ""
    return Words(
        "（" + "、".join(f"{name.zh} {many}" for name, many in named[:6]) + more + "）",
        " (" + ", ".join(f"{name.en} {many}" for name, many in named[:6]) + more + ")",
    )


def _notes(made: Picture) -> Iterator[Words]:
    """What the picture cannot show, so that an empty lane is not read as nothing happened."""
    meta = made.run.meta
    if not made.timed:
        yield Words(
            "日志只有先后、没有时间：横轴是第几条，长短不代表时间。",
            "The log has an order but no times: the axis counts events, distances mean nothing.",
        )
    if timeline(made.run).set_back:
        yield Words(
            "记录途中时钟被往回拨过：事情的先后以日志行为准，同意之前还是之后无法断定。",
            "The clock was set back while the log was written: what lies before and after consent cannot be told.",
        )
    if not meta.hooks:
        yield Words(
            "日志没有写明监测了哪些接口：没有出现的，不等于没有发生。",
            "The log does not say which APIs were watched: what is not here may still have happened.",
        )
    if not meta.has_stack:
        yield Words("没有调用栈：分不清是应用还是 SDK 所为。", "No call stacks: app and SDK cannot be told apart.")
    if not meta.has_ui:
        yield Words("没有界面与用户操作的记录。", "No record of screens and user's acts.")
    if not meta.has_net and not any(lane.section == "net" for lane in made.lanes):
        yield Words("没有流量记录。", "No record of traffic.")
    if any(what.pi_type and what.result is None for what in made.run.whats):
        yield Words(
            "有的行没有写结果：图上是调用，不等于读到了内容。",
            "Some rows do not tell the result: what is drawn are calls, not that something was got.",
        )
    if meta.rows_unread:
        yield Words(
            f"日志有 {meta.rows_unread} 行未能读取，不在图中。",
            f"{meta.rows_unread} rows of the log could not be read and are not drawn.",
        )
    if meta.rows_unclear:
        yield Words(
            f"日志有 {meta.rows_unclear} 行的编号不在目录中，所读为何未知。",
            f"{meta.rows_unclear} rows name what they read by a code of no list.",
        )
    if len(made.rows) > MOST_DETAILED:
        yield Words(
            f"不同的行为超过 {MOST_DETAILED} 种，其余的只画时间和行号，不列细节。",
            f"More than {MOST_DETAILED} different acts: of the rest only time and line are shown.",
        )


class _Places:
    """Where the places that evidence names stand in the pictures."""

    def __init__(self, made: Sequence[Picture], evidence: Iterable[Evidence]) -> None:
        self._pictures = {one.number: one for one in made}
        self._runs = {one.run.meta.run_id: one for one in made}
        # A run may hold a million lines, of which evidence names a few.
        self._lines: dict[tuple[str, int], list[tuple[int, int]]] = {
            (found["source"], int(found["line"])): [] for one in evidence if (found := _LINE.fullmatch(one.where))
        }
        sources = {source for source, _ in self._lines}
        for picture in made:
            source = picture.run.meta.source
            for at, line in enumerate(picture.line if source in sources else ()):
                if (source, line) in self._lines:
                    self._lines[source, line].append((picture.number, at))

    def of(self, piece: Evidence) -> tuple[int, int] | None:
        """The picture and the place of the event in it; None when the evidence names no event that is drawn."""
        if piece.kind != "runtime_trace":
            return None
        if found := _LINE.fullmatch(piece.where):
            several = self._lines[found["source"], int(found["line"])]
            # One line may tell of several events; the excerpt begins with the time of the one that is meant.
            told = _AT.match(piece.excerpt)
            meant = [one for one in several if told and self._time(one) == told["s"]]
            return next(iter(meant or several), None)
        found = _EVENT.fullmatch(piece.where)
        picture = self._runs.get(found["run"]) if found else None
        if found is None or picture is None or not 0 < int(found["seq"]) <= len(picture.run):
            return None
        seq, run = int(found["seq"]) - 1, picture.run
        # Flows and dumps that stand between the events move an event on, never back.
        wanted = (run.t_ms[seq], run.what[seq], run.line[seq])
        columns = zip(picture.t_ms[seq:], picture.row[seq:], picture.line[seq:], strict=True)
        return picture.number, seq + next(off for off, one in enumerate(columns) if one == wanted)

    def is_consent(self, place: tuple[int, int]) -> bool:
        picture = self._pictures[place[0]]
        return picture.lanes[picture.rows[picture.row[place[1]]].lane].section == "consent"

    def _time(self, place: tuple[int, int]) -> str:
        return f"{self._pictures[place[0]].t_ms[place[1]] / 1000:.3f}"


def _paired(made: list[Picture]) -> list[Picture]:
    """Runs of one scenario that is made to compare share lanes and the length of time, so that they can be laid side by side."""
    groups = {
        scenario: some
        for scenario in _PAIRED
        if len(some := [one for one in made if one.run.meta.scenario == scenario]) > 1
    }
    shared = {one.number: (pair, some) for pair, some in enumerate(groups.values(), 1) for one in some}
    return [_laid_beside(one, *shared[one.number]) if one.number in shared else one for one in made]


def _laid_beside(made: Picture, pair: int, others: list[Picture]) -> Picture:
    order = list(SECTIONS)
    keyed = {(lane.section, lane.actor, lane.type, lane.name): lane for one in others for lane in one.lanes}
    lanes = sorted(
        keyed.values(),
        key=lambda lane: (
            order.index(lane.section),
            lane.actor != "app",
            lane.actor == "unknown",
            lane.actor,
            lane.type == "weak",
            lane.type,
            lane.name.zh,
        ),
    )
    moved = [lanes.index(lane) for lane in made.lanes]
    start, end = min(one.start_ms for one in others), max(one.end_ms for one in others)
    bands = list(made.bands)
    bands[0] = bands[0]._replace(start_ms=start)
    return replace(
        made,
        lanes=tuple(lanes),
        rows=tuple(replace(row, lane=moved[row.lane]) if moved else row for row in made.rows),
        start_ms=start,
        end_ms=end,
        bands=tuple(bands),
        pair=pair,
    )


def _actors(some: Pictures) -> list[str]:
    return list(dict.fromkeys(lane.actor for one in some.runs for lane in one.lanes if lane.actor))


def _types(some: Pictures) -> list[str]:
    return list(dict.fromkeys(lane.type for one in some.runs for lane in one.lanes if lane.type))


def _steps(numbers: Iterable[int]) -> Iterator[int]:
    """The first number, then each as its distance from the one before."""
    before = 0
    for number in numbers:
        yield number - before
        before = number


def _packed(numbers: Iterable[int]) -> str:
    """Whole numbers as base64 of zigzag varints: seven bits a byte, lowest first, the top bit set on all but the last."""
    packed = bytearray()
    for number in numbers:
        left = number << 1 if number >= 0 else (-number << 1) - 1
        while left > 127:
            packed.append(left & 127 | 128)
            left >>= 7
        packed.append(left)
    return base64.b64encode(packed).decode()


def _runs_of(numbers: Iterable[int]) -> list[int]:
    """Run lengths: a value and how often it stands in a row, again and again."""
    made: list[int] = []
    for number in numbers:
        if made and made[-2] == number:
            made[-1] += 1
        else:
            made += [number, 1]
    return made
