"""Article 14(2) and (3) on recorded runs: location as often as the scene needs, the system picker, files nobody picked."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, is_read
from hegui.facts.declaration import Scene
from hegui.facts.queries.sessions import uses
from hegui.facts.queries.timeline import Timeline, between, clusters
from hegui.facts.trace import Event, Run, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    PICKED,
    asked_groups,
    got,
    requests,
    run_name,
    runs,
    scene_of,
    scenes,
    seconds,
    timelines,
    times,
    why_actor,
)
from hegui.words import Words

# Sources asked at the same time for one fix of a continuous location (RULES R34).
_PARALLEL_MS = 500
_FEWEST_GAPS = 4
_FASTEST_MS = 1000


@check("cac-2026:14.2.1", needs=("trace",), missing=("NO_DECL", "SCENE_UNMAPPED", "TRACE_SHORT"))
def locates_faster_than_declared(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Continuous location faster than the declared interval, or than once a second where none is declared (R34)."""
    declared = min(
        (one.interval_s for one in scenes(facts) if one.loc_mode == "realtime" and one.interval_s), default=None
    )
    least_ms = declared * 500 if declared else _FASTEST_MS
    measured = 0
    for run, line in timelines(facts):
        fixes: dict[str, list[Event]] = {}
        for one in uses(line, ("location",)):
            if (
                one.what.op in ("start", "updates")
                and one.what.interval_ms is not None
                and one.what.interval_ms < least_ms
            ):
                yield _fast(facts, run, [one], one.what.interval_ms, declared, "请求的间隔", "asked for an interval of")
            if one.what.op in ("fix", "update") and one.what.result != "denied" and one.what.count == 1:
                fixes.setdefault(one.origin, []).append(one)
        for several in fixes.values() if line.timed else ():
            at = clusters((one.t_ms for one in several), _PARALLEL_MS)
            gaps = sorted(later - earlier for earlier, later in pairwise(at))
            if len(gaps) < _FEWEST_GAPS:
                continue
            measured += 1
            median = gaps[len(gaps) // 2]
            if median < least_ms - line.slack():
                yield _fast(facts, run, several, median, declared, "实测间隔中位数", "a median gap of")
    if measured and declared:
        yield found(
            None,
            f"{measured} 组连续定位的间隔不短于声明的 {declared:g} 秒之半；是否为最低频度，运行记录不能证明",
            f"{measured} series of fixes keep to the declared {declared:g} s; no run shows that it is the lowest frequency",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            assumptions=("A-15",),
            missing=("TRACE_SHORT",),
        )


def _fast(
    facts: Facts, run: Run, several: list[Event], gap_ms: int, declared: float | None, zh: str, en: str
) -> Finding:
    one = several[0]
    against = (
        Words(f"声明 {declared:g} 秒", f"declared {declared:g} s")
        if declared
        else Words("未声明间隔", "no interval is declared")
    )
    return found(
        "violation" if declared else "risk",
        f"{run_name(run).zh}：{who(one.origin).zh}连续定位，{zh} {seconds(gap_ms)} 秒（{against.zh}）",
        f"{run_name(run).en}: {who(one.origin).en} locates continuously, {en} {seconds(gap_ms)} s ({against.en})",
        *shows.events(facts, run, several),
        basis="observed",
        missing=() if declared else ("NO_DECL", "SCENE_UNMAPPED"),
        actor=one.origin,
        why_actor=why_actor(one),
    )


_REFRESH = ("刷新", "重新定位", "定位", "refresh", "locate")
_PULLS = ("pull", "refresh", "swipe", "scroll")


@check("cac-2026:14.2.2", needs=("trace",), missing=("SCENE_UNMAPPED", "TRACE_NO_UI", "HUMAN_PENDING"))
def locates_more_than_once(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """More fixes than one for each entry and each refresh by the user, in a scene declared to take a single one (R35).

    The map of scenes awaits review, so it is a risk.
    """
    cluster_ms = round(asked.number("loc.cluster_s") * 1000)
    reentry_ms = round(asked.number("loc.reentry_min") * 60_000)
    kept = 0
    for run, line in timelines(facts):
        if not line.timed or not line.shows_acts:
            continue
        located = [one for one in uses(line, ("location",)) if one.what.result != "denied"]
        at = [one.t_ms for one in located]
        refreshed = [act.t_ms for act in line.acts if _refreshes(act)]
        for page in line.pages:
            scene = scene_of(facts, page)
            if scene is None or scene.loc_mode != "single":
                continue
            end_ms = line.end_ms + 1 if page.end_ms is None else page.end_ms
            here = located[bisect_left(at, page.start_ms) : bisect_left(at, end_ms)]
            acts = between(refreshed, page.start_ms, end_ms)
            back = _long_absences(line, page.start_ms, end_ms, reentry_ms)
            fixes = len(clusters((one.t_ms for one in here), cluster_ms))
            found_more = _more_than_once(facts, run, scene, here, fixes, acts) if fixes > 1 + acts + back else None
            kept += found_more is None
            if found_more is not None:
                yield found_more
    if kept:
        yield found(
            None,
            f"{kept} 次进入单次定位场景，定位次数未超过进入与主动刷新的次数（场景对应表尚待人工确认）",
            f"{kept} entries into scenes of a single location: no more fixes than entries and refreshes (the map awaits review)",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    elif any(uses(line, ("location",)) for _, line in timelines(facts)):
        yield found(
            None,
            "运行中有定位，但没有可对应的单次定位场景",
            "location was taken, but in no scene known to take a single one",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("SCENE_UNMAPPED",),
        )


def _long_absences(line: Timeline, start_ms: int, end_ms: int, reentry_ms: int) -> int:
    """How often the user came back, within these times, after so long in the background that it is a new entry."""
    count = 0
    for spell in line.background_from(start_ms):
        if spell.end_ms is None or spell.end_ms >= end_ms:
            break
        count += spell.end_ms - spell.start_ms > reentry_ms
    return count


def _more_than_once(facts: Facts, run: Run, scene: Scene, here: list[Event], fixes: int, acts: int) -> Finding:
    return found(
        "risk",
        f"{run_name(run).zh}：场景“{scene.name}”声明单次定位，一次进入中定位 {fixes} 次，主动刷新 {acts} 次",
        f"{run_name(run).en}: the scene {scene.name} is declared to take one location; {fixes} fixes in one entry, "
        f"{acts} refreshes by the user",
        *shows.events(facts, run, here),
        basis="observed",
        assumptions=("A-16",),
        missing=("HUMAN_PENDING",),
        actor=here[0].origin,
        why_actor=why_actor(here[0]),
    )


def _refreshes(act: Event) -> bool:
    return act.what.action in _PULLS or any(word in (act.what.node_text or "").lower() for word in _REFRESH)


@check("cac-2026:14.2.3", needs=("trace",), missing=("NO_DECL", "HUMAN_PENDING"))
def asks_for_background_location(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Background location asked for in a run, with no declared need of it (R36)."""
    declared = is_read(facts.decl)
    need = facts.decl.app.background_location_need if is_read(facts.decl) else None
    for run, line in timelines(facts):
        for req in requests(line):
            if not any("ACCESS_BACKGROUND_LOCATION" in perm or "Always" in perm for perm in req.what.perms):
                continue
            verdict: Verdict = "violation" if declared and not need else "risk"
            zh = f"声明的需要“{need}”待人工确认" if need else "声明中没有后台定位的需要" if declared else "没有给出声明"
            en = (
                f"the declared need “{need}” awaits review"
                if need
                else "no need is declared"
                if declared
                else "nothing is declared"
            )
            yield found(
                verdict,
                f"{run_name(run).zh}：申请了后台定位权限；{zh}",
                f"{run_name(run).en}: background location was asked for; {en}",
                shows.event(facts, run, req),
                basis="observed",
                missing=("HUMAN_PENDING",) if need else () if declared else ("NO_DECL",),
                actor=req.origin,
                why_actor=why_actor(req),
            )


# ------------------------------------------------------------------------------------------- picker and files

_UPLOADS = (
    "上传",
    "发送",
    "图片",
    "照片",
    "相册",
    "选择文件",
    "头像",
    "附件",
    "upload",
    "send",
    "attach",
    "photo",
    "avatar",
    "album",
)
_FOR_UPLOAD = frozenset({"storage", "contacts", "sms"})
# Scenes article 14(3) itself lets ask: those that edit or back up, and what shows or keeps all files.
_EXEMPT = ("编辑", "备份", "图库", "相册", "文件管理", "清理", "网盘", "edit", "backup", "gallery", "file manager")
# The document picker came with Android 4.4, the photo picker with Android 13. Source: developer.android.com, "Photo picker",
# "Open files using the Storage Access Framework".
_DOCUMENT_PICKER, _PHOTO_PICKER = 19, 33


@check("cac-2026:14.3.1", needs=("trace",), missing=("OS_LEVEL_UNKNOWN", "SCENE_UNMAPPED", "HUMAN_PENDING"))
def asks_where_the_picker_serves(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Storage, contacts or SMS asked for right after the user set out to upload or send, where a picker serves (R37)."""
    window_ms = round(asked.number("window_s") * 1000)
    for run, line in timelines(facts):
        for req in requests(line):
            groups = [group for group in asked_groups(req.what) if group in _FOR_UPLOAD]
            act = line.act_before(req.t_ms) if line.timed else None
            if not groups or act is None or req.t_ms - act.t_ms > window_ms or not _uploads(act):
                continue
            verdict, missing, why = _picker(facts, line, req)
            names = [GROUPS[group] for group in groups]
            yield found(
                verdict,
                f"{run_name(run).zh}：用户点“{act.what.node_text}”后申请{'、'.join(one.zh for one in names)}权限；{why.zh}",
                f"{run_name(run).en}: after “{act.what.node_text}” {', '.join(one.en for one in names)} was asked for; {why.en}",
                shows.event(facts, run, req),
                shows.event(facts, run, act),
                basis="observed",
                assumptions=("A-17",),
                missing=missing,
                actor=req.origin,
                why_actor=why_actor(req),
            )


def _uploads(act: Event) -> bool:
    return any(word in (act.what.node_text or "").lower() for word in _UPLOADS)


def _picker(facts: Facts, line: Timeline, req: Event) -> tuple[Verdict, tuple[str, ...], Words]:
    level = line.meta.os_api
    exempt = [one.name for one in scenes(facts) if any(word in one.name.lower() for word in _EXEMPT)]
    if exempt:
        names = "、".join(exempt)
        return (
            "risk",
            ("HUMAN_PENDING",),
            Words(
                f"声明的场景“{names}”是否属例外待人工确认",
                f"whether the declared {names} is an exception awaits review",
            ),
        )
    if level is None and line.meta.platform == "android":
        return (
            "undetermined",
            ("OS_LEVEL_UNKNOWN",),
            Words("系统版本未知，不知有无选择器", "the system's level is not known, nor whether it has a picker"),
        )
    if level is not None and level < (_PHOTO_PICKER if _about_pictures(req.what) else _DOCUMENT_PICKER):
        return (
            "risk",
            ("OS_LEVEL_UNKNOWN",),
            Words("该系统版本未必有图片选择器", "this level of the system may have no photo picker"),
        )
    return "violation", (), Words("该系统有选择器，无须此权限", "the system has a picker and needs no permission")


def _about_pictures(what: What) -> bool:
    return any("MEDIA" in perm for perm in what.perms)


_TOUCHES = ("open", "read", "write", "delete", "copy", "move")
_CHANGES = ("insert", "update", "delete")
_PRIVATE = ("/data/data/", "/data/user/", "/Android/data/", "/Android/media/", "/Android/obb/")
_RECORDS = frozenset({"contacts", "call_log", "calendar", "sms", "photo", "video", "audio"})


@check(
    "cac-2026:14.3.2",
    "app-2021:7.2",
    needs=("trace",),
    missing=("TRACE_HOOK_GAP", "TRACE_NO_UI", "TRACE_NOT_FRESH", "HUMAN_PENDING"),
)
def touches_what_nobody_picked(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Shared files opened, changed or listed that the user did not pick nor the app make; records changed by itself (R38)."""
    window_ms = round(asked.number("window_s") * 1000)
    for run, line in timelines(facts):
        made: set[str] = set()
        grouped: dict[tuple[str, str], list[Event]] = {}
        for one in line.events(lambda what: what.type in ("file", "api") and bool(what.op)):
            if one.origin == "system" or line.foreign(one.what) or one.what.result == "denied":
                continue
            deed = _deed(one.what, made)
            if deed == "changes":
                act = line.act_before(one.t_ms)
                by_user = act is not None and one.t_ms - act.t_ms <= window_ms + line.slack(one.what)
                deed = (
                    "" if by_user or not (line.timed and line.shows_acts) or asked.duty.id != "app-2021:7.2" else deed
                )
            if deed:
                grouped.setdefault((one.origin, deed), []).append(one)
        for (actor, deed), several in grouped.items():
            yield _touched(facts, run, actor, deed, several)


def _deed(what: What, made: set[str]) -> str:
    """ "touches" (opened or changed), "lists", "changes" (a provider's record), "" for what is allowed. Notes what it makes."""
    place = what.path or what.uri or ""
    if what.op in _CHANGES and what.pi_type in _RECORDS:
        return "changes"
    if what.type != "file" or what.via in PICKED or any(part in place for part in _PRIVATE) or place in made:
        return ""
    if what.op in ("create", "mkdir"):
        made.add(place)
        return ""
    if what.op in ("query", "list"):
        return "lists"
    return "touches" if what.op in _TOUCHES and place else ""


def _touched(facts: Facts, run: Run, actor: str, deed: str, several: list[Event]) -> Finding:
    fresh = bool(run.meta.fresh_install)
    sure = [one for one in several if got(one.what, run.meta)]
    verdict: Verdict = "risk"
    missing: tuple[str, ...] = ()
    if deed == "lists":
        zh, en = "列举了设备上的文件", "lists files of the device"
    elif deed == "changes":
        zh, en = "未经用户操作增改删了本机记录", "changes records on the device without an act of the user"
        verdict = "violation" if sure else "risk"
    else:
        zh, en = "打开或改动了用户未选中的共享文件", "opens or changes shared files the user did not pick"
        # In a fresh install the app can have made no file before this run, so what it did not make here is not its own.
        verdict, missing = ("violation", ()) if sure and fresh else ("risk", () if fresh else ("TRACE_NOT_FRESH",))
    many = times(sum(one.what.count for one in several))
    return found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}{zh}，{many.zh}",
        f"{run_name(run).en}: {who(actor).en} {en}, {many.en}",
        *shows.events(facts, run, sure or several),
        basis="observed",
        assumptions=("A-18",),
        missing=missing,
        actor=actor,
        why_actor=why_actor(several[0]),
    )
