"""What an app does: the facts of recorded runs (运行轨迹).

A run may hold a million events, and most of them say the same again: so what happened stands once in a table, and an
event is a time, a line of the source and a row of that table. Stacks stand in a table of their own, with whose they are.
RULES §2 writes `trace.meta` and `trace.ev[]`: that is `run.meta` and `run.ev` of each run here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

EventType = Literal[
    "process_start", "screen", "fg", "bg", "ui", "consent", "perm_req", "perm_res", "api", "sensor", "loc", "file",
    "start_app", "load_code", "net", "exit", "setting",
]  # fmt: skip

# wall: time of day, comparable between runs. elapsed: true distances, unknown date. order: no times at all, t_ms only
# numbers the events, so that what needs a distance in time cannot be judged.
Clock = Literal["wall", "elapsed", "order"]

# Whether the source says that a row lies before or after the agreement, as some collectors mark it.
Phase = Literal["before_consent", "after_consent", "background"]


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that could not be read. `line` counts lines, rows or entries of the file from 1."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class TraceMeta:
    """How the run was made. What the source does not say is None or "" and must not be taken for a no.

    scenario: S1 to S13 (RULES §3), "" when nobody says; `covers` names what of it was done (scenes, switches, permissions).
    hooks: what the collector watched, as ids of the API catalogue or families of them (`id.`, `location`).
    uncertainty_ms: how far a time of this source may be off; `skew_ms` was added to its times to meet the others' clock.
    ended_ms: when the recording ended; after the last event nothing is known without it.
    rows_unclear: rows that became events but name what they read by a code of no list; `notes` name the codes.
    """

    run_id: str
    scenario: str = ""
    fresh_install: bool | None = None
    started_at: str = ""
    device: str = ""
    os_api: int | None = None
    app_version_code: int | None = None
    collector: str = ""
    hooks: tuple[str, ...] = ()
    has_stack: bool = False
    has_ui: bool = False
    has_net: bool = False
    platform: Literal["android", "ios", "harmony"] = "android"
    package: str = ""
    format: str = ""
    source: str = ""
    clock: Clock = "wall"
    uncertainty_ms: int = 0
    skew_ms: int = 0
    ended_ms: int | None = None
    covers: tuple[str, ...] = ()
    rows: int = 0
    rows_unread: int = 0
    rows_unclear: int = 0
    unread: tuple[UnreadRow, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stack:
    """A call stack, innermost frame first, `a.b.C.method` each, and whose call it is (RULES D3).

    origin: "app", an SDK's id, "system" or "unknown"; None until it was attributed. `candidates` are all parties on the
    stack from the call outwards. `started_by` is the outermost of them; `manner` tells an SDK that the host called
    (called_by_host) from one that acts by itself (own). `through` are the kinds of frames passed over.
    """

    frames: tuple[str, ...]
    origin: str | None = None
    why: str = ""
    candidates: tuple[str, ...] = ()
    started_by: str = ""
    manner: Literal["", "own", "called_by_host"] = ""
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class What:
    """Everything about an event but its time. The fields that apply depend on `type` (RULES §2).

    behaviour: the words of the source. actor: whom the source names; a claim, which never outweighs a stack.
    stack: index into the run's stacks. count: how often a row that sums up says it happened.
    derived: not in the source; made from other rows, as `behaviour` says. uncertainty_ms: of this event, over the run's.
    lasts_ms: how long a use went on, or the stretch that a row with a count sums up. late_ms: how long after it was written down.
    """

    type: EventType
    api_id: str | None = None
    pi_type: str | None = None
    perm_group: str | None = None
    origin: str | None = None
    stack: int | None = None
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
    behaviour: str | None = None
    actor: str | None = None
    process: str | None = None
    phase: Phase | None = None
    count: int = 1
    derived: bool = False
    uncertainty_ms: int | None = None
    lasts_ms: int | None = None
    late_ms: int | None = None


class Event(NamedTuple):
    """One event, made while a run is walked. `t_ms` counts from the start of the run, `seq` from 1 in order of time.

    `line` is its place in the source (line, row or entry, from 1).
    """

    seq: int
    t_ms: int
    line: int
    what: What
    stack: Stack | None

    @property
    def origin(self) -> str:
        """Whose act it is; "unknown" when neither its stack nor the source tells."""
        return (self.stack.origin if self.stack else None) or self.what.origin or "unknown"


@dataclass(frozen=True)
class Run:
    """One run, in order of time. `t_ms`, `line` and `what` (index into `whats`) are columns of the same length."""

    meta: TraceMeta
    whats: tuple[What, ...] = ()
    stacks: tuple[Stack, ...] = ()
    t_ms: tuple[int, ...] = ()
    line: tuple[int, ...] = ()
    what: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.t_ms) == len(self.line) == len(self.what):
            raise ValueError("columns of different length")
        if self.what and not 0 <= min(self.what) <= max(self.what) < len(self.whats):
            raise ValueError("an event of an unknown row")
        if any(one.stack is not None and not 0 <= one.stack < len(self.stacks) for one in self.whats):
            raise ValueError("an unknown stack")

    def __len__(self) -> int:
        return len(self.t_ms)

    def __hash__(self) -> int:
        # What is worked out of a run is kept by it; hashing a million events for each look-up would cost more than that.
        return hash((self.meta.run_id, len(self.t_ms)))

    @property
    def ev(self) -> Iterator[Event]:
        """All events."""
        return self.where(lambda what: True)

    def where(self, test: Callable[[What], bool]) -> Iterator[Event]:
        """The events that pass. `test` is asked once per row of `whats`, so a million events cost one look-up each."""
        wanted: dict[int, tuple[What, Stack | None]] = {
            index: (what, None if what.stack is None else self.stacks[what.stack])
            for index, what in enumerate(self.whats)
            if test(what)
        }
        if not wanted:
            return
        for at, index in enumerate(self.what):
            if index in wanted:
                yield Event(at + 1, self.t_ms[at], self.line[at], *wanted[index])

    def of(self, *types: EventType) -> Iterator[Event]:
        """The events of these types."""
        return self.where(lambda what: what.type in types)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(_from_events, handler(source))


@dataclass(frozen=True)
class Trace:
    """All runs that were given; paired ones (S7, S8, S12) are told apart by their scenario and `covers`."""

    runs: tuple[Run, ...] = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: "GetCoreSchemaHandler") -> "CoreSchema":
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(_from_one_run, handler(source))


def run_of(meta: TraceMeta | Mapping[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns of events written one by one (`{t_ms, type, …}`, `stack` as a list of frames), for validation as a Run."""
    whats: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    stacks: dict[tuple[str, ...], int] = {}
    columns: list[tuple[int, int, int]] = []
    for place, event in enumerate(events, 1):
        row = dict(event)
        t_ms, line = row.pop("t_ms"), row.pop("line", place)
        row.pop("seq", None)
        if "stack" in row:
            row["stack"] = stacks.setdefault(tuple(row["stack"]), len(stacks))
        key = repr(sorted(row.items()))
        if key not in whats:
            whats[key] = len(rows)
            rows.append(row)
        columns.append((t_ms, line, whats[key]))
    columns.sort(key=lambda column: column[0])
    return {
        "meta": meta,
        "whats": rows,
        "stacks": [{"frames": frames} for frames in stacks],
        "t_ms": [t_ms for t_ms, _, _ in columns],
        "line": [line for _, line, _ in columns],
        "what": [what for _, _, what in columns],
    }


def _from_events(given: Any) -> Any:
    if isinstance(given, dict) and set(given) == {"meta", "ev"} and isinstance(given["ev"], list):
        return run_of(given["meta"], given["ev"])
    return given


def _from_one_run(given: Any) -> Any:
    # `trace = {meta, ev}` as RULES §2 writes it, and as cases of checks are written, is a trace of one run.
    return {"runs": [given]} if isinstance(given, dict) and "meta" in given else given


WHAT_FIELDS = tuple(field.name for field in fields(What))
