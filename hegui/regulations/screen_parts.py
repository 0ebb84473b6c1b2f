"""What the checks on screens share: which are the app's, how a run begins, and where "not seen" may be said (RULES D9)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hegui.audit import Evidence, Finding, found
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours import agreeing
from hegui.catalogue.lexicons.screens import is_permission_owner, says
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.timeline import timeline
from hegui.facts.screens import Node, Screen, Sign, SignKind, Ui
from hegui.facts.trace import Run
from hegui.regulations.trace_parts import scene_named, scene_of

# What may stand before the first screen on which the app can be used: notices, and the system's own boxes.
_BEFORE_USE: tuple[SignKind, ...] = (
    "rules_notice", "rules_page", "rules_update", "permission_rationale", "system_permission", "blocked", "broken_page",
)  # fmt: skip
# A dump shows what stood there up to that long before its time: uiautomator waits for the screen to come to rest.
DUMP_MS = 2_000
# A guide, an error or an announcement has little else to act on than the control that leads on.
_FEW = 3
# What is no wider than that share of the screen, without words, may be a box drawn by hand, or a cross.
_SMALL_SHARE = 0.15


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
    """Whether the app can be used there (RULES R14): not a splash, an advertisement, a guide, a notice, a box of the system, a
    question whether to agree after all, or one put in words nobody here knows beside a link to the rules. A page whose only
    control is itself, without words, is a splash."""
    if any(screen.of(kind) for kind in _BEFORE_USE):
        return False
    seen = [one for one in screen.nodes if one.visible]
    acts = [one for one in seen if one.clickable or one.editable]
    labels = [words_of(screen, one) for one in acts]
    if any(says("splash", one.text) for one in seen) or any(agreeing(words) for words in labels):
        return False
    if len(acts) <= _FEW and any(says("passing", words) or says("refusing", words) for words in labels):
        return False
    if _only_logs_in(screen, acts, labels):
        return False
    rules = {one.node for one in screen.of("rules_link")}
    if (
        rules
        and not screen.of("login")
        and not screen.of("settings")
        and sum(one.id not in rules for one in acts) <= _FEW
    ):
        return False
    return len(acts) > 1 or any(labels) or any(one.editable for one in acts)


def _only_logs_in(screen: Screen, acts: Sequence[Node], labels: Sequence[str]) -> bool:
    """Whether a page holds no more than the ways to log in and to register, and at most one thing beside, say the language."""
    if screen.of("login") or any(one.editable for one in acts):
        return False
    others = [words for words in labels if not says("login", words) and not says("third_party_login", words)]
    return len(others) < len(labels) and len(others) <= 1


def words_of(screen: Screen, node: Node) -> str:
    """What a control says: its own text, or those of the nodes inside it."""
    inside = (one.text for one in screen.nodes if one.visible and one.id.startswith(node.id + "."))
    return node.text or " ".join(text for text in inside if text)


def small_pictures(screen: Screen) -> list[Node]:
    """What is a few fingers wide and has no words: a box drawn by hand, or the cross that closes a dialog."""
    wide = max((one.bounds[2] for one in screen.nodes if one.bounds), default=0)
    return [
        one
        for one in screen.nodes
        if one.visible
        and one.bounds
        and one.bounds[2] - one.bounds[0] <= wide * _SMALL_SHARE
        and not words_of(screen, one)
    ]


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


def leading_to(ui: Ui, goal: Screen) -> set[str]:
    """The screens that one recorded tap led from to the page of a screen."""
    page = {one.id: one.page or one.id for one in ui.screens}
    pages = {page.get(tap.from_screen) for tap in ui.graph if page.get(tap.to_screen) == page[goal.id]}
    return {one.id for one in ui.screens if page[one.id] in pages - {page[goal.id]}}


def first_shown(screens: Iterable[Screen]) -> Iterator[Screen]:
    """Of each page in each run, the dump made first: the state of its boxes there is the default."""
    seen: set[tuple[str, str]] = set()
    for screen in sorted(screens, key=lambda one: one.t_ms):
        key = (screen.run_id, screen.page or screen.id)
        if key not in seen:
            seen.add(key)
            yield screen


def not_seen(
    sure: bool,
    zh: str,
    en: str,
    *evidence: Evidence,
    verdict: Verdict = "violation",
    missing: tuple[str, ...] = (),
) -> Finding:
    """Something the law asks for that was not seen: it counts only where all was explored (`sure`), else it is open."""
    return found(
        verdict if sure else "undetermined",
        zh + ("" if sure else "（但没有探索完整）"),
        en + ("" if sure else " (but not all was explored)"),
        *evidence,
        basis="observed",
        missing=missing if sure else ("UI_UNREACHED",),
    )


def after_use(ui: Ui, use: Screen, zh: str, en: str, *evidence: Evidence) -> Finding:
    """Something that must come before the app can be used was shown after the screen `use`.

    It may be drawn over a page that is already there: only an act on that page shows that it could be used.
    """
    acted_on = any(tap.from_screen == use.id for tap in ui.graph)
    return found(
        "violation" if acted_on else "risk",
        f"{zh}出现在可以使用的页面之后" + ("，此前已可操作" if acted_on else "，此前能否操作待人工确认"),
        f"{en} came after a screen that can be used"
        + (" and on which something was done" if acted_on else "; whether it could be used awaits review"),
        *evidence,
        basis="observed",
        missing=() if acted_on else ("HUMAN_PENDING",),
    )


def run_of(facts: Facts, screen: Screen) -> Run | None:
    """The log of the run a screen was dumped in; None without one, or where the two have no clock in common."""
    runs = facts.trace.runs if is_read(facts.trace) else ()
    same = (run for run in runs if screen.run_id and run.meta.run_id == screen.run_id and run.meta.clock != "order")
    return next(same, None) if screen.clock == "elapsed" else None


def scene_shown(facts: Facts, screen: Screen) -> Scene | None:
    """The declared scene a dump belongs to (RULES D4): by the page its run's log was on, or by its activity."""
    run = run_of(facts, screen)
    logged = scene_of(facts, timeline(run).page_at(screen.t_ms)) if run else None
    return logged or scene_named(facts, screen.activity)


