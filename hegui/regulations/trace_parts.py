"""What the checks on recorded runs share: which events take personal information, whether they got it, whose, and in words."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from math import inf
from weakref import WeakKeyDictionary

from hegui.catalogue.apis import apis, entry
from hegui.catalogue.apis.taking import PICKED as PICKED
from hegui.catalogue.apis.taking import kinds_of as kinds_of
from hegui.catalogue.apis.taking import takes as takes
from hegui.catalogue.behaviours import agreeing, shows_rules
from hegui.catalogue.behaviours.acts import Topic, tells
from hegui.catalogue.permissions import GROUPS, permission
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.consent import NOBODY_AGREES, consents
from hegui.facts.queries.consistency import covers
from hegui.facts.queries.timeline import Spell, Timeline, timeline
from hegui.facts.queries.usage import SCENARIO as CONFORMANCE
from hegui.facts.queries.usage import is_record
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
    """The runs of the app. In a conformance run (S13) a test app does on purpose what the phone is to record."""
    return tuple(run for run in all_runs(facts) if run.meta.scenario != CONFORMANCE and not is_record(run))


def all_runs(facts: Facts) -> tuple[Run, ...]:
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


def read_whole(meta: TraceMeta) -> bool:
    """Whether every row was read and understood: only then does what a run does not show tell anything."""
    return not (meta.rows_unread or meta.rows_unclear)


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


# ------------------------------------------------------------------------------------------------------ consent

# Acts by which nobody agrees to anything.
_MOVES = frozenset({"scroll", "swipe", "pull", "back", "key", "home"})


def tells_consent(run: Run, t_ms: float) -> bool:
    """Whether the run would have shown an agreement to the rules given up to a time (RULES D1).

    Not where the user touched a control that may have been the one that agrees: its words were not recorded, or it stood
    on a screen that puts rules to the user and is neither a refusal nor a link to them.
    """
    given = consents(run)
    if given.given or run.meta.scenario in NOBODY_AGREES:
        return True
    if not given.tells:
        return False
    if run not in _DOUBTS:
        line = timeline(run)
        doubtful = (act.t_ms - line.slack(act.what) for act in line.acts if _may_agree(line, act))
        _DOUBTS[run] = min(doubtful, default=inf)
    return t_ms < _DOUBTS[run]


# When a control was first touched that may have been the one that agrees.
_DOUBTS: "WeakKeyDictionary[Run, float]" = WeakKeyDictionary()


def _may_agree(line: Timeline, act: Event) -> bool:
    if act.what.action in _MOVES or line.foreign(act.what):
        return False
    text = act.what.node_text
    if not text:
        return True
    page = line.page_at(act.t_ms)
    names = (act.what.screen, *((page.what.page, page.what.activity) if page and page.what else ()))
    return any(map(shows_rules, filter(None, names))) and not shows_rules(text) and agreeing(text) != "refuse"


def agreed_by_tap(run: Run, t_ms: float) -> Event | None:
    """The last control up to a time whose words agree to something that no consent event stands for.

    It may be a separate consent that the log does not name; to answer a permission box is none (RULES R17).
    """
    line = timeline(run)
    acts = [act for act in line.triggers if act.t_ms <= t_ms and tells("agrees", act.what.node_text)]
    return acts[-1] if acts else None


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
    return next(iter(scenes_of(facts, page)), None)


def scenes_of(facts: Facts, page: Spell | None) -> tuple[Scene, ...]:
    """All the declared scenes a page belongs to, as it may serve several; which of them the user is in, it does not tell."""
    return () if page is None or page.what is None else _named(facts, page.what.page, page.what.activity)


def scene_named(facts: Facts, *names: str | None) -> Scene | None:
    """The declared scene of the first of these names of a page that one of its patterns fits."""
    return next(iter(_named(facts, *names)), None)


def _named(facts: Facts, *names: str | None) -> tuple[Scene, ...]:
    """The declared scenes of the first of these names of a page that any pattern fits."""
    if not scenes(facts):
        return ()
    fitting = (tuple(one for one in scenes(facts) if _shows(name, one.pages)) for name in names if name)
    return next((several for several in fitting if several), ())


@cache
def _shows(name: str, patterns: tuple[str, ...]) -> bool:
    names = (name, name.rpartition("/")[2], name.rpartition("/")[2].rpartition(".")[2])
    return any(fnmatchcase(one, pattern) for pattern in patterns for one in names)


_SHOWS: dict[str, Topic] = {"camera": "shows_camera", "microphone": "shows_microphone", "location": "shows_location"}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_./]")


def opens_with(facts: Facts, line: Timeline, page: Spell, group: str) -> bool:
    """Whether the first page of the app, but for the notice of the rules, is by its name the function that needs a group.

    Asked only where no scenes are declared, which would say so themselves (RULES R26: launch_is_function).
    """
    if scenes(facts) or page.what is None or group not in _SHOWS:
        return False
    names = [_CAMEL.sub(" ", name or "") for name in (page.what.page, (page.what.activity or "").rpartition("/")[2])]
    earlier = [one.what for one in line.pages if one.start_ms < page.start_ms and one.what]
    same = (page.what.page, page.what.activity)
    only_notices = all(
        (one.page, one.activity) == same or any(map(shows_rules, filter(None, (one.page, one.activity))))
        for one in earlier
    )
    return only_notices and any(tells(_SHOWS[group], name) for name in names)


def continuing(facts: Facts, line: Timeline, spell: Spell) -> Scene | None:
    """The declared scene that goes on in the background: the one in front when the app left it, if it says it continues."""
    scene = scene_of(facts, line.page_at(spell.start_ms))
    return scene if scene is not None and scene.continues_bg else None


def needs(scene: Scene, group: str | None, kind: str | None = None) -> bool:
    """Whether a scene lists a permission group (or a permission of it), or a kind of information or one that takes it in."""
    return bool((group and group in _listed(scene.perms)) or (kind and _lists(scene.types, kind)))


@cache
def _listed(perms: tuple[str, ...]) -> frozenset[str]:
    return frozenset({group_of(one) or one for one in perms} | set(perms))


@cache
def _lists(types: tuple[str, ...], kind: str) -> bool:
    return any(covers(one, kind) for one in types)


@cache
def group_of(name: str) -> str | None:
    """The group of articles 30/32 a permission belongs to, by its full or short name; None for any other."""
    known = permission(name if "." in name else f"android.permission.{name}")
    return known.group if known else None


def asked_groups(what: What) -> tuple[str, ...]:
    """The groups a permission request is about; a permission of no known group stands for itself.

    One that opens no personal information (to post notifications) is none: the drafts speak of those that do.
    """
    perms = what.perms or ((what.perm,) if what.perm else ())
    return tuple(dict.fromkeys((*what.groups, *(group_of(one) or one for one in perms if _opens_information(one)))))


@cache
def _opens_information(name: str) -> bool:
    known = permission(name if "." in name else f"android.permission.{name}")
    return known is None or known.label is None or known.group is not None or bool(known.pi_types)


def group_names(groups: Iterable[str]) -> Words:
    """What permission groups are called; a permission of no known group by its own name."""
    names = [GROUPS.get(group, Words(group, group)) for group in groups]
    return Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def requests(line: Timeline) -> Iterator[Event]:
    """The app's permission requests, in order of time."""
    for one in line.events(_asks):
        if one.origin != "system" and not line.foreign(one.what):
            yield one


def _asks(what: What) -> bool:
    return what.type == "perm_req" and bool(asked_groups(what))


def timelines(facts: Facts, *scenarios: str) -> Iterator[tuple[Run, Timeline]]:
    """Each run (of these scenarios) with its timeline."""
    for run in runs(facts):
        if not scenarios or run.meta.scenario in scenarios:
            yield run, timeline(run)


def lacks_acts(several: Iterable[tuple[Run, Timeline]]) -> bool:
    return not any(line.shows_acts for _, line in several)
