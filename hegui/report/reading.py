"""Who can read what (谁能读什么): call sites by kind of personal information and by whose code they stand in."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from hegui.catalogue.pi_types import PI_GROUPS, PI_TYPES, WEAK_TRAITS, pi_type
from hegui.catalogue.sdks import sdk
from hegui.facts.package import CallSite, Package, Sdk
from hegui.facts.unread import Unread, is_read
from hegui.report import names
from hegui.report.catalogued import api_name, is_weak, loads_bytecode, loads_other_code, reflects
from hegui.words import Words

# More actors than this share the last column; a picture wider than that is no picture.
MOST_COLUMNS = 24
# Sites listed with their place: so many of every cell first, and at most on the page. All are in facts.json.
SOME_OF_CELL = 4
MOST_SITES = 400
# About how many bytes the lists may take: names in a package can be as long as their author likes.
MOST_BYTES = 370_000
LONGEST_NAME = 240

_EARLIEST = {code: rank for rank, code in enumerate(names.REACHED)}
_LEFT_OUT = re.compile(r"… (\d+) more …")


@dataclass(frozen=True)
class Actor:
    """Whose code it is. `kind`: app, sdk, library, or unknown; `why` tells by what, with how many sites each."""

    id: str
    kind: str
    name: Words
    why: tuple[tuple[Words, int], ...]
    sites: int


@dataclass(frozen=True)
class Step:
    """A method on a path. `enters`: the actor whose code begins here. `left_out` counts steps not given instead."""

    method: str
    enters: Words | None = None
    left_out: int = 0


@dataclass(frozen=True)
class Method:
    """The sites of one method that read one kind of information, and one path by which the method can be reached.

    `set_off_by` is whose code the path enters by, where that is not the actor's own; `others` are further parties on it.
    """

    cls: str
    name: str
    when: str
    path: tuple[Step, ...]
    why: Words
    set_off_by: Words | None
    others: tuple[Words, ...]
    sites: tuple[CallSite, ...]


@dataclass(frozen=True)
class Cell:
    """What one actor can read of one kind. `when` counts sites, earliest first; `hidden` are not among `methods`."""

    id: str
    when: dict[str, int]
    methods: tuple[Method, ...]
    hidden: int

    @property
    def first(self) -> str:
        return next(iter(self.when))

    @property
    def sites(self) -> int:
        return sum(self.when.values())


@dataclass(frozen=True)
class Row:
    """A kind of personal information; `cells` by actor."""

    code: str
    name: Words
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Weak:
    """A weak trait, or a weak sign of a kind: which calls, and whose."""

    name: Words
    calls: tuple[tuple[Words, int], ...]
    actors: tuple[tuple[Words, int], ...]


@dataclass(frozen=True)
class Reading:
    """The matrix and the lists beneath. `absent`: kinds without a site. `other`: calls that read nothing, by name."""

    actors: tuple[Actor, ...]
    groups: tuple[tuple[Words, tuple[Row, ...]], ...]
    absent: tuple[Words, ...]
    weak: tuple[Weak, ...]
    other: tuple[tuple[Words, int], ...]
    sites: int
    listed: int

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for _, rows in self.groups for row in rows)

    @property
    def early(self) -> int:
        """How many kinds somebody can read before any screen."""
        return sum(any("startup" in cell.when for cell in row.cells.values()) for row in self.rows)

    def cells_of(self, actor: str) -> tuple[tuple[Row, Cell], ...]:
        return tuple((row, row.cells[actor]) for row in self.rows if actor in row.cells)


def reading(pkg: Package | Unread) -> Reading | Unread:
    if isinstance(pkg, Unread):
        return pkg
    if isinstance(pkg.callsites, Unread):
        return pkg.callsites
    reads = [site for site in pkg.callsites if site.pi_type]
    strong = sorted((site for site in reads if not is_weak(site)), key=_order)
    owners = Owners(pkg)
    actors = _actors(strong, owners)
    groups = _groups(strong)
    listed = _listed(strong, actors, owners)
    rows = {
        code: _row(code, str(number), [site for site in strong if site.pi_type == code], actors, owners, listed)
        for number, code in enumerate(code for _, kinds in groups for code in kinds)
    }
    return Reading(
        actors,
        tuple((name, tuple(rows[code] for code in kinds)) for name, kinds in groups if kinds),
        tuple(name for _, kinds in PI_GROUPS for code, name in kinds.items() if code not in rows),
        _weak([site for site in reads if is_weak(site)], owners),
        _counted(api_name(site) for site in pkg.callsites if not site.pi_type and not _hides(site)),
        len(strong),
        len(listed),
    )


class Owners:
    """To whom the ids that sites give as their origin belong, and which class names speak for it."""

    def __init__(self, pkg: Package) -> None:
        self._itself = ("app", pkg.name)
        self._is_sdk = pkg.platform == "android-sdk"
        sdks: tuple[Sdk, ...] = pkg.sdks if is_read(pkg.sdks) else ()
        self._sdks = {one.sdk_id: one for one in sdks}
        prefixes = [(one.pkg_prefix.replace("/", ".").rstrip(".*"), one.sdk_id) for one in sdks]
        prefixes += [
            (prefix.rstrip("."), one.sdk_id) for one in sdks if (known := sdk(one.sdk_id)) for prefix in known.prefixes
        ]
        # The longest prefix speaks; the app's own name only where no SDK's does.
        self._prefixes = sorted(((prefix, id_) for prefix, id_ in prefixes if prefix), key=lambda one: -len(one[0]))
        self._prefixes.append((pkg.name, "app"))

    def id_of(self, site: CallSite) -> str:
        return "app" if site.origin in self._itself else site.origin

    def kind(self, actor: str) -> str:
        if actor in ("app", "unknown"):
            return actor
        return "sdk" if actor in self._sdks else "library"

    def name(self, actor: str) -> Words:
        if actor == "app":
            return Words("本 SDK 自身", "this SDK itself") if self._is_sdk else Words("应用自身", "the app itself")
        if actor == "unknown":
            return Words("归属不明", "unknown")
        if known := sdk(actor):
            return known.name
        one = self._sdks.get(actor)
        return Words(one.name, one.name) if one else Words(actor, actor)

    def of_class(self, cls: str) -> tuple[str, str] | None:
        """Whose prefix a class stands under, and the prefix. None when it is nobody's that we know."""
        dotted = _dotted(cls)
        return next(
            ((id_, prefix) for prefix, id_ in self._prefixes if dotted == prefix or dotted.startswith(prefix + ".")),
            None,
        )

    def why(self, site: CallSite) -> Words:
        """By what the site is the actor's: a prefix of theirs, else what the reader says, without the name of the class."""
        actor, spoken = self.id_of(site), self.of_class(site.cls)
        if spoken and spoken[0] == actor:
            return Words(f"类名在 {spoken[1]} 之下", f"the class stands under {spoken[1]}")
        if site.why_origin:
            said = site.why_origin.removeprefix(f"class {_dotted(site.cls)} ")
            return Words(said, said)
        if actor == "app":
            return Words("类名不在已识别的 SDK 之下", "the class stands under no SDK that was recognised")
        if actor == "unknown":
            return Words(
                "类名不在应用包名或已识别的 SDK 之下",
                "the class stands neither under the app's name nor under a recognised SDK",
            )
        if actor in self._sdks:
            return Words(
                "类名不在其前缀之下，由其他特征归属", "the class stands outside its prefix; attributed by other traits"
            )
        return Words("归属于该库（不是已识别的 SDK）", "attributed to this library, which is no recognised SDK")

    def path(self, site: CallSite) -> tuple[Step, ...]:
        """The steps from the entry to the method that holds the site; () when none was found."""
        steps: list[Step] = []
        before: str | None = None
        for method in site.reach[1:]:
            if left_out := _LEFT_OUT.fullmatch(method):
                steps.append(Step("", None, int(left_out[1])))
                continue
            spoken = self.of_class(method.partition("->")[0])
            now = spoken[0] if spoken else None
            steps.append(Step(method, self.name(now) if now and now != before else None))
            before = now or before
        return tuple(steps)


