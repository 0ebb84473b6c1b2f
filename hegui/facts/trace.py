"""What an app does: the facts of one recorded run (运行轨迹)."""

from dataclasses import dataclass, field
from typing import Literal

EventType = Literal[
    "process_start", "screen", "fg", "bg", "ui", "consent", "perm_req", "perm_res", "api", "sensor", "loc", "file",
    "start_app", "load_code", "net", "exit", "setting",
]  # fmt: skip


@dataclass(frozen=True)
class TraceMeta:
    """How the run was made. `scenario` is S1 to S13; `hooks` are the API families the collector watched."""

    run_id: str
    scenario: str
    fresh_install: bool
    started_at: str
    device: str = ""
    os_api: int | None = None
    app_version_code: int | None = None
    collector: str = ""
    hooks: tuple[str, ...] = ()
    has_stack: bool = False
    has_ui: bool = False
    has_net: bool = False


@dataclass(frozen=True)
class Event:
    """One event. `t_ms` counts from the start of the run; the fields that apply depend on `type` (RULES §2)."""

    seq: int
    t_ms: int
    type: EventType
    api_id: str | None = None
    pi_type: str | None = None
    perm_group: str | None = None
    origin: str | None = None
    stack: tuple[str, ...] = ()
    result: str | None = None
    rows: int | None = None
    args: tuple[str, ...] = ()
    cause: str | None = None
    activity: str | None = None
    page: str | None = None
    action: str | None = None
    node_id: str | None = None
    node_text: str | None = None
    screen: str | None = None
    scope: str | None = None
    act: str | None = None
    rules_ver: str | None = None
    perms: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    perm: str | None = None
    kind: str | None = None
    op: str | None = None
    mode: str | None = None
    interval_ms: int | None = None
    provider: str | None = None
    path: str | None = None
    uri: str | None = None
    via: str | None = None
    target: str | None = None
    source: str | None = None
    host: str | None = None
    bytes: int | None = None
    pi: tuple[str, ...] = ()
    enc: str | None = None
    key: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Trace:
    meta: TraceMeta
    ev: tuple[Event, ...] = field(default=())
