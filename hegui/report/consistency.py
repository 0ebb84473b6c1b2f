"""Rules and code side by side (规则与代码): a matrix of kinds and parties, and under it each pair of sentence and code place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hegui.catalogue.apis import WEAK_PI_TYPES, apis
from hegui.catalogue.pi_types import PI_GROUPS
from hegui.catalogue.sdks import sdk
from hegui.facts import Facts
from hegui.facts.package import CallSite
from hegui.facts.policy import Policy, Span
from hegui.facts.queries.consistency import Cell, Consistency, Party, PermissionRow, SdkRow, State, consistency
from hegui.facts.queries.policy_places import document_of, place
from hegui.facts.unread import Unread, is_read
from hegui.report import names
from hegui.report.cards import Card
from hegui.words import Words

# More parties than this are no picture; those with the fewest cells share the last column.
MOST_COLUMNS = 16
# Sentences and places shown of one pair, and pairs shown at all: the rest is counted.
MOST_OF_PAIR = 3
MOST_PAIRS = 150
MOST_SDKS = 100
# A sentence is shown around the words that count.
_LONGEST_QUOTE = 160

# What a reader should see first.
ORDER: tuple[State, ...] = (
    "contradicted", "unstated", "general", "agrees", "unseen", "doubtful", "denied", "unshown",
)  # fmt: skip


@dataclass(frozen=True)
class Quote:
    """A sentence of the rules: what stands before, the words that count, what stands after, and where. `by`: of another party."""

    before: str
    words: str
    after: str
    document: str
    where: str
    sha256: str
    by: Words | None = None
    denies: bool = False


@dataclass(frozen=True)
class Pair:
    """One kind of one party. `more_quotes` and `more_sites` were left out; `cards` are numbers of findings on the same places."""

    id: str
    kind: Words
    party: Words
    state: State
    two_minded: bool
    quotes: tuple[Quote, ...]
    more_quotes: int
    sites: tuple[CallSite, ...]
    more_sites: int
    cards: tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """A party as a column. `note` tells how far its name is known."""

    id: str
    kind: str
    name: Words
    note: Words | None


@dataclass(frozen=True)
class Row:
    """A kind of personal information; `pairs` by party."""

    name: Words
    pairs: dict[str, Pair]


@dataclass(frozen=True)
class PermissionPair:
    name: Words
    state: State
    asked: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class SdkPair:
    row: SdkRow
    name: Words
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Sides:
    """The picture and the tables. `pairs` are in the order a reader should see them."""

    columns: tuple[Column, ...]
    groups: tuple[tuple[Words, tuple[Row, ...]], ...]
    counts: dict[State, int]
    pairs: tuple[Pair, ...] | Unread
    permissions: tuple[PermissionPair, ...] | Unread
    sdks: tuple[SdkPair, ...] | Unread
    hidden: tuple[str, ...]
    whole: bool

    @property
    def states(self) -> tuple[State, ...]:
        """Those that occur, in reading order."""
        return tuple(one for one in ORDER if self.counts.get(one))


def sides(facts: Facts, cards: Iterable[Card] = ()) -> Sides | Unread:
    """Both sides of the facts; Unread where the rules or the package were not read."""
    found = consistency(facts, apis(), WEAK_PI_TYPES)
    if isinstance(found, Unread):
        return found
    rules = facts.policy
    if isinstance(rules, Unread):
        return rules
    cells = found.cells if is_read(found.cells) else ()
    columns = _columns(found, cells)
    about = {one.id: _party_name(one) for one in found.parties}
    at = _by_place(cards)
    groups = _groups(cells)
    ordered = sorted(cells, key=lambda one: _reading_order(one, columns, groups))
    pairs = {
        (cell.type, cell.party): _pair(rules, cell, f"pair-{number}", about, at) for number, cell in enumerate(ordered)
    }
    return Sides(
        columns,
        tuple(
            (
                name,
                tuple(
                    Row(names.kind(kind), {party: pairs[kind, party] for one, party in pairs if one == kind})
                    for kind in kinds
                ),
            )
            for name, kinds in groups
        ),
        dict(Counter(one.state for one in cells)),
        found.cells if isinstance(found.cells, Unread) else tuple(pairs.values()),
        found.permissions
        if isinstance(found.permissions, Unread)
        else tuple(_permission(rules, one) for one in sorted(found.permissions, key=_permission_order)),
        found.sdks
        if isinstance(found.sdks, Unread)
        else tuple(_sdk(rules, one) for one in sorted(found.sdks, key=_sdk_order)),
        found.hidden,
        found.whole,
    )


def _columns(found: Consistency, cells: tuple[Cell, ...]) -> tuple[Column, ...]:
    """The app, SDKs with something seen and then the others, by how much there is to say; unknown last."""
    many = Counter(one.party for one in cells)
    seen = Counter(one.party for one in cells if one.sites)
    kinds = ("app", "sdk", "unknown")
    some = [one for one in found.parties if many[one.id] or one.kind == "app"]
    some.sort(key=lambda one: (kinds.index(one.kind), -seen[one.id], -many[one.id], one.name, one.id))
    return tuple(Column(one.id, one.kind, _party_name(one), _party_note(one)) for one in some)


def _party_name(party: Party) -> Words:
    if party.kind == "app":
        return Words("应用自身", "the app itself")
    if party.kind == "unknown":
        return Words("公共库与归属不明的代码", "libraries and code of unknown owner")
    return _sdk_name(party)


def _sdk_name(party: Party) -> Words:
    """As the catalogue calls it where it was found, else as the rules do."""
    known = sdk(party.id) if party.found else None
    return known.name if known else Words(party.name, party.name)


def _party_note(party: Party) -> Words | None:
    if party.kind != "sdk" or party.found is not None:
        return None
    if party.by_rules:
        return Words("按规则所写包名归属", "told by the package name in the rules")
    return Words("包内未见", "not found in the package")


def _groups(cells: tuple[Cell, ...]) -> tuple[tuple[Words, tuple[str, ...]], ...]:
    """The kinds that have a cell, in the order of the catalogue; a family stands before its members."""
    had = {one.type for one in cells}
    groups = []
    for name, kinds in PI_GROUPS:
        families = dict.fromkeys(one.partition(".")[0] for one in kinds if "." in one)
        groups.append((name, tuple(one for one in (*families, *kinds) if one in had)))
    known = {one for _, kinds in groups for one in kinds}
    name, last = groups[-1]
    groups[-1] = (name, (*last, *sorted(had - known)))
    return tuple((name, kinds) for name, kinds in groups if kinds)


def _reading_order(
    cell: Cell, columns: tuple[Column, ...], groups: tuple[tuple[Words, tuple[str, ...]], ...]
) -> tuple[int, int, int]:
    kinds = [one for _, some in groups for one in some]
    return (ORDER.index(cell.state), [one.id for one in columns].index(cell.party), kinds.index(cell.type))


def _pair(rules: Policy, cell: Cell, id_: str, about: dict[str, Words], at: dict[str, frozenset[int]]) -> Pair:
    quotes = [
        *(_quote(rules, one.span, one.said, denies=True) for one in cell.denied),
        *(_quote(rules, one.span, one.said) for one in cell.stated),
        *(_quote(rules, one.span, one.said, by=about[party]) for party, one in cell.elsewhere),
    ]
    said = tuple(dict.fromkeys(one for one in quotes if one))
    # Findings on this very pair name a place of each side; where only one side says something, a place of that.
    of_sites = _on(at, (one.at for one in cell.sites))
    of_quotes = _on(at, (one.where for one in said))
    numbers = of_sites & of_quotes if said and cell.sites else of_sites
    return Pair(
        id_,
        names.kind(cell.type),
        about[cell.party],
        cell.state,
        cell.two_minded,
        said[:MOST_OF_PAIR],
        len(said[MOST_OF_PAIR:]),
        cell.sites[:MOST_OF_PAIR],
        len(cell.sites[MOST_OF_PAIR:]),
        tuple(sorted(numbers)),
    )


def _by_place(cards: Iterable[Card]) -> dict[str, frozenset[int]]:
    """For each place that evidence names, the findings on it that also rest on the rules."""
    found: dict[str, set[int]] = {}
    for card in cards:
        if any(one.kind == "policy_text" for one in card.evidence):
            for one in card.evidence:
                found.setdefault(one.where, set()).add(card.number)
    return {where: frozenset(numbers) for where, numbers in found.items()}


def _on(at: dict[str, frozenset[int]], places: Iterable[str]) -> frozenset[int]:
    return frozenset().union(*(at.get(one, frozenset()) for one in places))


def _quote(
    rules: Policy, span: Span | None, said: str, *, by: Words | None = None, denies: bool = False
) -> Quote | None:
    if span is None:
        return None
    text = rules.said(span)
    start = text.find(said) if said else -1
    if start < 0:
        start, said = 0, ""
    # Of a long passage what stands around the words.
    left = max(0, start - _LONGEST_QUOTE // 2)
    right = min(len(text), start + len(said) + _LONGEST_QUOTE - (start - left))
    before, after = text[left:start], text[start + len(said) : right]
    document = document_of(rules, span.document)
    return Quote(
        ("…" if left else "") + before,
        said,
        after + ("…" if right < len(text) else ""),
        span.document,
        place(rules, span),
        document.sha256 if document else "",
        by,
        denies,
    )


def _permission_order(row: PermissionRow) -> tuple[int, str]:
    return (ORDER.index(row.state), row.key)


def _permission(rules: Policy, row: PermissionRow) -> PermissionPair:
    quotes = (_quote(rules, one.span, one.said) for one in row.stated)
    return PermissionPair(
        names.PERMISSION_GROUPS.get(row.key, Words(row.key, row.key)),
        row.state,
        tuple(one.name.removeprefix("android.permission.") for one in row.asked),
        tuple(dict.fromkeys(one for one in quotes if one))[:MOST_OF_PAIR],
    )


def _sdk_order(row: SdkRow) -> tuple[int, bool, str]:
    collects = row.party.found is not None and row.party.found.collects_pi
    differs = row.version == "differs"
    return (-1 if differs else ORDER.index(row.state), not collects, row.party.name)


def _sdk(rules: Policy, row: SdkRow) -> SdkPair:
    quotes = (_quote(rules, one.span, one.name) for one in row.party.stated)
    return SdkPair(
        row,
        _sdk_name(row.party),
        tuple(dict.fromkeys(one for one in quotes if one))[:MOST_OF_PAIR],
    )
