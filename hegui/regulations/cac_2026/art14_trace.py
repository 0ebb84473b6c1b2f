"""Article 14(1) on recorded runs: camera and microphone only on the user's act, and never after; article 13(2)(3), stopping."""

from collections.abc import Iterator
from dataclasses import dataclass

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts
from hegui.facts.queries.sessions import Session, kind_of, left_open, sessions, uses, watches_ends
from hegui.facts.queries.timeline import Spell, Timeline, by_handler
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    continuing,
    got,
    lacks_acts,
    needs,
    run_name,
    runs,
    scene_of,
    seconds,
    timelines,
    times,
    why_actor,
)
from hegui.words import Words

_SENSORS = ("camera", "mic")
_NAMES = {
    "camera": Words("相机", "the camera"),
    "mic": Words("麦克风", "the microphone"),
    "location": Words("定位", "location"),
}
_GROUP = {"camera": "camera", "mic": "microphone", "location": "location"}
_GRACE = {"camera": "grace.camera_s", "mic": "grace.microphone_s", "location": "grace.location_s"}

# Words of controls by which a user starts camera or microphone (RULES R33).
_TRIGGERS = (
    "拍", "扫", "照", "摄", "录", "语音", "说话", "视频", "通话", "相机", "麦克风", "头像", "人脸", "刷脸", "直播", "唱",
    "scan", "camera", "photo", "record", "voice", "video", "call", "mic", "selfie", "speak",
)  # fmt: skip


@dataclass(frozen=True)
class _Weighed:
    """What one use may be called, and why. `verdict` None: nothing is held against it, but it clears nothing either."""

    verdict: Verdict | None
    why: Words
    missing: tuple[str, ...] = ()


# Uses that may be called the same, by party and kind: the first tells why.
_Grouped = dict[tuple[str, str, Verdict | None, tuple[str, ...]], tuple[_Weighed, list[Event]]]


def _add(grouped: _Grouped, actor: str, kind: str, weighed: _Weighed, *several: Event) -> None:
    grouped.setdefault((actor, kind, weighed.verdict, weighed.missing), (weighed, []))[1].extend(several)


_NOT_TOLD = Words(
    "日志没有用户操作，是否由用户主动开启无法判定", "the log shows no acts, so whether the user opened it is open"
)


