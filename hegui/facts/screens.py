"""What an app shows: screens, their nodes, and the paths between them (界面)."""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

# What a user sees. On the screen as a whole: rules_notice (首次告知), rules_page (规则正文), permission_rationale (权限说明),
# system_permission (系统授权框), settings, login, payment. At a node: agree and refuse on a screen that shows rules,
# consent_box (勾选框), implied_consent ("登录即表示同意"), rules_link, save_rules, personalisation (个性化开关或其入口),
# cancellation (注销), scene_option (各功能的开关).
SignKind = Literal[
    "rules_notice", "rules_page", "permission_rationale", "system_permission", "settings", "login", "payment", "agree",
    "refuse", "consent_box", "implied_consent", "rules_link", "save_rules", "personalisation", "cancellation",
    "scene_option",
]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A control on a screen. `bounds` are left, top, right, bottom in pixels.

    id: its path in the tree, "0.2.1"; name: its resource id; text: what it shows, or is read aloud as.
    """

    id: str
    text: str = ""
    cls: str = ""
    bounds: tuple[int, int, int, int] | None = None
    checkable: bool = False
    checked: bool = False
    clickable: bool = False
    visible: bool = True
    style: dict[str, str] = field(default_factory=dict)
    name: str = ""
    editable: bool = False


@dataclass(frozen=True)
class Sign:
    """Something a user sees that the law speaks of, at a node.

    checked: the state of the switch or box; None where there is none, or where it is drawn so that the tree does not tell.
    groups: of the permissions asked for or explained, as in hegui/catalogue/permissions.
    """

    kind: SignKind
    node: str
    text: str = ""
    checked: bool | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screen:
    """A dump of what was shown. owner: the package it belongs to, as far as the dump tells.

    t_ms: since the start of its run, as its index says; with clock "order" only its number among the dumps.
    page: the same for dumps that show the same controls, whatever was typed. shot: the file name of the picture.
    """

    id: str
    run_id: str
    t_ms: int
    phase: str
    activity: str
    owner: str
    nodes: tuple[Node, ...] = ()
    shot: str | None = None
    shot_sha256: str = ""
    page: str = ""
    clock: Literal["elapsed", "order"] = "elapsed"
    signs: tuple[Sign, ...] = ()
    place: str = ""

    def of(self, kind: SignKind) -> tuple[Sign, ...]:
        return tuple(sign for sign in self.signs if sign.kind == kind)


@dataclass(frozen=True)
class Tap:
    """A way from one screen to another by acting on a node."""

    from_screen: str
    node: str
    to_screen: str


@dataclass(frozen=True)
class Ui:
    """`explored` says for each phase whether every clickable node was visited or a person ticked it complete (RULES D9).

    Without it, that something was not seen does not mean that it is not there (UI_UNREACHED).
    """

    screens: tuple[Screen, ...] = ()
    graph: tuple[Tap, ...] = ()
    explored: dict[str, bool] = field(default_factory=dict)

    def showing(self, kind: SignKind) -> Iterator[tuple[Screen, Sign]]:
        """Every place where a user sees that, in order."""
        return ((screen, sign) for screen in self.screens for sign in screen.of(kind))

    def clicks(self, start: Collection[str], goal: Collection[str]) -> int | None:
        """The fewest acts from any of these screens to any of those; None when no way was recorded.

        Dumps of one page are one place.
        """
        page = {screen.id: screen.page or screen.id for screen in self.screens}
        ways: dict[str, set[str]] = {}
        for tap in self.graph:
            ways.setdefault(page.get(tap.from_screen, tap.from_screen), set()).add(
                page.get(tap.to_screen, tap.to_screen)
            )
        wanted = {page.get(one, one) for one in goal}
        queue = deque((page.get(one, one), 0) for one in start)
        seen = {at for at, _ in queue}
        while queue:
            at, steps = queue.popleft()
            if at in wanted:
                return steps
            queue.extend((to, steps + 1) for to in sorted(ways.get(at, set()) - seen))
            seen |= ways.get(at, set())
        return None
