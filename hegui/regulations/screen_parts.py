"""What the checks on screens share: which are the app's, how a run begins, and where "not seen" may be said (RULES D9)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from hegui.catalogue.lexicons.screens import is_permission_owner
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign, SignKind, Ui

# What may stand before the first screen on which the app can be used: notices, and the system's own boxes.
_BEFORE_USE: tuple[SignKind, ...] = ("rules_notice", "rules_page", "permission_rationale", "system_permission")
# A splash screen or an advertisement has a control to skip it.
_SKIPS = ("跳过", "skip")


def app_screens(facts: Facts) -> tuple[Screen, ...]:
    """The screens of the app itself, in order; boxes of the system and of other apps are not its.

    Without a package, the owner of most dumps is taken for the app. A dump that names no owner counts as the app's.
    """
    if not is_read(facts.ui):
        return ()
    if is_read(facts.pkg):
        app = facts.pkg.name
    else:
        owners = Counter(one.owner for one in facts.ui.screens if one.owner and not is_permission_owner(one.owner))
        app = owners.most_common(1)[0][0] if owners else ""
    return tuple(one for one in facts.ui.screens if one.owner in (app, "") and not one.of("system_permission"))


def showing(screens: Iterable[Screen], kind: SignKind) -> Iterator[tuple[Screen, Sign]]:
    return ((screen, sign) for screen in screens for sign in screen.of(kind))


def launches(facts: Facts) -> Iterator[tuple[Screen, ...]]:
    """The dumps of each run that begins with a first launch, in order, the system's and others' among them."""
    if not is_read(facts.ui):
        return
    for run_id in dict.fromkeys(one.run_id for one in facts.ui.screens):
        several = tuple(sorted((one for one in facts.ui.screens if one.run_id == run_id), key=lambda one: one.t_ms))
        if _is_fresh(facts, several[0]):
            yield several


def _is_fresh(facts: Facts, first: Screen) -> bool:
    """Whether a run is a first launch (RULES D7): its log says so, or, where none does, the phase of its first screen."""
    runs = facts.trace.runs if is_read(facts.trace) else ()
    said = {run.meta.fresh_install for run in runs if run.meta.run_id == first.run_id} - {None}
    return said == {True} if said else first.phase == "first_launch"


def is_functional(screen: Screen) -> bool:
    """Whether the app can be used there: not a splash, an advertisement, a notice or a box of the system (RULES R14)."""
    if any(screen.of(kind) for kind in _BEFORE_USE):
        return False
    seen = [one for one in screen.nodes if one.visible]
    if any(word in node.text.lower() for node in seen for word in _SKIPS):
        return False
    return any(one.clickable or one.editable for one in seen)


def first_use(screens: Iterable[Screen]) -> Screen | None:
    return next((one for one in screens if is_functional(one)), None)


def explored(ui: Ui, screens: Iterable[Screen]) -> bool:
    """Whether every phase of these screens was explored, and every phase that taps lead to from them.

    Only then does it count that something was not seen there (RULES D9); False for no screens.
    """
    phase = {one.id: one.phase for one in ui.screens}
    reached = reachable(ui, {one.id for one in screens})
    return bool(reached) and all(ui.explored.get(phase.get(one, ""), False) for one in reached)


def reachable(ui: Ui, start: Collection[str], short_of: Collection[str] = ()) -> set[str]:
    """These screens, and all that recorded taps lead to from there; dumps of one page are one place.

    `short_of`: screens the way does not go on to.
    """
    page = {one.id: one.page or one.id for one in ui.screens}
    ways: dict[str, set[str]] = {}
    for tap in ui.graph:
        if tap.from_screen in page and tap.to_screen in page:
            ways.setdefault(page[tap.from_screen], set()).add(page[tap.to_screen])
    ends = {page[one] for one in short_of if one in page}
    seen: set[str] = set()
    ahead = {page[one] for one in start if one in page}
    while ahead:
        seen |= ahead
        ahead = set().union(*(ways.get(one, set()) for one in ahead)) - seen - ends
    return {one.id for one in ui.screens if page[one.id] in seen}


def opened_by(ui: Ui, screen: Screen, node: str) -> tuple[Screen, ...]:
    """The screens that acting on a node of a page led to."""
    page = {one.id: one.page or one.id for one in ui.screens}
    to = {tap.to_screen for tap in ui.graph if page.get(tap.from_screen) == page[screen.id] and tap.node == node}
    return tuple(one for one in ui.screens if one.id in to)


def first_shown(screens: Iterable[Screen]) -> Iterator[Screen]:
    """Of each page in each run, the dump made first: the state of its boxes there is the default."""
    seen: set[tuple[str, str]] = set()
    for screen in sorted(screens, key=lambda one: one.t_ms):
        key = (screen.run_id, screen.page or screen.id)
        if key not in seen:
            seen.add(key)
            yield screen