@check(
    "cac-2026:14.1.1",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def opens_sensors_without_act(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Camera or microphone opened though the user had done nothing to open it (R33, limb 1)."""
    window_ms = round(asked.number("window_s") * 1000)
    fine = 0
    for run, line in timelines(facts):
        grouped: _Grouped = {}
        for one in uses(line, _SENSORS):
            weighed = _by_user(facts, line, one, window_ms)
            if weighed is None:
                fine += 1
            else:
                _add(grouped, one.origin, kind_of(one.what) or "", weighed, one)
        for (actor, kind, *_), (weighed, several) in grouped.items():
            yield _told(facts, run, actor, kind, weighed, several)
    yield from _good_news(
        facts,
        fine,
        Words("次开启相机或麦克风均由用户操作引发", "openings of camera or microphone all followed an act of the user"),
    )


def _by_user(facts: Facts, line: Timeline, one: Event, window_ms: int) -> _Weighed | None:
    """None where the user's act led to it."""
    if by_handler(one.stack):
        return None
    if not line.timed or not line.shows_acts:
        return _Weighed("undetermined", _NOT_TOLD, ("TRACE_NO_UI" if line.timed else "TRACE_SHORT",))
    act = line.act_before(one.t_ms)
    reach = window_ms + line.slack(one.what)
    page = line.page_at(one.t_ms)
    entry = line.act_before(page.start_ms) if page else None
    entered = bool(page and entry and page.start_ms - entry.t_ms <= reach and line.spell_behind(one.t_ms) is None)
    scene = scene_of(facts, page)
    if act is not None and one.t_ms - act.t_ms <= reach and _is_trigger(act):
        return None
    if entered and entry and (_is_trigger(entry) or (scene and needs(scene, _GROUP[kind_of(one.what) or ""]))):
        return None
    if act is not None and one.t_ms - act.t_ms <= reach:
        text = act.what.node_text
        why = Words(
            f"此前的操作是“{text}”，是否为拍照、录音等待人工确认" if text else "此前有用户操作，控件文字未记录",
            f"the act before was “{text}”; whether it starts camera or microphone awaits review"
            if text
            else "an act came before; the words of its control were not recorded",
        )
        return _Weighed("risk" if text else None, why, ("HUMAN_PENDING",))
    if entered:
        why = Words("页面由用户进入，但未见开启的操作", "the user entered the page, but no act that opens it was seen")
        return _Weighed("risk", why, ("SCENE_UNMAPPED",))
    why = Words("此前没有用户操作", "no act of the user came before")
    return _Weighed("violation", why) if got(one.what, line.meta) else _not_sure_it_opened(one, why)


def _is_trigger(act: Event) -> bool:
    text = (act.what.node_text or "").lower()
    return any(word in text for word in _TRIGGERS)


def _not_sure_it_opened(one: Event, why: Words) -> _Weighed:
    more = (
        Words("，但被拒绝", ", but it was denied")
        if one.what.result == "denied"
        else Words("；来源没有记录是否成功", "; the source does not record whether it succeeded")
    )
    return _Weighed("risk", Words(why.zh + more.zh, why.en + more.en))


def _told(facts: Facts, run: Run, actor: str, kind: str, weighed: _Weighed, several: list[Event]) -> Finding:
    many = times(sum(one.what.count for one in several if one.what.op not in ("close", "stop")))
    return found(
        weighed.verdict,
        f"{run_name(run).zh}：{who(actor).zh}使用{_NAMES[kind].zh}，{many.zh}，{weighed.why.zh}",
        f"{run_name(run).en}: {who(actor).en} uses {_NAMES[kind].en} {many.en}; {weighed.why.en}",
        *shows.events(facts, run, several),
        shows.whole(facts, run),
        basis="observed",
        missing=weighed.missing,
        actor=actor,
        why_actor=why_actor(several[0]),
    )


def _good_news(facts: Facts, fine: int, says: Words) -> Iterator[Finding]:
    """Compliant where each scene was used and left (S4) and something was seen; the runner lets worse findings outweigh it."""
    planned = [
        line for _, line in timelines(facts, "S4") if line.shows_acts and line.timed and not line.meta.rows_unread
    ]
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if fine and planned:
        yield found(
            "compliant",
            f"逐场景使用（S4）中，{fine} {says.zh}",
            f"scene by scene (S4): {fine} {says.en}",
            *evidence,
            basis="observed",
        )
    elif evidence:
        yield found(
            None,
            f"{fine} {says.zh}，但没有逐场景做全（S4）" if fine else "各次运行中未见这类调用",
            f"{fine} {says.en}; not every scene was run (S4)" if fine else "no such use in these runs",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_UI",) if lacks_acts(timelines(facts)) else ("TRACE_SHORT",),
        )


# ------------------------------------------------------------------------------------ in the background, and after


@check(
    "cac-2026:14.1.2",
    "cac-2026:13.2.3",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "TRACE_HOOK_GAP", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def goes_on_after_use(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Camera, microphone or location opened in the background, or kept open after the app or the scene was left (R31, R33)."""
    kinds = _SENSORS if asked.duty.id == "cac-2026:14.1.2" else tuple(_NAMES)
    fine = 0
    for run, line in timelines(facts):
        if not line.timed:
            continue
        grouped: _Grouped = {}
        for one in uses(line, kinds):
            weighed = _behind(facts, asked, line, one)
            if weighed is not None:
                _add(grouped, one.origin, kind_of(one.what) or "", weighed, one)
        for session in sessions(line, kinds):
            weighed = _late(facts, asked, line, session)
            if weighed is not None:
                told = (session.opened, session.closed) if session.closed else (session.opened,)
                _add(grouped, session.opened.origin, session.kind, weighed, *told)
            fine += weighed is None and session.closed is not None and bool(line.background)
        for (actor, kind, *_), (weighed, several) in grouped.items():
            yield _told(facts, run, actor, kind, weighed, several)
    yield from _good_news(
        facts,
        fine,
        Words(
            "次使用在离开后的宽限时间内结束，后台未见开启",
            "uses ended within grace after leaving; none began in the background",
        ),
    )


def _behind(facts: Facts, asked: Asked, line: Timeline, one: Event) -> _Weighed | None:
    """What an opening in the background may be called; None in front, or where a declared scene visibly goes on."""
    behind = line.behind(one)
    if not behind:
        return None
    spell = line.spell_behind(one.t_ms)
    grace_ms = asked.number(_GRACE[kind_of(one.what) or ""]) * 1000
    if spell is not None and one.t_ms - spell.start_ms <= grace_ms + line.slack(one.what):
        return None
    why = Words("在后台开启", "opened in the background")
    if spell is None:
        return _Weighed(
            "risk", Words("来源标明发生在后台", "marked by the source as in the background"), ("SCENE_UNMAPPED",)
        )
    act = line.act_before(one.t_ms)
    if act is not None and one.t_ms - act.t_ms <= asked.number("window_s") * 1000:
        return None
    weighed = _in_background(facts, line, spell, why)
    if weighed is not None and weighed.verdict == "violation" and not got(one.what, line.meta):
        return _not_sure_it_opened(one, why)
    return weighed


def _late(facts: Facts, asked: Asked, line: Timeline, session: Session) -> _Weighed | None:
    grace_ms = round(asked.number(_GRACE[session.kind]) * 1000)
    over = left_open(line, session, grace_ms)
    if over is None:
        return _off_scene(facts, line, session, grace_ms)
    spell, lasted = over
    if session.closed is None and not watches_ends(line, session.kind):
        why = Words(
            "进入后台后未见结束，但采集器可能没有监测结束",
            "no end was seen after leaving, but the collector may not watch for ends",
        )
        return _Weighed("undetermined", why, ("TRACE_HOOK_GAP",))
    still = "" if session.closed else "以上"
    why = Words(
        f"进入后台后仍持续 {seconds(lasted)} 秒{still}（宽限 {seconds(grace_ms)} 秒）",
        f"went on for {'at least ' if still else ''}{seconds(lasted)} s after the app was left (grace {seconds(grace_ms)} s)",
    )
    weighed = _in_background(facts, line, spell, why)
    # Up to three times the grace a slow release is as likely as a use (RULES R31).
    if weighed is not None and weighed.verdict == "violation" and lasted <= 3 * grace_ms:
        return _Weighed("risk", why)
    return weighed


def _in_background(facts: Facts, line: Timeline, spell: Spell, why: Words) -> _Weighed | None:
    """What a use in the background may be called. A call or navigation goes on there, and shows by a notification."""
    seen = line.notified(spell)
    if continuing(facts, line, spell) is not None:
        if seen:
            return None
        more = Words(
            "；声明该场景可在后台继续，但未见通知",
            "; a declared scene goes on in the background, but no notification was seen",
        )
        return _Weighed("risk", Words(why.zh + more.zh, why.en + more.en), ("HUMAN_PENDING",))
    if seen:
        more = Words(
            "；可见通知，但没有声明可在后台继续的场景", "; a notification was seen, but no scene is declared to go on"
        )
        return _Weighed("risk", Words(why.zh + more.zh, why.en + more.en), ("SCENE_UNMAPPED",))
    if not line.shows_acts:
        more = Words(
            "；日志没有界面记录，是否有通知无从得知", "; the log has no screens, so a notification may have gone unseen"
        )
        return _Weighed("risk", Words(why.zh + more.zh, why.en + more.en), ("TRACE_NO_UI",))
    more = Words("，无通知，也无声明可在后台继续的场景", ", without a notification or a scene declared to go on")
    return _Weighed("violation", Words(why.zh + more.zh, why.en + more.en))


def _off_scene(facts: Facts, line: Timeline, session: Session, grace_ms: int) -> _Weighed | None:
    """A use that outlasts the page of its declared scene, in front. The map awaits review, so it is a risk at most."""
    page = line.page_at(session.opened.t_ms)
    scene, group = scene_of(facts, page), _GROUP[session.kind]
    if scene is None or page is None or page.end_ms is None or not needs(scene, group) or scene.continues_bg:
        return None
    after = scene_of(facts, line.page_at(page.end_ms))
    lasted = session.until(line) - page.end_ms
    if (after is not None and needs(after, group)) or lasted <= grace_ms + line.slack(session.opened.what):
        return None
    if session.closed is None and not watches_ends(line, session.kind):
        return None
    why = Words(
        f"离开场景“{scene.name}”后仍持续 {seconds(lasted)} 秒（宽限 {seconds(grace_ms)} 秒）",
        f"went on for {seconds(lasted)} s after the scene {scene.name} was left (grace {seconds(grace_ms)} s)",
    )
    return _Weighed("risk", why, ("HUMAN_PENDING",))
