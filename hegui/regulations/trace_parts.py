"""What the checks on recorded runs share: which events take personal information, whether they got it, whose, and in words."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache

from hegui.catalogue.apis import apis, entry
from hegui.catalogue.apis.taking import PICKED as PICKED
from hegui.catalogue.apis.taking import kinds_of as kinds_of
from hegui.catalogue.apis.taking import takes as takes
from hegui.catalogue.permissions import GROUPS, permission
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.timeline import Spell, Timeline, timeline
from hegui.facts.trace import Event, Run, Stack, TraceMeta, What
from hegui.words import Words

# The clipboard and the app list may come back empty to an app that is not in front or not meant to see, with no permission
# in between: that such a call was made does not tell that it got something.
_MAY_GET_NOTHING = frozenset({"clipboard", "app_list", "running_apps"})

# Built into the app, it can answer a call in the system's place, and does so by default while the user has not agreed.
_MAY_ANSWER_ITSELF = ("PrivacySentry",)

# The kinds before-consent collection is asked about (RULES R20: identifiers, content, location, sensors, lists). A run whose
# collector watched none of the calls of one of these says nothing about it.
_ASKED_OF_HOOKS = (
    "device_id.", "account.phone", "location.", "contacts", "call_log", "sms", "calendar", "photo", "video", "audio", "file",
    "clipboard", "app_list", "running_apps", "sensor.body",
)  # fmt: skip


def runs(facts: Facts) -> tuple[Run, ...]:
    return facts.trace.runs if is_read(facts.trace) else ()


def got(what: What, meta: TraceMeta) -> bool | None:
    """Whether it got what it asked for. None: the source does not say, and the platform may have refused it."""
    if what.result is not None:
        return {"ok": True, "denied": False}.get(what.result)
    if what.type == "net":
        return True
    known = entry(what.api_id or "")
    if known is None or known.permissions or what.pi_type in _MAY_GET_NOTHING or meta.collector in _MAY_ANSWER_ITSELF:
        return None
    open_still = known.until is None or (meta.os_api is not None and meta.os_api <= known.until)
    return True if open_still else None


def origin_of(what: What, stack: Stack | None) -> str:
    return (stack.origin if stack else None) or what.origin or "unknown"


def takings(line: Timeline) -> dict[tuple[str, str], list[int]]:
    """The rows that take personal information, by actor and kind. The system and other apps are nobody here."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in line.rows(takes):
        what, stack = line.row(row)
        actor = origin_of(what, stack)
        if actor == "system" or line.foreign(what):
            continue
        for kind in kinds_of(what):
            found.setdefault((actor, kind), []).append(row)
    return found


def unwatched(meta: TraceMeta) -> tuple[str, ...]:
    """The kinds of which the collector watched no call; all of them where it does not say what it watched."""
    return tuple(
        kind
        for kind, ids in _calls_by_kind().items()
        if not any(_covers(hook, id) for hook in meta.hooks for id in ids)
    )


def watches(meta: TraceMeta, *families: str) -> bool:
    """Whether the collector says it watched calls of all these families of the API catalogue (`camera.`)."""
    return all(any(_covers(hook, family) or hook.startswith(family) for hook in meta.hooks) for family in families)


def _covers(hook: str, id: str) -> bool:
    return id == hook or id.startswith(hook.rstrip(".") + ".")


@cache
def _calls_by_kind() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for api in apis():
        if api.pi_type.startswith(_ASKED_OF_HOOKS) and not api.weak and api.act in ("read", "listen", "use"):
            found.setdefault(api.pi_type, []).append(api.id)
    return {kind: tuple(ids) for kind, ids in found.items()}


# ------------------------------------------------------------------------------------------------------- words