def _dotted(cls: str) -> str:
    return cls.removeprefix("L").removesuffix(";").replace("/", ".")


def _hides(site: CallSite) -> bool:
    """Counted where it is told what cannot be seen."""
    return loads_bytecode(site) or loads_other_code(site) or reflects(site)


def _when(site: CallSite) -> str:
    return site.reach[0] if site.reach and site.reach[0] in names.REACHED else ""


def _order(site: CallSite) -> tuple[int, str, str, int, str, str]:
    return (_EARLIEST[_when(site)], site.cls, site.method, site.offset, site.target, site.api)


def _actors(strong: list[CallSite], owners: Owners) -> tuple[Actor, ...]:
    """The app first, then SDKs by how early and how much they can read, libraries, and what is nobody's last."""
    sites: dict[str, list[CallSite]] = {"app": []}
    for site in strong:
        sites.setdefault(owners.id_of(site), []).append(site)
    kinds = ("app", "sdk", "library", "unknown")
    made = [
        Actor(id_, owners.kind(id_), owners.name(id_), _counted(owners.why(site) for site in some), len(some))
        for id_, some in sites.items()
    ]
    early = {id_: sum(_when(site) == "startup" for site in some) for id_, some in sites.items()}
    return tuple(sorted(made, key=lambda one: (kinds.index(one.kind), -early[one.id], -one.sites, one.name.zh, one.id)))


