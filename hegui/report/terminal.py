"""What a terminal recorded of apps, for a person to read (使用记录): by app, kind and day; what nobody saw is marked."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.usage_kinds import USAGE_KINDS
from hegui.facts.queries.usage import Use, began_ms, uses
from hegui.facts.trace import Run, Trace
from hegui.words import Words

# So many apps stand in the table of apps by kinds, and so many days in the picture; the list holds all.
MOST_APPS = 60
MOST_DAYS = 62
# Entries that stand in the page itself, for a reader without JavaScript.
FIRST = 100
_BEHIND, _START, _DENIED, _UNDATED = 1, 2, 4, 8
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class App:
    """An app of the record. counts: how often of each kind; behind: of these, in the background."""

    package: str
    name: str
    counts: Counter[str]
    behind: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def unseen(self) -> int:
        """In the background, and every start that the user did not make."""
        return self.behind.total() + sum(
            self.counts[kind] - self.behind[kind] for kind in ("self_start", "linked_start")
        )


@dataclass(frozen=True)
class Day:
    """One day of the record: its ISO date, and acts in front and unseen."""

    date: str
    front: int
    unseen: int

    @property
    def total(self) -> int:
        return self.front + self.unseen


@dataclass(frozen=True)
class Entry:
    """One row of the list. at_ms: local time, in ms since 1970 as if it were UTC."""

    at_ms: int
    package: str
    kind: str
    flags: int
    count: int
    lasts_ms: int
    starter: str
    item: str

    @property
    def unseen(self) -> bool:
        return bool(self.flags & (_BEHIND | _START))


@dataclass(frozen=True)
class Usage:
    """The page. dated: whether times are of a day, or only count from the start. kinds: those that occur."""

    title: str
    runs: tuple[Run, ...]
    apps: tuple[App, ...]
    kinds: tuple[str, ...]
    days: tuple[Day, ...]
    entries: tuple[Entry, ...]
    dated: bool
    unread: int

    @property
    def total(self) -> int:
        return sum(one.count for one in self.entries)

    @property
    def unseen(self) -> int:
        return sum(one.count for one in self.entries if one.unseen)

    def name(self, package: str) -> str:
        return next((one.name for one in self.apps if one.package == package), "")

    def when(self, entry: Entry) -> str:
        return when(entry, self.dated)


def usage(trace: Trace) -> Usage:
    """The uses and starts of all runs, in order of time."""
    found = [one for run in trace.runs for one in uses(run) if not USAGE_KINDS.keys().isdisjoint(one.kinds)]
    zone = next((zone for run in trace.runs if (zone := _zone_ms(run)) is not None), 0)
    names: dict[str, Counter[str]] = {}
    for one in found:
        said = one.what.page if one.what.type == "start_app" else one.what.actor
        names.setdefault(one.package, Counter()).update([said] if said else [])
        if one.starter and one.what.actor:
            names.setdefault(one.starter, Counter())[one.what.actor] += 1
    entries = sorted((_entry(one, zone) for one in found), key=lambda one: (one.at_ms, one.package, one.kind))
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for entry in entries:
        all_, behind = counts.setdefault(entry.package, (Counter(), Counter()))
        all_[entry.kind] += entry.count
        if entry.flags & _BEHIND:
            behind[entry.kind] += entry.count
    apps = [
        App(package, names[package].most_common(1)[0][0] if names[package] else "", *both)
        for package, both in counts.items()
    ]
    apps.sort(key=lambda one: (-one.unseen, -one.total, one.package))
    kinds = {entry.kind for entry in entries}
    dated = bool(trace.runs) and all(began_ms(run) is not None for run in trace.runs)
    return Usage(
        title=next(
            (run.meta.device or run.meta.collector for run in trace.runs if run.meta.device or run.meta.collector), ""
        ),
        runs=trace.runs,
        apps=tuple(apps),
        kinds=tuple(kind for kind in USAGE_KINDS if kind in kinds),
        days=_days(entries) if dated else (),
        entries=tuple(entries),
        dated=dated,
        unread=sum(run.meta.rows_unread for run in trace.runs),
    )


def _entry(one: Use, zone_ms: int) -> Entry:
    what, start = one.what, one.kind in ("self_start", "linked_start")
    flags = (
        (_BEHIND if what.phase == "background" else 0)
        | (_START if start else 0)
        | (_DENIED if what.result == "denied" else 0)
        | (_UNDATED if one.undated else 0)
    )
    item = what.pi_type if one.kind == "device_id" else what.cause if start else ""
    kind = next(kind for kind in one.kinds if kind in USAGE_KINDS)
    return Entry(one.at_ms + zone_ms, one.package, kind, flags, what.count, what.lasts_ms or 0, one.starter, item or "")


def _zone_ms(run: Run) -> int | None:
    try:
        offset = datetime.fromisoformat(run.meta.started_at).utcoffset()
    except ValueError:
        return None
    return round(offset.total_seconds() * 1000) if offset is not None else 0


def _days(entries: list[Entry]) -> tuple[Day, ...]:
    front: Counter[int] = Counter()
    unseen: Counter[int] = Counter()
    for one in entries:
        (unseen if one.unseen else front)[one.at_ms // _DAY_MS] += one.count
    days = sorted({*front, *unseen})
    if not days:
        return ()
    # Days on which nothing was recorded are drawn as such.
    all_days = range(max(days[0], days[-1] - MOST_DAYS + 1), days[-1] + 1)
    return tuple(Day(_date(day * _DAY_MS), front[day], unseen[day]) for day in all_days)


def _date(ms: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).date().isoformat()


def when(entry: Entry, dated: bool) -> str:
    """The time of an entry: date and second, the date alone where no more is known, or the time since the start."""
    ms = entry.at_ms
    clock = f"{ms // 3_600_000 % 24:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}"
    if not dated:
        return f"{ms // 3_600_000}:{clock[3:]}"
    return _date(ms) if entry.flags & _UNDATED else f"{_date(ms)} {clock}"


def item_words(item: str) -> Words:
    """The identifier that was read, or the cause of a start as the source writes it."""
    return pi_type(item) if item.startswith("device_id.") else Words(item, item)


def payload(page: Usage, visible: Callable[[str], str]) -> str:
    """The entries as JSON columns for the script of the page, "<" escaped; `visible` replaces characters nobody can see."""
    packages = sorted({one.package for one in page.entries} | {one.starter for one in page.entries if one.starter})
    names = {app.package: app.name for app in page.apps}
    number = {package: at for at, package in enumerate(packages)}
    items = sorted({one.item for one in page.entries if one.item})
    item_number = {item: at for at, item in enumerate(items)}
    kind_number = {kind: at for at, kind in enumerate(page.kinds)}
    before = 0
    times = []
    for one in page.entries:
        times.append(one.at_ms - before)
        before = one.at_ms
    data = {
        "dated": page.dated,
        "apps": [[visible(package), visible(names.get(package, ""))] for package in packages],
        "kinds": [[kind, USAGE_KINDS[kind].zh, USAGE_KINDS[kind].en] for kind in page.kinds],
        "items": [[visible(item_words(item).zh), visible(item_words(item).en)] for item in items],
        "t": times,
        "a": [number[one.package] for one in page.entries],
        "k": [kind_number[one.kind] for one in page.entries],
        "f": [one.flags for one in page.entries],
        "n": [one.count for one in page.entries],
        "d": [one.lasts_ms for one in page.entries],
        "s": [number[one.starter] if one.starter else -1 for one in page.entries],
        "i": [item_number[one.item] if one.item else -1 for one in page.entries],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