def why_actor(one: Event) -> Words:
    """Why an event is put down to its party."""
    if one.stack is None:
        if one.what.origin:
            return Words("来源自己写明的归属", "as the source itself says")
        return Words("来源没有调用栈，归属不明", "the source gives no call stack, so nobody can be named")
    manner = {
        "own": Words("；栈上没有宿主代码，为其自身行为", "; no host code on the stack: its own act"),
        "called_by_host": Words("；由宿主代码调用", "; called by the host's code"),
        "": Words("", ""),
    }[one.stack.manner]
    return Words(one.stack.why + manner.zh, one.stack.why + manner.en)


def run_name(run: Run) -> Words:
    """The run as a sentence names it."""
    name = f"{run.meta.scenario} {run.meta.run_id}".strip()
    return Words(f"运行“{name}”", f'run "{name}"')


def times(count: int) -> Words:
    return Words(f"共 {count} 次", "once" if count == 1 else f"{count} times")


def seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


# ------------------------------------------------------------------------------------------------ declared scenes


def scenes(facts: Facts) -> tuple[Scene, ...]:
    return facts.decl.app.scenes if is_read(facts.decl) else ()


def map_approved(facts: Facts) -> bool:
    """Whether somebody reviewed and approved the map of pages to scenes (RULES D4); without that, it carries risks only."""
    return is_read(facts.decl) and facts.decl.app.scenes_approved is not None


def scene_of(facts: Facts, page: Spell | None) -> Scene | None:
    """The declared scene a page belongs to (RULES D4): one of its patterns is the page, the activity, or its last part.

    One activity may host the fragments of many scenes, so the page itself goes first (RULES R29).
    """
    if page is None or page.what is None:
        return None
    for name in (page.what.page, page.what.activity):
        scene = next((one for one in scenes(facts) if name and _shows(name, one.pages)), None)
        if scene is not None:
            return scene
    return None


@cache
def _shows(name: str, patterns: tuple[str, ...]) -> bool:
    names = (name, name.rpartition("/")[2], name.rpartition("/")[2].rpartition(".")[2])
    return any(fnmatchcase(one, pattern) for pattern in patterns for one in names)


def continuing(facts: Facts, line: Timeline, spell: Spell) -> Scene | None:
    """The declared scene that goes on in the background: the one in front when the app left it, if it says it continues."""
    scene = scene_of(facts, line.page_at(spell.start_ms))
    return scene if scene is not None and scene.continues_bg else None


def needs(scene: Scene, group: str | None, kind: str | None = None) -> bool:
    """Whether a scene lists a permission group (or a permission of it), or a kind of information."""
    listed = {group_of(one) or one for one in scene.perms} | set(scene.perms)
    return bool((group and group in listed) or (kind and kind in scene.types))


@cache
def group_of(name: str) -> str | None:
    """The group of articles 30/32 a permission belongs to, by its full or short name; None for any other."""
    known = permission(name if "." in name else f"android.permission.{name}")
    return known.group if known else None


def asked_groups(what: What) -> tuple[str, ...]:
    """The groups a permission request is about; a permission of no known group stands for itself."""
    perms = what.perms or ((what.perm,) if what.perm else ())
    return tuple(dict.fromkeys((*what.groups, *(group_of(one) or one for one in perms))))


def group_names(groups: Iterable[str]) -> Words:
    """What permission groups are called; a permission of no known group by its own name."""
    names = [GROUPS.get(group, Words(group, group)) for group in groups]
    return Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def requests(line: Timeline) -> Iterator[Event]:
    """The app's permission requests, in order of time."""
    for one in line.events(lambda what: what.type == "perm_req"):
        if not line.foreign(one.what) and one.origin != "system" and asked_groups(one.what):
            yield one


def timelines(facts: Facts, *scenarios: str) -> Iterator[tuple[Run, Timeline]]:
    """Each run (of these scenarios) with its timeline."""
    for run in runs(facts):
        if not scenarios or run.meta.scenario in scenarios:
            yield run, timeline(run)


def lacks_acts(several: Iterable[tuple[Run, Timeline]]) -> bool:
    return not any(line.shows_acts for _, line in several)
