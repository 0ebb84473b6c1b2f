"""What the rules state, held against what the package shows (一致性): kinds of information, permissions and SDKs, both ways.

Facts only: what a difference means is for the checks to say. A package shows what code can do, never that it was done.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from hegui.facts.facts import Facts
from hegui.facts.package import CallSite, Package, Permission, Sdk
from hegui.facts.policy import Policy, Span, StatedPermission, StatedSdk
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app, open_doors
from hegui.facts.queries.policy_text import fully_read
from hegui.facts.unread import Unread, is_read

# How the two stand to each other. `agrees`: stated and seen; `general`: seen, and stated only in general words (设备标识);
# `unstated`: seen, not stated; `contradicted`: seen, and the rules say it is not collected; `unseen`: stated, not seen;
# `unshown`: stated, and of a kind no code shows, because the user types it in; `denied`: said not to be collected, and not
# seen; `doubtful`: not stated, and seen only where it may never run.
State = Literal["agrees", "general", "unstated", "contradicted", "unseen", "unshown", "denied", "doubtful"]

PartyKind = Literal["app", "sdk", "unknown"]

# Kinds that another kind includes: who states the wider one has stated these, if in general words.
_WIDER = {"photo": ("file",), "video": ("file",)}
# And where the other says more than is read, it has been stated exactly.
_MORE = {"location.coarse": ("location.precise",)}
# Words less sure than this name a family in truth (位置信息 is read as precise location with 0.75).
_GENERAL_BELOW = 0.8

# Who answers an intent: that may be the list of installed apps, or just who else can open one link. The call does not tell.
_MAY_ASK_FOR_FEW = ("app_list.query_activities", "app_list.query_services")
# For these the platform came to want the permission only later, in Android 10 at the latest; below it, none may be needed.
_PERMISSION_CAME_LATER = ("wifi.", "bluetooth.", "media.")
_HAD_COME = 29


class Api(Protocol):
    """What the catalogue knows of a call: facts do not know the catalogue, so the caller hands it over."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def pi_type(self) -> str: ...
    @property
    def weak(self) -> bool: ...
    @property
    def until(self) -> int | None: ...
    @property
    def permissions(self) -> tuple[tuple[str, ...], ...]: ...


@dataclass(frozen=True)
class Claim:
    """What the rules say of a kind: its code or family, their words, and where. `general`: the words name no exact kind."""

    type: str
    said: str
    span: Span | None
    general: bool = False


@dataclass(frozen=True)
class Party:
    """Who may read: the app, an SDK found in the package or named by the rules, or `unknown` (library code too).

    `id` is "app", "unknown", the id of the SDK, or its name where the catalogue holds none. `by_rules`: it was not recognised,
    but code of unknown owner stands under the package name that the rules give for it.
    """

    id: str
    kind: PartyKind
    name: str
    found: Sdk | None = None
    stated: tuple[StatedSdk, ...] = ()
    by_rules: bool = False


@dataclass(frozen=True)
class Cell:
    """One kind of one party. `stated` and `denied` are of this party; `elsewhere` is what is stated of the kind for others.

    `sites` are those that can run; where there are none, those that may never run or where the user picks what is given.
    `two_minded`: the rules both state and deny it.
    """

    type: str
    party: str
    state: State
    sites: tuple[CallSite, ...] = ()
    stated: tuple[Claim, ...] = ()
    denied: tuple[Claim, ...] = ()
    elsewhere: tuple[tuple[str, Claim], ...] = ()

    @property
    def two_minded(self) -> bool:
        return bool(self.stated and self.denied)


@dataclass(frozen=True)
class PermissionRow:
    """A permission group, or a permission of none. `asked` are those of the manifest that a user grants, or that are stated."""

    key: str
    state: State
    asked: tuple[Permission, ...]
    stated: tuple[StatedPermission, ...]


@dataclass(frozen=True)
class SdkRow:
    """An SDK. `version`: same, differs, unstated (the rules give none), unread (the package's is not known), "" for no pair."""

    party: Party
    state: State
    version: Literal["same", "differs", "unstated", "unread", ""] = ""


@dataclass(frozen=True)
class Consistency:
    """Both sides together. `hidden` are the reason codes under which "not seen" proves nothing; () where code was read whole.

    `whole`: the rules were read to their end, so that "not stated" is said of them.
    """

    parties: tuple[Party, ...]
    cells: tuple[Cell, ...] | Unread
    permissions: tuple[PermissionRow, ...] | Unread
    sdks: tuple[SdkRow, ...] | Unread
    hidden: tuple[str, ...]
    whole: bool

    def cell(self, type: str, party: str) -> Cell | None:
        cells = self.cells if is_read(self.cells) else ()
        return next((one for one in cells if one.type == type and one.party == party), None)