def _groups(strong: Iterable[CallSite]) -> tuple[tuple[Words, tuple[str, ...]], ...]:
    """The kinds that have a site, in the order of the table; codes it does not hold under the last group."""
    had = {site.pi_type or "" for site in strong}
    known = {code for _, kinds in PI_GROUPS for code in kinds}
    groups = [(name, tuple(code for code in kinds if code in had)) for name, kinds in PI_GROUPS]
    name, last = groups[-1]
    return (*groups[:-1], (name, (*last, *sorted(had - known))))


def _listed(strong: list[CallSite], actors: tuple[Actor, ...], owners: Owners) -> frozenset[int]:
    """Which sites are shown with their place, by identity: some of every cell, then the earliest, until the page is full."""
    rank = {actor.id: number for number, actor in enumerate(actors)}
    in_cell: Counter[tuple[str, str]] = Counter()
    wanted = []
    for place, site in enumerate(strong):
        cell = owners.id_of(site), site.pi_type or ""
        turn = in_cell[cell] // SOME_OF_CELL
        wanted.append((turn > 0, _EARLIEST[_when(site)], turn, rank[cell[0]], place))
        in_cell[cell] += 1
    shown: set[int] = set()
    methods: set[tuple[str, str, str]] = set()
    # A cell takes its share in the matrix and in two lists, whether or not its places are listed.
    bytes_ = min(540 * len(in_cell), MOST_BYTES // 2)
    for *_, place in sorted(wanted)[:MOST_SITES]:
        site = strong[place]
        method = site.cls, site.method, site.pi_type or ""
        size = 240 + 2 * _size(site.at) + _size(site.target) + sum(80 + _size(one.value) for one in site.args)
        if method not in methods:
            size += (
                280
                + _size(site.why_origin)
                + _size(site.cls)
                + _size(site.method)
                + sum(20 + _size(step) // 2 for step in site.reach)
            )
        if bytes_ + size <= MOST_BYTES:
            methods.add(method)
            bytes_ += size
            shown.add(id(site))
    return frozenset(shown)


def _size(name: str) -> int:
    return len(name[:LONGEST_NAME].encode("utf-8", "replace"))


def _row(
    code: str, number: str, some: list[CallSite], actors: tuple[Actor, ...], owners: Owners, listed: frozenset[int]
) -> Row:
    cells = {}
    for column, actor in enumerate(actors):
        own = [site for site in some if owners.id_of(site) == actor.id]
        if own:
            shown = [site for site in own if id(site) in listed]
            when = Counter(map(_when, own))
            cells[actor.id] = Cell(
                f"reads-{column}-{number}",
                {one: when[one] for one in names.REACHED if when[one]},
                tuple(_methods(shown, owners)),
                len(own) - len(shown),
            )
    return Row(code, pi_type(code), cells)


def _methods(shown: list[CallSite], owners: Owners) -> Iterator[Method]:
    for (_, cls, name), grouped in groupby(shown, key=lambda site: (_when(site), site.cls, site.method)):
        sites = tuple(grouped)
        one = sites[0]
        set_off_by = one.started_by if one.started_by not in ("", one.origin) else ""
        others = [each for each in one.candidates if each not in (one.origin, set_off_by)]
        yield Method(
            cls,
            name,
            _when(one),
            owners.path(one),
            owners.why(one),
            owners.name(set_off_by) if set_off_by else None,
            tuple(map(owners.name, others)),
            sites,
        )


def _weak(some: list[CallSite], owners: Owners) -> tuple[Weak, ...]:
    by_kind: dict[str, list[CallSite]] = {}
    for site in some:
        by_kind.setdefault(site.pi_type or "", []).append(site)
    order = {code: rank for rank, code in enumerate((*WEAK_TRAITS, *PI_TYPES))}
    return tuple(
        Weak(
            pi_type(code),
            _counted(map(api_name, by_kind[code])),
            _counted(owners.name(owners.id_of(site)) for site in by_kind[code]),
        )
        for code in sorted(by_kind, key=lambda one: (order.get(one, len(order)), one))
    )


def _counted(words: Iterable[Words]) -> tuple[tuple[Words, int], ...]:
    """Each with how often, the most frequent first."""
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0].zh, pair[0].en)))
