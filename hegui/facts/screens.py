"""What an app shows: screens, their nodes, and the paths between them (界面)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """A control on a screen. `bounds` are left, top, right, bottom in pixels."""

    id: str
    text: str = ""
    cls: str = ""
    bounds: tuple[int, int, int, int] | None = None
    checkable: bool = False
    checked: bool = False
    clickable: bool = False
    visible: bool = True
    style: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Screen:
    id: str
    run_id: str
    t_ms: int
    phase: str
    activity: str
    owner: str
    nodes: tuple[Node, ...] = ()
    shot: str | None = None


@dataclass(frozen=True)
class Tap:
    """A way from one screen to another by acting on a node."""

    from_screen: str
    node: str
    to_screen: str


@dataclass(frozen=True)
class Ui:
    screens: tuple[Screen, ...] = ()
    graph: tuple[Tap, ...] = ()
    explored: dict[str, bool] = field(default_factory=dict)