def consistency(facts: Facts, apis: Iterable[Api], weak: Collection[str]) -> Consistency | Unread:
    """Hold the rules against the package. `apis` are those of the catalogue, `weak` the kinds that are never a finding alone."""
    rules, pkg = facts.policy, facts.pkg
    if isinstance(rules, Unread):
        return rules
    if isinstance(pkg, Unread):
        return pkg
    known = {one.id: one for one in apis}
    parties = _parties(rules, pkg)
    return Consistency(
        parties,
        pkg.callsites if isinstance(pkg.callsites, Unread) else _cells(rules, pkg, parties, known, frozenset(weak)),
        pkg.permissions if isinstance(pkg.permissions, Unread) else _permissions(rules, pkg),
        pkg.sdks if isinstance(pkg.sdks, Unread) else tuple(_sdk_row(one) for one in parties if one.kind == "sdk"),
        code.hidden_by(pkg),
        fully_read(facts),
    )


# -------------------------------------------------------------------------------------------------- parties


def _parties(rules: Policy, pkg: Package) -> tuple[Party, ...]:
    """The app, the SDKs found, those only named, and unknown."""
    app = pkg.label if is_read(pkg.label) and pkg.label else pkg.name
    if not is_app(pkg):
        return Party("app", "app", app), Party("unknown", "unknown", "")
    found = pkg.sdks if is_read(pkg.sdks) else ()
    found = tuple(one for one in found if one.sdk_id != "unknown")
    rows = {one.sdk_id: tuple(row for row in rules.sdks if _names(row, one)) for one in found}
    paired = {row for some in rows.values() for row in some}
    named: dict[str, list[StatedSdk]] = {}
    for row in rules.sdks:
        if row not in paired:
            named.setdefault(row.sdk_id or row.name, []).append(row)
    sites = pkg.callsites if is_read(pkg.callsites) else ()
    nobodys = {above for one in sites if one.origin == "unknown" for above in _packages_above(one.cls)}
    return (
        Party("app", "app", app),
        *(Party(one.sdk_id, "sdk", one.name, one, rows[one.sdk_id]) for one in found),
        *(
            Party(key, "sdk", some[0].name, None, tuple(some), not nobodys.isdisjoint(_all_prefixes(some)))
            for key, some in named.items()
        ),
        Party("unknown", "unknown", ""),
    )


def _names(row: StatedSdk, one: Sdk) -> bool:
    """Whether a row of the rules is about an SDK found: the same entry of the catalogue or one of its parts, or its package."""
    if row.sdk_id and _same_line(row.sdk_id, one.sdk_id):
        return True
    prefix = one.pkg_prefix.replace("/", ".").rstrip(".*")
    return any(_same_line(each, prefix) for each in _prefixes(row)) or (not row.sdk_id and row.name == one.name)


def _same_line(one: str, other: str) -> bool:
    """Equal, or one is below the other: rules that name com.amap.api speak of com.amap.api.location too."""
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def _prefixes(row: StatedSdk) -> tuple[str, ...]:
    """The Java packages a row gives, of two steps or more."""
    return tuple(re.findall(r"[a-zA-Z]\w*(?:\.\w+)+", row.package or ""))


def _all_prefixes(rows: Iterable[StatedSdk]) -> set[str]:
    return {prefix for row in rows for prefix in _prefixes(row)}


def _packages_above(cls: str) -> Iterator[str]:
    """The Java package of a class and those it is in: a.b and a for La/b/C;"""
    name = cls[1:-1].replace("/", ".").rpartition(".")[0]
    while name:
        yield name
        name = name.rpartition(".")[0]


def version_agrees(stated: str, found: str) -> bool:
    """Whether the version the rules give is, or as a range or shorter number includes, the one found."""
    numbers = re.findall(r"\d+(?:\.\d+)*", stated)
    if re.search(r"以上|\+|≥|>=|最新|latest|above", stated) or not numbers:
        return True
    return any(found == one or found.startswith(one + ".") or one.startswith(found + ".") for one in numbers)


def _sdk_row(party: Party) -> SdkRow:
    if party.found is None and not party.by_rules:
        return SdkRow(party, "unseen")
    if not party.stated:
        return SdkRow(party, "unstated")
    given = [row.version for row in party.stated if row.version]
    if not given:
        return SdkRow(party, "agrees", "unstated")
    if party.found is None or isinstance(version := party.found.version, Unread):
        return SdkRow(party, "agrees", "unread")
    return SdkRow(party, "agrees", "same" if any(version_agrees(one, version) for one in given) else "differs")


