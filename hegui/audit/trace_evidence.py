"""Evidence from recorded runs, written the same way by every check."""

from collections.abc import Iterable

from hegui.audit.finding import Evidence
from hegui.facts.facts import Facts
from hegui.facts.trace import Event, Run, Stack

# Of a stack this many frames are shown (RULES R20); the facts hold them all.
_FRAMES = 6
_MOST_SHOWN = 5


def event(facts: Facts, run: Run, one: Event) -> Evidence:
    """One event: its place in the log, what happened when, and the top of its stack."""
    what = one.what
    said = [
        what.type,
        what.api_id or what.behaviour or "",
        what.kind or "",
        what.op or "",
        what.act or "",
        what.action or "",
    ]
    said += [
        f"“{what.node_text}”" if what.node_text else "",
        what.page or what.activity or "",
        *what.perms,
        *what.groups,
    ]
    said += [what.perm or "", what.cause or "", what.path or what.uri or "", what.target or "", what.host or ""]
    said += [f"({what.pi_type})" if what.pi_type else "", what.result or "", f"×{what.count}" if what.count > 1 else ""]
    stack = " | " + " < ".join(_frames(one.stack)) if one.stack and one.stack.frames else ""
    when = f"event {one.seq}" if run.meta.clock == "order" else f"t={one.t_ms / 1000:.3f} s"
    return Evidence(
        "runtime_trace",
        _place(run, one),
        f"{when} {' '.join(part for part in said if part)}{stack}",
        _sha256(facts, run),
    )


def events(facts: Facts, run: Run, several: Iterable[Event]) -> tuple[Evidence, ...]:
    """The first few of them."""
    return tuple(event(facts, run, one) for _, one in zip(range(_MOST_SHOWN), several, strict=False))


def whole(facts: Facts, run: Run, excerpt: str = "") -> Evidence:
    """A run as a whole: how it was made and what was watched, which is how far its silence reaches (the coverage)."""
    meta = run.meta
    fresh = {True: "fresh", False: "not fresh", None: "fresh not told"}[meta.fresh_install]
    hooks = ", ".join(meta.hooks[:8]) + (" …" if len(meta.hooks) > 8 else "") if meta.hooks else "not told"
    last = (run.t_ms[-1] if run.t_ms else 0) if meta.ended_ms is None else meta.ended_ms
    length = "no times" if meta.clock == "order" else f"{last / 1000:.1f} s"
    line = f"run {meta.run_id} {meta.scenario or 'scenario not told'}, {fresh}, {len(run)} events, {length}, hooks: {hooks}"
    return Evidence(
        "runtime_trace",
        meta.source or f"run {meta.run_id}",
        f"{line}; {excerpt}" if excerpt else line,
        _sha256(facts, run),
    )


def _frames(stack: Stack) -> tuple[str, ...]:
    """The frames around the one that decided whose call it is; the top ones where none did.

    Above it stand the platform's own and those of the tool that watches, which may be many.
    """
    decided = next((at for at, frame in enumerate(stack.frames) if frame in stack.why), 0)
    start = max(0, decided - _FRAMES // 2)
    return stack.frames[start : start + _FRAMES]


def _place(run: Run, one: Event) -> str:
    # Line 0 is what stands in the file beside the log.
    if run.meta.source and one.line:
        return f"{run.meta.source}@line {one.line}"
    return f"{run.meta.source}.run.toml" if run.meta.source else f"run {run.meta.run_id} event {one.seq}"


def _sha256(facts: Facts, run: Run) -> str:
    """The hash of the log the run was read from; "" where two logs of that name were given, or none."""
    found = {one.sha256 for one in facts.inputs if one.kind == "trace" and one.name == run.meta.source}
    return found.pop() if len(found) == 1 else ""
