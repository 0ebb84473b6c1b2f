"""The rows of one log on their way to a run: kept, counted, and put in order of time."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hegui.catalogue.behaviours import agreeing, shows_rules
from hegui.readers.errors import one_line
from hegui.readers.trace.times import DAY_MS, Moment

MOST_EVENTS = 2_000_000
_KEPT_UNREAD = 50
_LONGEST = 400
_MOST_ARGS = 16
# A click on "agree" belongs to a screen of rules only if that screen was the last one shown (RULES D1).
_UI = frozenset({"screen", "ui", "fg", "bg"})


class Rows:
    """What was read of one log. `add` and `unread` are called once per row; `finish` gives the fields of a Run."""

    def __init__(self, format: str, **meta: Any) -> None:
        self.meta: dict[str, Any] = {"format": format, **meta}
        self.rows = 0
        self.rows_unread = 0
        self.rows_unclear = 0
        self.kept_unread: list[tuple[int, str]] = []
        self.notes: dict[str, int] = {}
        self._whats: dict[tuple[tuple[str, Any], ...], int] = {}
        self._stacks: dict[tuple[str, ...], int] = {}
        self._at: list[int] = []
        self._line: list[int] = []
        self._what: list[int] = []
        self._of: set[str] = set()
        self._step_ms = 1

    def __len__(self) -> int:
        return len(self._at)

    def add(self, line: int, at: Moment | int | None, fields: dict[str, Any], frames: tuple[str, ...] = ()) -> None:
        """Keep an event. `at` is a Moment, or milliseconds since the start of the run; None numbers the rows instead."""
        self.rows += 1
        if len(self._at) >= MOST_EVENTS:
            self._not_read(line, f"more than {MOST_EVENTS} events in one file")
            return
        if frames:
            fields = fields | {"stack": self._stacks.setdefault(frames, len(self._stacks))}
        self.keep(line, at, self.intern(fields))

    def intern(self, fields: dict[str, Any]) -> int:
        """The row of `whats` for these fields."""
        key = tuple(
            (name, _short(value)) for name, value in fields.items() if value is not None and value not in ("", ())
        )
        return self._whats.setdefault(key, len(self._whats))

    def keep(self, line: int, at: Moment | int | None, what: int) -> None:
        """An event of a row of `whats`; counted by the caller."""
        if isinstance(at, Moment):
            self._of.add(at.of)
            self._step_ms = max(self._step_ms, at.step_ms)
            self._at.append(at.ms)
        else:
            self._of.add("order" if at is None else "elapsed")
            self._at.append(len(self._at) if at is None else at)
        self._line.append(line)
        self._what.append(what)

    def stack(self, frames: tuple[str, ...]) -> int:
        return self._stacks.setdefault(frames, len(self._stacks))

    def unread(self, line: int, why: str) -> None:
        """Count a row that could not be read, and keep the first ones with the reason."""
        self.rows += 1
        self._not_read(line, why)

    def _not_read(self, line: int, why: str) -> None:
        self.rows_unread += 1
        if len(self.kept_unread) < _KEPT_UNREAD:
            self.kept_unread.append((line, one_line(why)))

    def note(self, what: str, number: int = 1) -> None:
        """Count something that is no event and was not lost: a heading, a counting sheet, another app's lines."""
        self.notes[what] = self.notes.get(what, 0) + number

    def finish(self) -> dict[str, Any]:
        """The fields of hegui.facts.trace.Run, JSON-ready. Only the fields that a row has are in its record."""
        self._turn_clock()
        whats = [dict(key) for key in self._whats]
        self._derive_consent(whats)
        order = sorted(range(len(self._at)), key=self._at.__getitem__)
        wall = bool(self._of & {"day", "day_without_year", "clock"})
        # Times before now, as dumps tell them, are negative.
        base = self._at[order[0]] if order and (wall or self._at[order[0]] < 0) else 0
        meta = {
            "run_id": "",
            "clock": "wall" if wall else "order" if "order" in self._of else "elapsed",
            "uncertainty_ms": self._step_ms if wall else 0,
            "started_at": _iso(base) if "day" in self._of else "",
            "has_stack": bool(self._stacks),
            "has_ui": any(one["type"] == "ui" for one in whats),
            "has_net": any(one["type"] == "net" for one in whats),
            **self.meta,
            "rows": self.rows,
            "rows_unread": self.rows_unread,
            "rows_unclear": self.rows_unclear,
            "unread": [{"line": line, "why": why} for line, why in self.kept_unread],
            "notes": [what if number == 1 else f"{what} ×{number}" for what, number in self.notes.items()],
        }
        return {
            "meta": meta,
            "whats": whats,
            "stacks": [{"frames": frames} for frames in self._stacks],
            "t_ms": [self._at[at] - base for at in order],
            "line": [self._line[at] for at in order],
            "what": [self._what[at] for at in order],
        }

    def _turn_clock(self) -> None:
        """Lift times after midnight to the next day where the log writes no dates."""
        if self._of != {"clock"}:
            return
        at = self._at
        falls = sum(later < earlier for earlier, later in pairwise(at))
        # A log written newest first falls all the way and passes midnight where it rises.
        newest_first = falls > len(at) // 2
        places = range(len(at) - 1, -1, -1) if newest_first else range(len(at))
        days, before = 0, None
        for place in places:
            if before is not None and before - at[place] > DAY_MS // 2:
                days += 1
            before = at[place]
            at[place] += days * DAY_MS

    def _derive_consent(self, whats: list[dict[str, Any]]) -> None:
        """Add the agreement that the rows imply (RULES D1), when none is written."""
        if any(one["type"] == "consent" and one.get("act") == "agree" for one in whats):
            return
        found = self._from_click(whats) or self._from_phases(whats)
        if found is None:
            return
        at, line, behaviour, act, uncertainty_ms = found
        whats.append(
            {"type": "consent", "scope": "rules", "act": act, "behaviour": behaviour, "derived": True}
            | ({"uncertainty_ms": uncertainty_ms} if uncertainty_ms else {})
        )
        self._at.append(at)
        self._line.append(line)
        self._what.append(len(whats) - 1)

    def _from_click(self, whats: list[dict[str, Any]]) -> tuple[int, int, str, str, int] | None:
        """The first click on an agree control of a screen of rules."""
        relevant = {index for index, one in enumerate(whats) if one["type"] in _UI}
        if not any(agreeing(whats[index].get("node_text", "")) == "agree" for index in relevant):
            return None
        places = sorted((self._at[place], place) for place, what in enumerate(self._what) if what in relevant)
        shown = ""
        for at, place in places:
            one = whats[self._what[place]]
            if one["type"] == "screen":
                shown = f"{one.get('page', '')} {one.get('activity', '')}"
            elif one["type"] == "ui" and agreeing(one.get("node_text", "")) == "agree":
                on = one.get("screen") or shown
                if shows_rules(on):
                    return at, self._line[place], f"点击“{one['node_text']}” / tapped {one['node_text']}", "agree", 0
        return None

    def _from_phases(self, whats: list[dict[str, Any]]) -> tuple[int, int, str, str, int] | None:
        """Between the last row the source marks as before the agreement and the first it marks as after it.

        Only where they do not overlap: marks that contradict each other tell no moment.
        """
        before = {index for index, one in enumerate(whats) if one.get("phase") == "before_consent"}
        after = {index for index, one in enumerate(whats) if one.get("phase") == "after_consent"}
        last = max(((self._at[place], place) for place, what in enumerate(self._what) if what in before), default=None)
        first = min(((self._at[place], place) for place, what in enumerate(self._what) if what in after), default=None)
        if last is None or first is None or last[0] > first[0]:
            return None
        gap = first[0] - last[0]
        middle = last[0] + gap // 2
        said = "在来源标为“同意前”与“同意后”的记录之间 / between rows the source marks as before and as after consent"
        return middle, self._line[first[1]], said, "agree", max(1, gap - gap // 2)


def _short(value: Any) -> Any:
    """Bounded and hashable: logs repeat themselves, and a hostile one may hold a gigabyte in one cell."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    if isinstance(value, Iterable):
        return tuple(str(_short(one)) for one in list(value)[:_MOST_ARGS])
    return value


def _iso(ms: int) -> str:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).replace(tzinfo=None).isoformat()
    except OverflowError:
        return ""