def acted(facts: Facts, screen: Screen, start_ms: int, end_ms: int) -> bool | None:
    """Whether the log shows an act of the user in [start_ms, end_ms] of a screen's run; None where no log would show one."""
    run = run_of(facts, screen)
    if run is None or not timeline(run).shows_acts:
        return None
    slack = timeline(run).slack()
    return any(start_ms - slack <= one.t_ms <= end_ms + slack for one in timeline(run).acts)


def in_use(facts: Facts, screen: Screen) -> bool:
    """Whether a screen of the app was more than a question: there is much to act on, or acting on it led further into the app.

    What contradicts a claim of the app needs that; for good news is_functional is enough.
    """
    own = {one.id for one in app_screens(facts)}
    if screen.id not in own or not is_functional(screen) or not is_read(facts.ui):
        return False
    acts = [one for one in screen.nodes if one.visible and (one.clickable or one.editable)]
    onward = (each for one in acts for each in opened_by(facts.ui, screen, one.id))
    return len(acts) > _FEW or any(
        one.id in own and (one.page or one.id) != (screen.page or screen.id) and is_functional(one) for one in onward
    )


@dataclass(frozen=True)
class Refusal:
    """What refusing on a notice led to: the screens that ask again, in the order they came, and those that do not."""

    asked_again: tuple[Screen, ...] = ()
    ends: tuple[Screen, ...] = ()

    @property
    def tried(self) -> bool:
        return bool(self.asked_again or self.ends)


def refusal(ui: Ui, notice: Screen) -> Refusal:
    """Refusing on a notice, and again on each screen that asks again, in the same run."""
    again: list[Screen] = []
    ends: list[Screen] = []
    ahead, seen = [notice], {notice.id}
    while ahead:
        at = ahead.pop(0)
        for one in (each for sign in at.of("refuse") for each in opened_by(ui, at, sign.node)):
            if one.run_id != notice.run_id or one.id in seen:
                if one.id == notice.id and one not in again:
                    again.append(one)
                continue
            seen.add(one.id)
            if asks_to_agree(one):
                again.append(one)
                ahead.append(one)
            else:
                ends.append(one)
    return Refusal(tuple(again), tuple(ends))


def asks_to_agree(screen: Screen) -> bool:
    return any(agreeing(words_of(screen, one)) == "agree" for one in screen.nodes if one.visible and one.clickable)


def target(screen: Screen, sign: Sign) -> Node | None:
    """What a finger can hit to act on a sign: its node, or the nearest control around it that holds no other words."""
    nodes = {one.id: one for one in screen.nodes}
    node = nodes.get(sign.node)
    around = sign.node
    while node is not None and not node.clickable and "." in around:
        around = around.rpartition(".")[0]
        outer = nodes.get(around)
        if outer is not None and outer.clickable:
            return outer if words_of(screen, replace(outer, text="")) == node.text else node
    return node


def may_be_left_out(screen: Screen, field: Sign) -> bool:
    """Whether a field may be left empty, or the whole step left out."""
    ways_on = (words_of(screen, one) for one in screen.nodes if one.visible and one.clickable)
    return says("optional", field.text) or any(says("skip", one) for one in ways_on)


def cancelling(ui: Ui, screens: tuple[Screen, ...]) -> list[Screen]:
    """The app's screens behind the entry to cancel an account: what acting on it opened, and where that leads, short of the
    way back."""
    entries = list(showing(screens, "cancellation"))
    opened = {one.id for screen, sign in entries for one in opened_by(ui, screen, sign.node)}
    back = {one.id for one in screens if one.of("settings")} | {one.id for one, _ in entries} - opened
    return [one for one in screens if one.id in reachable(ui, opened, short_of=back)]