# ---------------------------------------------------------------------------------------------------- kinds


def _cells(
    rules: Policy, pkg: Package, parties: tuple[Party, ...], known: dict[str, Api], weak: frozenset[str]
) -> tuple[Cell, ...]:
    sites = _sites(pkg, parties, known, weak)
    claims = {party.id: _claims(rules, party) for party in parties}
    # Code of unknown owner may be that of an SDK the rules name and nobody could find; else it is the app's to answer for.
    claims["unknown"] = tuple(
        one for party in parties if party.kind == "app" or _only_named(party) for one in claims[party.id]
    )
    denials = _denials(rules)
    shown = {one.pi_type for one in known.values() if _reads(one)} - weak
    said = {one.type for some in (*claims.values(), denials) for one in some} - weak - {""}
    cells = []
    for kind in sorted({kind for _, kind in sites} | said):
        about = {id_: found for id_, some in claims.items() if (found := _about(some, kind))}
        told = [(one.id, claim) for one in parties if one.kind != "unknown" for claim in about.get(one.id, ())]
        no = _about(denials, kind)
        for party in parties:
            here = sites.get((party.id, kind), _Sites())
            stated = about.get(party.id, ()) if here.any or party.kind != "unknown" else ()
            # The operator speaks for its app; an SDK that the rules say collects it makes that no lie.
            denied = no if party.kind == "app" or (here.any and not stated) else ()
            claimed = stated or denied
            if (
                not here.any
                and claimed
                and any((party.id, one) in sites for one in shown if _within(one, kind, claimed))
            ):
                # What stands for several kinds is told beside each of them that was seen.
                continue
            state = _state(kind, here, stated, denied, shown)
            if state is not None:
                others = tuple(told) if here.any and not stated else ()
                cells.append(Cell(kind, party.id, state, tuple(here.certain or here.doubtful), stated, denied, others))
    return tuple(cells)


def _within(one: str, kind: str, claims: tuple[Claim, ...]) -> bool:
    """Whether claims on `kind`, all in general words, speak of this other kind as well."""
    hows = [(covers(claim.type, one), claim.general) for claim in claims]
    return one != kind and all(how == "generally" or (how and general) for how, general in hows)


def _only_named(party: Party) -> bool:
    return party.kind == "sdk" and party.found is None


@dataclass
class _Sites:
    """The places of one party and kind that can run, and those that may never run or where the user picks what is given."""

    certain: list[CallSite] = field(default_factory=list)
    doubtful: list[CallSite] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.certain or self.doubtful)


def _state(
    kind: str, here: _Sites, stated: tuple[Claim, ...], denied: tuple[Claim, ...], shown: set[str]
) -> State | None:
    if here.any and stated:
        return "general" if all(one.general for one in stated) else "agrees"
    if here.certain:
        return "contradicted" if denied else "unstated"
    if stated:
        return "unseen" if any(covers(kind, one) for one in shown) else "unshown"
    if here.doubtful:
        return "doubtful"
    return "denied" if denied else None


def _sites(
    pkg: Package, parties: tuple[Party, ...], known: dict[str, Api], weak: frozenset[str]
) -> dict[tuple[str, str], _Sites]:
    found: dict[tuple[str, str], _Sites] = {}
    ids = {one.id for one in parties}
    by_rules = {prefix: one.id for one in reversed(parties) if one.by_rules for prefix in _all_prefixes(one.stated)}
    sites = pkg.callsites if is_read(pkg.callsites) else ()
    refused = {id_ for id_ in {one.api for one in sites} & known.keys() if _gives_nothing(pkg, known[id_])}
    for site in sites:
        api = known.get(site.api)
        if not site.pi_type or site.pi_type in weak or (api and not (_reads(api) or _picks(api))):
            continue
        here = found.setdefault((_party_of(pkg, ids, by_rules, site), site.pi_type), _Sites())
        if (api and _picks(api)) or site.api in refused or _may_never_run(site):
            here.doubtful.append(site)
        else:
            here.certain.append(site)
    return found


def _reads(api: Api) -> bool:
    return api.act in ("read", "listen") and not api.weak


def _picks(api: Api) -> bool:
    """The user picks in the system's own screen what the app is given: that agrees with rules that say so, and no more."""
    return api.kind == "intent" and api.act == "read"


