"""What apps used, as their own log or a terminal's record tells it (使用记录), and the one held against the other (R71).

A conformance run (S13) has two sides: the test app's log, which knows what was done, and the terminal's record of it, a
run that `covers` "record" (终端记录). Each act looks for its entry by app, kind and time.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run, What

RECORD = ("record", "终端记录")
SCENARIO = "S13"
# Between two clocks of one device, beside what each log says its times are off.
TOLERANCE_MS = 2000
DAY_MS = 86_400_000

_USES = ("api", "sensor", "loc", "file")
_READS = ("clipboard", "device_id", "app_list")
# These belong to a use that was counted when it began.
_WITHIN = ("close", "stop", "capture", "update")
_PICKED = ("picker", "saf", "photo_picker", "private", "own")
_USER_STARTS = ("user", "launcher", "activity")
# A system tells the component that was wanted, not always by whom.
_PERHAPS_LINKED = ("service", "provider")


@dataclass(frozen=True, slots=True)
class Use:
    """One act, or one entry of a record. `kinds`: what it may be entered as, the best word first.

    at_ms: since 1970, or since the start where the run does not say when it began. package: whose act it is, or which app
    was started; "" where nobody says.
    """

    run: Run
    event: Event
    kinds: tuple[str, ...]
    package: str
    at_ms: int

    @property
    def what(self) -> What:
        return self.event.what

    @property
    def kind(self) -> str:
        return self.kinds[0]

    @property
    def starter(self) -> str:
        """Which app started it, for a linked start; "" where nobody says."""
        if self.what.type == "start_app":
            return _app(self.what.process) or self.run.meta.package
        return ""

    @property
    def slack_ms(self) -> int:
        return self.run.meta.uncertainty_ms + (self.what.uncertainty_ms or 0)

    @property
    def undated(self) -> bool:
        """Whether only its day is known."""
        return (self.what.uncertainty_ms or 0) >= DAY_MS


def is_record(run: Run) -> bool:
    """Whether a run is what a terminal recorded of apps, not what a collector saw."""
    return bool(set(run.meta.covers) & set(RECORD))


def kinds_of(what: What) -> tuple[str, ...]:
    """The kinds of article 32 an event is: a permission group, clipboard, device_id, app_list, self_start, linked_start."""
    if what.type == "start_app":
        return ("linked_start",)
    if what.type == "process_start":
        if what.cause in (None, *_USER_STARTS):
            return ()
        if what.cause == "linked_start":
            return ("linked_start",)
        return ("self_start", "linked_start") if what.cause in _PERHAPS_LINKED else ("self_start",)
    if what.type not in _USES or what.derived or what.op in _WITHIN or what.via in _PICKED:
        return ()
    read = (what.pi_type or "").partition(".")[0]
    # An IMEI is read under the phone permission, and may be entered as either.
    return tuple(one for one in (read if read in _READS else "", what.perm_group or "") if one)


def uses(run: Run) -> Iterator[Use]:
    """The uses and starts of a run, in order of time."""
    origin = began_ms(run) or 0
    for one in timeline(run).events(lambda what: bool(kinds_of(what))):
        app = _app(one.what.target) if one.what.type == "start_app" else _app(one.what.process) or run.meta.package
        yield Use(run, one, kinds_of(one.what), app, origin + one.t_ms)


def began_ms(run: Run) -> int | None:
    """When a run began, in ms since 1970, by its zone or, without one, as if it were UTC; None where it does not say."""
    try:
        began = datetime.fromisoformat(run.meta.started_at)
    except ValueError:
        return None
    return round((began if began.tzinfo else began.replace(tzinfo=UTC)).timestamp() * 1000)


def _zoned(run: Run) -> bool | None:
    try:
        return datetime.fromisoformat(run.meta.started_at).tzinfo is not None
    except ValueError:
        return None


def _app(name: str | None) -> str:
    """The package of a process or component: before ":" and "/"."""
    return (name or "").partition("/")[0].partition(":")[0]


# ------------------------------------------------------------------------------------------------- acts and their entries


@dataclass
class Entry:
    """An entry of the record, and how many acts found it."""

    use: Use
    span_ms: int
    taken: int = 0

    @property
    def untimed(self) -> bool:
        """Whether it sums up several acts, or a day, without saying when they were."""
        return self.use.undated or (self.use.what.count > 1 and not self.span_ms)

    def away(self, at_ms: int) -> int:
        """How far a time lies from it, in ms; 0 within."""
        start = self.use.at_ms
        return max(start - at_ms, at_ms - start - self.span_ms, 0)


@dataclass(frozen=True, slots=True)
class Paired:
    """An act and the entry of it, None where there is none. off_ms: how far the entry's time is from the act's.

    elsewhere: where none is, one of the same kind and moment under another app.
    """

    act: Use
    entry: Entry | None
    off_ms: int = 0
    elsewhere: Use | None = None

    @property
    def late_ms(self) -> int:
        """How much later than the act it was entered."""
        return 0 if self.entry is None else max(self.off_ms, self.entry.use.what.late_ms or 0)


@dataclass
class Conformance:
    """What a record holds of what was done.

    timed: both sides tell times that can be compared; else acts and entries were paired by app and kind alone.
    whole: the record was read to the end and keeps every use. outside: acts before or after the time the record covers.
    extra: entries of the test apps, from the time of the run, that no act explains. unsure: acts of which the log does not
    say that they succeeded; what was refused is no use.
    """

    timed: bool
    whole: bool
    pairs: list[Paired] = field(default_factory=list)
    outside: list[Use] = field(default_factory=list)
    extra: list[Use] = field(default_factory=list)
    unsure: list[Use] = field(default_factory=list)

    def of(self, kind: str) -> list[Paired]:
        return [one for one in self.pairs if one.act.kind == kind]


def conformance(acts: Sequence[Run], records: Sequence[Run], merge_ms: int = 0) -> Conformance:
    """Every act that succeeded with its entry, as far as there is one.

    An entry stands for one act, for as many as its count says, or for all within its stretch; `merge_ms` is the stretch
    within which the terminal's public rules say that it merges.
    """
    zones = {_zoned(run) for run in (*acts, *records)}
    clocks = {run.meta.clock for run in (*acts, *records)}
    made = Conformance(
        # Without a start, times are comparable only as those of one session, which the same run id states.
        # An app that nobody names cannot be looked up either.
        timed="order" not in clocks
        and all(run.meta.package for run in acts)
        and len(zones) == 1
        and (zones != {None} or len({run.meta.run_id for run in (*acts, *records)}) == 1),
        # AppOps keeps the last use of each kind only.
        whole=not any(run.meta.rows_unread or run.meta.rows_unclear or run.meta.format == "appops" for run in records),
    )
    entries = [
        Entry(one, max(one.what.lasts_ms or 0, merge_ms))
        for run in records
        for one in uses(run)
        if one.what.result != "denied"
    ]
    done = _done(acts, made)
    if made.timed:
        made.outside = [one for one in done if not _covered(one, records)]
        _pair_by_time(made, [one for one in done if _covered(one, records)], entries)
    else:
        _pair_by_kind(made, done, entries)
    return made


def _done(acts: Sequence[Run], made: Conformance) -> list[Use]:
    """What was done, in order of time. One start that both apps logged is one."""
    tried = sorted((one for run in acts for one in uses(run)), key=lambda one: (one.at_ms, one.event.line))
    linked = [(one.package, one.at_ms) for one in tried if one.what.type == "start_app"]
    done: list[Use] = []
    for one in tried:
        if one.what.result == "denied":
            continue
        started = one.what.type == "process_start"
        if started and any(app == one.package and abs(at - one.at_ms) <= TOLERANCE_MS for app, at in linked):
            continue
        # A process that runs was started; a call may have come back with nothing.
        (done if started or one.what.result == "ok" else made.unsure).append(one)
    return done


def _covered(act: Use, records: Sequence[Run]) -> bool:
    """Whether the record is of that time, as far as it says of which it is."""
    bounds = [(began_ms(run) or 0, run.meta.ended_ms) for run in records if run.meta.ended_ms is not None]
    return not bounds or any(start <= act.at_ms <= start + (length or 0) for start, length in bounds)


def _pair_by_time(made: Conformance, done: list[Use], entries: list[Entry]) -> None:
    index = _Index(entries)
    found: dict[int, Paired] = {}
    # First the entries that name the moment, then those that tell only a day or a number, then late ones.
    for find in (index.at_time, index.untimed, index.late):
        for place, act in enumerate(done):
            if place not in found and (entry := find(act)) is not None:
                entry.taken += 1
                off_ms = 0 if entry.untimed else max(0, entry.away(act.at_ms) - act.slack_ms - entry.use.slack_ms)
                found[place] = Paired(act, entry, off_ms)
    tested = {one.package for one in done if one.package}
    for place, act in enumerate(done):
        made.pairs.append(found.get(place) or Paired(act, None, elsewhere=index.elsewhere(act, tested)))
    runs = {id(one.run): one.run for one in done}.values()
    spans = [(began, began + timeline(run).end_ms) for run in runs for began in (began_ms(run) or 0,)]
    unsure = {(one.package, kind) for one in made.unsure for kind in one.kinds}
    made.extra = [
        one.use
        for one in entries
        if not one.taken
        and one.use.package in tested
        and (one.use.package, one.use.kind) not in unsure
        and any(start + TOLERANCE_MS <= one.use.at_ms <= end for start, end in spans)
    ]


def _pair_by_kind(made: Conformance, done: list[Use], entries: list[Entry]) -> None:
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.use.kind, []).append(entry)
    for act in done:
        match = next(
            (one for kind in act.kinds for one in by_kind.get(kind, ()) if _same_app(act.package, one.use.package)),
            None,
        )
        made.pairs.append(Paired(act, match))


def _same_app(one: str, other: str) -> bool:
    return not one or not other or one == other


class _Index:
    """The entries by app and kind, in order of time."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._of: dict[tuple[str, str], list[Entry]] = {}
        self._of_kind: dict[str, list[Entry]] = {}
        for entry in sorted(entries, key=lambda one: (one.use.at_ms, one.use.event.line)):
            self._of.setdefault((entry.use.package, entry.use.kind), []).append(entry)
            self._of_kind.setdefault(entry.use.kind, []).append(entry)
        self._times = {key: [one.use.at_ms for one in several] for key, several in self._of.items()}
        self._kind_times = {kind: [one.use.at_ms for one in several] for kind, several in self._of_kind.items()}
        self._longest = {key: max(one.span_ms for one in several) for key, several in self._of.items()}

    def at_time(self, act: Use) -> Entry | None:
        """The nearest entry of the moment that still stands for another act."""
        near = [one for one in self._around(act) if not one.untimed and self._fits(one, act)]
        return min(near, key=lambda one: one.away(act.at_ms), default=None)

    def untimed(self, act: Use) -> Entry | None:
        """One that sums up the day, or a number of acts of that day."""
        day = (act.at_ms // DAY_MS - 1) * DAY_MS, (act.at_ms // DAY_MS + 2) * DAY_MS
        for key in self._keys(act):
            times = self._times.get(key, [])
            for one in self._of.get(key, ())[bisect_left(times, day[0]) : bisect_left(times, day[1])]:
                if one.untimed and one.taken < one.use.what.count and abs(one.use.at_ms - act.at_ms) <= DAY_MS:
                    return one
        return None

    def late(self, act: Use) -> Entry | None:
        """The first one after the act that no other act explains."""
        for key in self._keys(act):
            several = self._of.get(key, [])
            for one in several[bisect_left(self._times.get(key, []), act.at_ms) :]:
                if not one.taken and not one.untimed:
                    return one
        return None

    def elsewhere(self, act: Use, tested: set[str]) -> Use | None:
        """One of the same kind and moment under an app that was not tested."""
        for kind in act.kinds:
            times = self._kind_times.get(kind, [])
            tolerance = TOLERANCE_MS + act.slack_ms
            start, end = bisect_left(times, act.at_ms - tolerance), bisect_left(times, act.at_ms + tolerance + 1)
            for one in self._of_kind.get(kind, [])[start:end]:
                if one.use.package not in tested and not one.taken:
                    return one.use
        return None

    def _keys(self, act: Use) -> list[tuple[str, str]]:
        return [(act.package, kind) for kind in act.kinds]

    def _around(self, act: Use) -> Iterator[Entry]:
        for key in self._keys(act):
            times = self._times.get(key, [])
            # An entry's own slack is at most that of an undated one, which is looked for elsewhere.
            reach = 2 * TOLERANCE_MS + act.slack_ms
            start = bisect_left(times, act.at_ms - self._longest.get(key, 0) - reach)
            yield from self._of.get(key, [])[start : bisect_left(times, act.at_ms + reach + 1)]

    def _fits(self, entry: Entry, act: Use) -> bool:
        if entry.away(act.at_ms) > TOLERANCE_MS + act.slack_ms + entry.use.slack_ms:
            return False
        within = entry.span_ms > 0
        return within or entry.taken < entry.use.what.count
