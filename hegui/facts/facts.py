"""The root of all facts about one app."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from hegui.facts.unread import Unread

if TYPE_CHECKING:
    from hegui.facts.declaration import Declaration
    from hegui.facts.package import Package
    from hegui.facts.policy import Policy
    from hegui.facts.screens import Ui
    from hegui.facts.trace import Trace
    from hegui.facts.traffic import Net

SCHEMA: Final = "hegui/facts@1"

StageState = Literal["done", "partial", "failed", "skipped"]


@dataclass(frozen=True)
class Input:
    """A file that was given. `kind`: package, policy, trace, screens, traffic, declaration."""

    kind: str
    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Stage:
    """How one step of the reading ended. `reason` is a stable upper-case word unless the state is done."""

    name: str
    state: StageState
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything observed about one app. A part nobody gave is Unread with its reason.

    `previous` are the facts of the version before this one, to tell what a release changed.
    """

    inputs: tuple[Input, ...]
    stages: tuple[Stage, ...]
    pkg: "Package | Unread" = field(default_factory=lambda: Unread("NO_PACKAGE"))
    policy: "Policy | Unread" = field(default_factory=lambda: Unread("NO_POLICY"))
    trace: "Trace | Unread" = field(default_factory=lambda: Unread("NO_TRACE"))
    ui: "Ui | Unread" = field(default_factory=lambda: Unread("NO_UI"))
    net: "Net | Unread" = field(default_factory=lambda: Unread("NO_CAPTURE"))
    decl: "Declaration | Unread" = field(default_factory=lambda: Unread("NO_DECL"))
    previous: "Facts | Unread" = field(default_factory=lambda: Unread("BASELINE_MISSING"))
    schema: Literal["hegui/facts@1"] = SCHEMA


@cache
def name_parts() -> None:
    """Give the types of the parts of Facts their names here, where typing and pydantic look for them.

    Not done on import: making the records of six parts takes as long as reading a small package, which needs one.
    """
    from hegui.facts import declaration, package, policy, screens, trace, traffic

    globals().update(
        Declaration=declaration.Declaration,
        Net=traffic.Net,
        Package=package.Package,
        Policy=policy.Policy,
        Trace=trace.Trace,
        Ui=screens.Ui,
    )
