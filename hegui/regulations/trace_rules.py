"""Recorded runs held against the rules: what each party was seen to take, and what the rules state or deny of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from hegui.audit import Evidence
from hegui.audit import policy_evidence as said
from hegui.audit import trace_evidence as shows
from hegui.facts import Facts
from hegui.facts.policy import Policy, Span, StatedSdk
from hegui.facts.queries.consistency import covers
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Run
from hegui.regulations.trace_parts import got, runs, takings, why_actor
from hegui.words import Words

_MOST_SHOWN = 3


@dataclass
class Observed:
    """What one party took of one kind, over all runs. `sure`: at least once it is known to have got it."""

    actor: str
    kind: str
    sure: bool = False
    count: int = 0
    places: list[tuple[Run, int]] = field(default_factory=list)

    def evidence(self, facts: Facts) -> tuple[Evidence, ...]:
        return tuple(shows.event(facts, run, timeline(run).event(at)) for run, at in self.places[:_MOST_SHOWN])

    @property
    def why(self) -> Words:
        run, at = self.places[0]
        return why_actor(timeline(run).event(at))


def observed(facts: Facts) -> list[Observed]:
    """Everything taken in any run; refused attempts are left out, for nothing was taken."""
    found: dict[tuple[str, str], Observed] = {}
    for run in runs(facts):
        line = timeline(run)
        for (actor, kind), rows in takings(line).items():
            for row in rows:
                what, _ = line.row(row)
                success = got(what, run.meta)
                if success is False:
                    continue
                one = found.setdefault((actor, kind), Observed(actor, kind))
                if success and not one.sure:
                    # What it got for sure is what the evidence must show.
                    one.sure, one.places = True, []
                places = line.of_row(row)
                one.count += len(places) * what.count
                if success or not one.sure:
                    one.places += [(run, at) for at in places[:_MOST_SHOWN]][: _MOST_SHOWN - len(one.places)]
    return sorted(found.values(), key=lambda one: (one.actor, one.kind))


How = Literal["exactly", "generally", ""]


@dataclass(frozen=True)
class Told:
    """Whether the rules state a kind for a party, and where. `how` "" is not at all."""

    how: How
    span: Span | None = None


def is_sdk(actor: str) -> bool:
    return actor not in ("app", "unknown", "system")


def rows_of(rules: Policy, actor: str) -> tuple[StatedSdk, ...]:
    """The rows of the rules about an SDK: its catalogue id or a part of it, or its Java package."""
    return tuple(
        row
        for row in rules.sdks
        if _same_line(row.sdk_id or "", actor) or _same_line((row.package or "").rstrip(".*"), actor)
    )


def _same_line(one: str, other: str) -> bool:
    return bool(one) and (one == other or one.startswith(other + ".") or other.startswith(one + "."))


def told(rules: Policy, actor: str, kind: str) -> Told:
    """What the rules state of a kind for a party. Code of unknown owner may be anybody's: what is stated for any covers it."""
    claims: list[tuple[str, Span | None]] = []
    if is_sdk(actor):
        rows = rows_of(rules, actor)
        names = {row.name for row in rows}
        claims += [(one, row.span) for row in rows for one in row.types]
        claims += [(one.type, one.span) for one in rules.types if one.actor in names]
    else:
        claims += [(one.type, one.span) for one in rules.types if actor == "unknown" or one.actor == "app"]
        claims += [(one, function.span) for function in rules.functions for one in function.types]
        if actor == "unknown":
            claims += [(one, row.span) for row in rules.sdks for one in row.types]
    return _best(claims, kind)


def denied(rules: Policy, kind: str) -> Told:
    """Whether the rules say that a kind is not collected. That nothing at all is, counts where they name nothing that is."""
    names_some = bool(rules.types or rules.functions or rules.sdks)
    claims = []
    for one in rules.negatives:
        act, _, about = one.value.partition(":")
        if act == "collect" and (about or not names_some):
            claims.append((about, one.span))
    return _best(claims, kind)


def _best(claims: Iterable[tuple[str, Span | None]], kind: str) -> Told:
    found = [Told(covers(claim, kind), span) for claim, span in claims]
    return next((one for how in ("exactly", "generally") for one in found if one.how == how), Told(""))


def sentences(rules: Policy, spans: Iterable[Span | None]) -> Iterator[Evidence]:
    """The sentences of the rules at these places."""
    for span in list(dict.fromkeys(one for one in spans if one))[:_MOST_SHOWN]:
        yield said.sentence(rules, span)
