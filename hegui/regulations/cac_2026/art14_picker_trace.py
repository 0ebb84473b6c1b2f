"""Article 14(3) on recorded runs: the system picker instead of permissions."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import Topic, tells
from hegui.catalogue.behaviours.files import has_picker
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.trace_parts import (
    asked_groups,
    lacks_acts,
    map_approved,
    read_whole,
    requests,
    run_name,
    runs,
    scene_of,
    scenes,
    timelines,
    why_actor,
)
from hegui.words import Words

_FOR_UPLOAD = frozenset({"storage", "contacts", "sms"})
# Up to Android 9 an app needs this to save a picture where the gallery finds it (RULES R37).
_SAVES, _LAST_TO_SAVE = "android.permission.WRITE_EXTERNAL_STORAGE", 28


@check(
    "cac-2026:14.3.1",
    needs=("trace",),
    missing=("OS_LEVEL_UNKNOWN", "SCENE_UNMAPPED", "TRACE_NO_UI", "TRACE_SHORT", "HUMAN_PENDING"),
)
def asks_where_the_picker_serves(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Storage, contacts or SMS asked for when the user set out to upload or send, where a picker serves (R37)."""
    window_ms = round(asked.number("window_s") * 1000)
    picked, asks = 0, 0
    for run, line in timelines(facts):
        if not line.timed:
            continue
        for req in requests(line):
            groups = [group for group in asked_groups(req.what) if group in _FOR_UPLOAD]
            asks += bool(groups)
            act = line.act_before(req.t_ms)
            if not groups or act is None or req.t_ms - act.t_ms > window_ms + line.slack(req.what):
                continue
            sends = tells("uploads", act.what.node_text)
            if (sends or tells("pictures", act.what.node_text)) and not _to_save(line, req.what):
                yield _asked_for(facts, run, req, act, groups, _picker(facts, line, req, groups, sure=sends))
        picked += (run.meta.scenario == "S4" and read_whole(run.meta)) and len(
            line.rows(lambda what: what.type in ("file", "api") and what.via in ("picker", "saf", "photo_picker"))
        )
    if picked and not asks:
        yield found(
            "compliant",
            "逐场景使用（S4）中，文件、图片或联系人经系统选择器取得，未申请存储、通讯录、短信权限",
            "scene by scene (S4), files, pictures or contacts came by the system's picker; no such permission was asked for",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
        )
    elif runs(facts):
        yield found(
            None,
            "没有做全上传、发送场景（S4），或未见经系统选择器取得",
            "uploading and sending were not all run (S4), or nothing was seen to come by the system's picker",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_NO_UI",) if lacks_acts(timelines(facts)) else ("TRACE_SHORT",),
        )


def _to_save(line: Timeline, what: What) -> bool:
    """Whether only the right to save was asked for, on a system that wants it for that."""
    level = line.meta.os_api
    return what.perms == (_SAVES,) and level is not None and level <= _LAST_TO_SAVE


def _asked_for(
    facts: Facts, run: Run, req: Event, act: Event, groups: list[str], weighed: tuple[Verdict | None, str, Words]
) -> Finding:
    verdict, missing, why = weighed
    names = [GROUPS[group] for group in groups]
    return found(
        verdict,
        f"{run_name(run).zh}：用户点“{act.what.node_text}”后申请{'、'.join(one.zh for one in names)}权限；{why.zh}",
        f"{run_name(run).en}: after “{act.what.node_text}” {', '.join(one.en for one in names)} was asked for; {why.en}",
        shows.event(facts, run, req),
        shows.event(facts, run, act),
        basis="observed",
        assumptions=("A-17",),
        missing=(missing,) if missing else (),
        actor=req.origin,
        why_actor=why_actor(req),
    )


def _picker(
    facts: Facts, line: Timeline, req: Event, groups: list[str], *, sure: bool
) -> tuple[Verdict | None, str, Words]:
    """What a request in place of a picker may be called. `sure`: the act was to send, and not perhaps to look at pictures."""
    scene = scene_of(facts, line.page_at(req.t_ms))
    # What is about messages and contacts by its nature has more to do with them than to send one.
    about: Topic = "edits_or_keeps_files" if "storage" in groups else "about_others"
    exempt = [one for one in scenes(facts) if tells(about, one.name)]
    if exempt and (scene in exempt or scene is None or not map_approved(facts)):
        names = "、".join(one.name for one in exempt)
        settled = map_approved(facts) and scene in exempt
        return (
            None if settled else "risk",
            "" if settled else "HUMAN_PENDING",
            Words(
                f"声明的场景“{names}”" + ("属于例外，场景对应表已复核" if settled else "是否属例外待人工确认"),
                f"the declared {names} " + ("is an exception; the map is approved" if settled else "awaits review"),
            ),
        )
    if groups == ["sms"]:
        why = Words(
            "没有选取短信的系统选择器，是否必要待人工确认", "no system has a picker for messages; need awaits review"
        )
        return "risk", "HUMAN_PENDING", why
    if not sure and not scenes(facts):
        why = Words(
            "可能是在查看相册而非发送，没有声明场景",
            "it may be to look at pictures and not to send; no scenes are declared",
        )
        return "risk", "SCENE_UNMAPPED", why
    level = line.meta.os_api
    if level is None:
        return (
            "undetermined",
            "OS_LEVEL_UNKNOWN",
            Words("系统版本未知，不知有无选择器", "the system's level is not known, nor whether it has a picker"),
        )
    about_pictures = any("MEDIA" in perm or "Photo" in perm or "IMAGEVIDEO" in perm for perm in req.what.perms)
    has = has_picker("photos" if about_pictures else "documents", line.meta.platform, level)
    if has == "yes":
        return "violation", "", Words("该系统有选择器，无须此权限", "the system has a picker and needs no permission")
    may = Words("该系统版本未必有选择器", "this level of the system may have no picker")
    return ("risk", "OS_LEVEL_UNKNOWN", may) if has == "sometimes" else (None, "", may)
