"""Whose acts a run holds, by party and kind, and what the parties are called."""

from hegui.catalogue.apis.taking import kinds_of, takes
from hegui.catalogue.sdks import sdk
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Stack, What
from hegui.words import Words


def actor_of(line: Timeline, what: What, stack: Stack | None) -> str:
    """Whose act it is: "app", an SDK's id, "system", "unknown", or "process:" and the name of another app."""
    if line.foreign(what):
        return "process:" + (what.process or "").partition(":")[0]
    return (stack.origin if stack else None) or what.origin or "unknown"


def is_nobody(actor: str) -> bool:
    """The system and other apps are no party that is judged here."""
    return actor == "system" or actor.startswith("process:")


def takings(line: Timeline) -> dict[tuple[str, str], list[int]]:
    """The rows of a run that take personal information and were not denied, by party and kind."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in line.rows(takes):
        what, stack = line.row(row)
        actor = actor_of(line, what, stack)
        if not is_nobody(actor) and what.result != "denied":
            for kind in kinds_of(what):
                found.setdefault((actor, kind), []).append(row)
    return found


def actor_name(actor: str) -> Words:
    """A party as the pictures name it."""
    if actor == "system":
        return Words("系统", "the system")
    if actor.startswith("process:"):
        return Words(f"其他应用 {actor[8:]}", f"another app, {actor[8:]}")
    if actor == "unknown":
        return Words("主体不明", "unknown actor")
    if actor == "app":
        return Words("应用自身", "the app itself")
    if actor == "rest":
        return Words("其余主体与种类", "other actors and kinds")
    known = sdk(actor)
    return Words(f"SDK {known.name.zh}", f"SDK {known.name.en}") if known else Words(f"SDK {actor}", f"SDK {actor}")
