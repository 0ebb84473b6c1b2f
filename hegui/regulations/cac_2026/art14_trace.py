"""Article 14(1) on recorded runs: camera and microphone opened only on the user's act."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check
from hegui.catalogue.behaviours.acts import tells
from hegui.facts import Facts
from hegui.facts.declaration import Scene
from hegui.facts.queries.sessions import kind_of, uses
from hegui.facts.queries.timeline import Spell, Timeline, by_handler
from hegui.facts.trace import Event
from hegui.regulations.sensor_parts import (
    GROUP,
    LISTENS,
    SENSORS,
    Grouped,
    Weighed,
    good_news,
    listens_for_its_name,
    not_sure_it_opened,
    took_nothing,
)
from hegui.regulations.trace_parts import continuing, got, map_approved, needs, opens_with, scene_of, timelines
from hegui.words import Words

_NOT_TOLD = Words(
    "日志没有用户操作，是否由用户主动开启无法判定", "the log shows no acts, so whether the user opened it is open"
)

_MAP_PENDING = Weighed(
    None,
    Words(
        "属于声明可在后台继续且可见通知的场景，场景对应表尚待确认",
        "belongs to a declared scene that visibly goes on in the background; the map of scenes awaits review",
    ),
    ("HUMAN_PENDING",),
)
_LAUNCH = Weighed(
    "risk",
    Words(
        "应用打开后的首个页面看来就是该功能，没有声明场景，待确认",
        "the first page of the app seems to be the function itself; no scenes are declared to tell",
    ),
    ("SCENE_UNMAPPED",),
)
_IDLE = Weighed(
    None,
    Words(
        "打开后没有取图取音，可能是手电筒或检测可用性",
        "opened and took nothing: the torch perhaps, or a look whether it is there",
    ),
)


@check(
    "cac-2026:14.1.1",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "TRACE_HOOK_GAP", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def opens_sensors_without_act(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Camera or microphone opened though the user had done nothing to open it (R33, limb 1)."""
    window_ms = round(asked.number("window_s") * 1000)
    fine = 0
    unsettled: set[str] = set()
    for run, line in timelines(facts):
        grouped, idle = Grouped(), took_nothing(line)
        for one in uses(line, SENSORS):
            weighed = _IDLE if one.seq in idle else _by_user(facts, line, one, window_ms)
            if weighed is None:
                fine += 1
            else:
                grouped.add(one.origin, kind_of(one.what) or "", weighed, one)
        unsettled |= grouped.open_questions()
        yield from grouped.findings(facts, run)
    yield from good_news(
        facts,
        SENSORS,
        fine,
        unsettled,
        Words("次开启相机或麦克风均由用户操作引发", "openings of camera or microphone all followed an act of the user"),
    )


def _by_user(facts: Facts, line: Timeline, one: Event, window_ms: int) -> Weighed | None:
    """None where the user's act led to it."""
    if by_handler(one.stack):
        return None
    if not line.timed or not line.shows_acts:
        return Weighed("undetermined", _NOT_TOLD, ("TRACE_NO_UI" if line.timed else "TRACE_SHORT",))
    reach = window_ms + line.slack(one.what)
    act = line.act_before(one.t_ms)
    if act is not None and one.t_ms - act.t_ms > reach:
        act = None
    spell = line.spell_behind(one.t_ms)
    if spell is not None and _goes_on(facts, line, spell, GROUP[kind_of(one.what) or ""]):
        return None if map_approved(facts) else _MAP_PENDING
    page = line.page_at(one.t_ms) if spell is None else None
    entry = _entry(line, page, reach)
    if _starts(act) or _starts(entry):
        return None
    scene = scene_of(facts, page)
    if scene is not None and needs(scene, GROUP[kind_of(one.what) or ""]):
        return _within(facts, scene, entered=entry is not None or scene.launch_is_function)
    if kind_of(one.what) == "mic" and listens_for_its_name(facts):
        return LISTENS
    off_scene = scene is not None and map_approved(facts)
    if act is not None:
        weighed = _after_another_act(act, off_scene)
        sure = weighed.verdict != "violation" or got(one.what, line.meta)
        return weighed if sure else not_sure_it_opened(one, weighed.why)
    if entry is not None and not off_scene:
        why = Words("页面由用户进入，但未见开启的操作", "the user entered the page, but no act that opens it was seen")
        return Weighed("risk", why, ("SCENE_UNMAPPED",))
    if page is not None and opens_with(facts, line, page, GROUP[kind_of(one.what) or ""]):
        return _LAUNCH
    why = Words("此前没有用户操作", "no act of the user came before")
    return Weighed("violation", why) if got(one.what, line.meta) else not_sure_it_opened(one, why)


def _goes_on(facts: Facts, line: Timeline, spell: Spell, group: str) -> bool:
    """Whether a declared scene that needs it visibly goes on in the background: a call may switch its microphone there."""
    scene = continuing(facts, line, spell)
    return scene is not None and needs(scene, group) and line.notified(spell)


def _entry(line: Timeline, page: Spell | None, reach: int) -> Event | None:
    """The act by which the user came to a page."""
    act = line.act_before(page.start_ms) if page else None
    return act if act is not None and page is not None and page.start_ms - act.t_ms <= reach else None


def _starts(act: Event | None) -> bool:
    return act is not None and tells("starts_camera_or_microphone", act.what.node_text)


def _within(facts: Facts, scene: Scene, *, entered: bool) -> Weighed | None:
    """A use inside a declared scene that needs it; the map says so, and counts once it is approved."""
    if not entered:
        why = Words(
            f"在声明的场景“{scene.name}”内，但未见开启的操作",
            f"inside the declared scene {scene.name}, but no act that opens it was seen",
        )
        return Weighed("risk", why, ("TRACE_NO_UI",))
    if map_approved(facts):
        return None
    why = Words(
        f"属于声明的场景“{scene.name}”，场景对应表尚待确认",
        f"belongs to the declared scene {scene.name}; the map of scenes awaits review",
    )
    return Weighed(None, why, ("HUMAN_PENDING",))


def _after_another_act(act: Event, off_scene: bool) -> Weighed:
    """The user did something just before, but not by a control that is known to start it."""
    text = act.what.node_text
    if text and off_scene:
        why = Words(
            f"此前的操作是“{text}”，所在场景（已复核）不需要",
            f"the act before was “{text}”, in a scene that by the approved map does not need it",
        )
        return Weighed("violation", why)
    if text:
        why = Words(
            f"此前的操作是“{text}”，是否为拍照、录音等待人工确认",
            f"the act before was “{text}”; whether it starts camera or microphone awaits review",
        )
        return Weighed("risk", why, ("HUMAN_PENDING",))
    why = Words("此前有用户操作，控件文字未记录", "an act came before; the words of its control were not recorded")
    return Weighed(None, why, ("HUMAN_PENDING",))
