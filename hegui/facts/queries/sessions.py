"""Uses of camera, microphone and location that last: opened, perhaps closed, and how long after the app was left (R31)."""

from dataclasses import dataclass

from hegui.facts.queries.timeline import Spell, Timeline
from hegui.facts.trace import Event, What

# What a session of each kind is opened and closed by: the kinds of RULES §2.
_KIND = {"camera": "camera", "mic": "mic"}
_OPENS, _CLOSES = ("open", "start"), ("close", "stop")


@dataclass(frozen=True, slots=True)
class Session:
    """A use that lasts. `kind`: camera, mic or location. `closed` None: the run shows no end of it."""

    kind: str
    opened: Event
    closed: Event | None

    def until(self, line: Timeline) -> int:
        """Until when it is known to have lasted, in ms."""
        return self.closed.t_ms if self.closed else line.end_ms


def kind_of(what: What) -> str | None:
    """camera, mic or location, for a use of one of them; None for all else."""
    if what.type == "loc":
        return "location"
    return _KIND.get(what.kind or "") if what.type == "sensor" else None


def uses(line: Timeline, kinds: tuple[str, ...]) -> list[Event]:
    """The openings and takings of these kinds by the app and its SDKs, in order of time; ends are left out."""
    return line.kept(("uses", kinds), lambda: _uses(line, kinds))


def _uses(line: Timeline, kinds: tuple[str, ...]) -> list[Event]:
    return [
        one
        for one in line.events(lambda what: kind_of(what) in kinds and what.op not in _CLOSES)
        if one.origin != "system" and not line.foreign(one.what)
    ]


def watches_ends(line: Timeline, kind: str) -> bool:
    """Whether the run shows any end of a use of this kind: without one, that a use shows no end tells nothing."""
    return bool(line.rows(lambda what: kind_of(what) == kind and what.op in _CLOSES))


def sessions(line: Timeline, kinds: tuple[str, ...]) -> list[Session]:
    """Each opening with the next end of its kind. Refused openings open nothing.

    An end closes all that the same party had open, or, when it had none, all that anyone had: two calls may open one use.
    """
    return line.kept(("sessions", kinds), lambda: _sessions(line, kinds))


def _sessions(line: Timeline, kinds: tuple[str, ...]) -> list[Session]:
    made: list[Session] = []
    open_now: dict[str, dict[str, list[Event]]] = {kind: {} for kind in kinds}
    for one in line.events(lambda what: kind_of(what) in kinds and what.op in (*_OPENS, *_CLOSES)):
        if one.origin == "system" or line.foreign(one.what):
            continue
        kind = kind_of(one.what) or ""
        by_party = open_now[kind]
        if one.what.op in _OPENS:
            if one.what.result != "denied":
                by_party.setdefault(one.origin, []).append(one)
            continue
        ended = by_party.pop(one.origin, None)
        if ended is None:
            ended = [each for several in by_party.values() for each in several]
            by_party.clear()
        made += [Session(kind, each, one) for each in ended]
    made += [
        Session(kind, each, None)
        for kind, by_party in open_now.items()
        for several in by_party.values()
        for each in several
    ]
    return sorted(made, key=lambda session: session.opened.seq)


def left_open(line: Timeline, session: Session, grace_ms: int) -> tuple[Spell, int] | None:
    """The first stretch in the background during which a session opened in front went on, and for how many ms, beyond grace.

    None where it ended in time, within what the times are off, or the run ended before that could be seen.
    """
    until, most = session.until(line), grace_ms + line.slack(session.opened.what)
    spell = next(line.background_from(session.opened.t_ms, most), None)
    if spell is None:
        return None
    # A later one begins after this one, so where the use ended within this one, none is left.
    over = min(until, until if spell.end_ms is None else spell.end_ms) - spell.start_ms
    return (spell, over) if over > most else None