def _may_never_run(site: CallSite) -> bool:
    """No path to it was found, it is a common library's own act, or what it asks for may be something else."""
    return site.origin == "library" or code.unreached(site) or site.api in _MAY_ASK_FOR_FEW


def _gives_nothing(pkg: Package, api: Api) -> bool:
    """The platform gives nothing any more, or refuses: a permission the call needs is not asked for, and the set is closed."""
    if api.until is not None and is_read(pkg.min_sdk) and pkg.min_sdk > api.until:
        return True
    if not api.permissions or isinstance(pkg.permissions, Unread) or open_doors(pkg):
        return False
    if api.id.startswith(_PERMISSION_CAME_LATER) and not (is_read(pkg.min_sdk) and pkg.min_sdk >= _HAD_COME):
        return False
    has = {one.name for one in held.effective(pkg)}
    return any(not has & set(names) for names in api.permissions)


def _party_of(pkg: Package, ids: set[str], by_rules: dict[str, str], site: CallSite) -> str:
    """Whose code it is. What is nobody's known code may stand under the package name that the rules give for an SDK."""
    if site.origin in ("app", pkg.name):
        return "app"
    if site.origin not in ("unknown", "library"):
        if not is_app(pkg):
            return "app"
        return site.origin if site.origin in ids else "unknown"
    if site.origin == "unknown":
        return next((by_rules[one] for one in _packages_above(site.cls) if one in by_rules), "unknown")
    return "unknown"


def _claims(rules: Policy, party: Party) -> tuple[Claim, ...]:
    """What the rules state of a party: one claim for each place."""
    if party.kind == "app":
        own = [one for one in rules.types if one.actor == "app"]
        found = [Claim(one.type, one.said, one.span, one.conf < _GENERAL_BELOW) for one in own]
        named = {one.type for one in own}
        found += [
            Claim(kind, "", function.span)
            for function in rules.functions
            for kind in function.types
            if kind not in named
        ]
        return tuple(dict.fromkeys(found))
    names = {row.name for row in party.stated}
    own = [one for one in rules.types if one.actor in names]
    found = [Claim(one.type, one.said, one.span, one.conf < _GENERAL_BELOW) for one in own]
    named = {one.type for one in own}
    found += [
        Claim(kind, "、".join(row.said_types), row.span)
        for row in party.stated
        for kind in row.types
        if kind not in named
    ]
    return tuple(dict.fromkeys(found))


def _denials(rules: Policy) -> tuple[Claim, ...]:
    """What the rules say is not collected. That something is not uploaded, stored or shared no package contradicts.

    That nothing at all is collected is taken at its word only where the rules go on to name nothing that is.
    """
    names_some = bool(rules.types or rules.functions or rules.sdks)
    found = []
    for one in rules.negatives:
        act, _, kind = one.value.partition(":")
        if act == "collect" and (kind or not names_some):
            found.append(Claim(kind, "", one.span, not kind))
    return tuple(found)


def _about(claims: Iterable[Claim], kind: str) -> tuple[Claim, ...]:
    """The claims that cover a kind, those in general words last and marked so."""
    found = []
    for one in claims:
        how = covers(one.type, kind)
        if how:
            found.append(replace(one, general=one.general or how == "generally"))
    return tuple(sorted(found, key=lambda one: one.general))


def covers(stated: str, kind: str) -> Literal["exactly", "generally", ""]:
    """Whether a kind or family that is stated takes in another kind. "" stated is personal information as a whole."""
    if stated == kind or stated in _MORE.get(kind, ()):
        return "exactly"
    return "generally" if not stated or kind.startswith(stated + ".") or stated in _WIDER.get(kind, ()) else ""


# ---------------------------------------------------------------------------------------------- permissions


def _permissions(rules: Policy, pkg: Package) -> tuple[PermissionRow, ...]:
    stated: dict[str, list[StatedPermission]] = {}
    for one in dict.fromkeys((*rules.permissions, *(each for function in rules.functions for each in function.perms))):
        stated.setdefault(one.group or one.name.removeprefix(held.ANDROID), []).append(one)
    asked: dict[str, list[Permission]] = {}
    for permission in held.effective(pkg):
        key = permission.group or held.short(permission)
        if permission.dangerous or key in stated:
            asked.setdefault(key, []).append(permission)
    rows = []
    for key in (*asked, *(key for key in stated if key not in asked)):
        state: State = "agrees" if key in asked and key in stated else "unstated" if key in asked else "unseen"
        rows.append(PermissionRow(key, state, tuple(asked.get(key, ())), tuple(stated.get(key, ()))))
    return tuple(rows)
