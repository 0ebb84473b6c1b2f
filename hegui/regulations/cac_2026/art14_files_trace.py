"""Article 14(3) on recorded runs: the system picker instead of permissions, and files nobody picked."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import tells
from hegui.catalogue.behaviours.files import has_picker, hidden_in_shared, owner_of
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    PICKED,
    asked_groups,
    got,
    lacks_acts,
    map_approved,
    needs,
    requests,
    run_name,
    runs,
    scene_of,
    scenes,
    timelines,
    times,
    watches,
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
            if tells("uploads", act.what.node_text) and not _to_save(line, req.what):
                yield _asked_for(facts, run, req, act, groups, _picker(facts, line, req))
        picked += run.meta.scenario == "S4" and len(
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


def _picker(facts: Facts, line: Timeline, req: Event) -> tuple[Verdict | None, str, Words]:
    scene = scene_of(facts, line.page_at(req.t_ms))
    exempt = [one for one in scenes(facts) if tells("edits_or_keeps_files", one.name)]
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


# ------------------------------------------------------------------------------------------------------ files

_TOUCHES = ("open", "read", "write", "delete", "copy", "move", "create")
_CHANGES = ("insert", "update", "delete")
_RECORDS = frozenset({"contacts", "call_log", "calendar", "sms", "photo", "video", "audio"})
_GROUP_OF = {"photo": "storage", "video": "storage", "audio": "storage"}


@check(
    "cac-2026:14.3.2",
    "app-2021:7.2",
    needs=("trace",),
    missing=("TRACE_HOOK_GAP", "TRACE_NO_UI", "TRACE_NOT_FRESH", "TRACE_SHORT", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def touches_what_nobody_picked(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Shared files opened, changed or listed that the user did not pick nor the app make; records changed by itself (R38)."""
    window_ms = round(asked.number("window_s") * 1000)
    fine, unsettled = 0, False
    for run, line in timelines(facts):
        known = _Known()
        grouped: dict[tuple[str, str], list[Event]] = {}
        for one in line.events(lambda what: what.type in ("file", "api") and bool(what.op)):
            if one.origin == "system" or line.foreign(one.what) or one.what.result == "denied":
                continue
            deed = known.deed(one.what)
            if deed == "changes":
                if asked.duty.id != "app-2021:7.2":
                    continue
                deed = _by_whom(facts, line, one, window_ms)
            if deed:
                grouped.setdefault((one.origin, deed), []).append(one)
            else:
                fine += 1
            unsettled |= deed == "changes, by the user"
        for (actor, deed), several in grouped.items():
            yield _touched(facts, run, actor, deed, several)
    yield from _nothing_touched(facts, 0 if unsettled else fine)


@dataclass
class _Known:
    """What the app may touch as a run goes on: what it made, what the user picked, and folders the user chose."""

    may: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)

    def deed(self, what: What) -> str:
        """ "touches" (opened or changed), "marks" (left hidden in shared storage), "lists", "changes" (a provider's record);
        "" for what is allowed."""
        place = what.path or what.uri or ""
        if what.op in _CHANGES and what.pi_type in _RECORDS and what.type == "api":
            return "changes"
        if what.type != "file" or owner_of(place) in ("own", "by_system"):
            return ""
        if what.via in PICKED:
            self.may.add(place)
            # A folder handed over by the user: a backup goes there.
            if what.op in ("tree", "open_tree"):
                self.folders.append(place.rstrip("/") + "/")
            return ""
        if what.op in ("query", "list"):
            return "lists"
        if place in self.may or any(place.startswith(folder) for folder in self.folders):
            return ""
        if what.op in ("create", "write") and hidden_in_shared(place):
            self.may.add(place)
            return "marks"
        if what.op in ("create", "mkdir"):
            self.may.add(place)
            return ""
        return "touches" if what.op in _TOUCHES and place else ""


def _by_whom(facts: Facts, line: Timeline, one: Event, window_ms: int) -> str:
    """What the changing of a record comes to: by the user in a declared scene it is allowed ("")."""
    if not line.timed or not line.shows_acts:
        return "changes, untold"
    act = line.act_before(one.t_ms)
    if act is None or one.t_ms - act.t_ms > window_ms + line.slack(one.what):
        return "changes"
    kind = one.what.pi_type or ""
    scene = scene_of(facts, line.page_at(one.t_ms))
    within = scene is not None and needs(scene, _GROUP_OF.get(kind, kind), kind)
    return "" if within and map_approved(facts) else "changes, by the user"


_DEEDS: dict[str, tuple[Words, Verdict | None, str]] = {
    "lists": (Words("列举了设备上的文件", "lists files of the device"), "risk", ""),
    "marks": (
        Words(
            "在公共存储中写入隐藏文件，可用于跨应用识别设备",
            "leaves a hidden file in shared storage, by which apps can know the device again",
        ),
        "risk",
        "HUMAN_PENDING",
    ),
    "changes": (
        Words("未经用户操作增改删了本机记录", "changes records on the device without an act of the user"),
        "violation",
        "",
    ),
    "changes, untold": (
        Words("增改删了本机记录，日志没有用户操作", "changes records on the device; the log shows no acts"),
        "undetermined",
        "TRACE_NO_UI",
    ),
    "changes, by the user": (
        Words(
            "在用户操作后增改删了本机记录，是否在声明的场景内尚待确认",
            "changes records after an act of the user; whether in a declared scene is still open",
        ),
        None,
        "SCENE_UNMAPPED",
    ),
    "touches": (
        Words("打开或改动了用户未选中的共享文件", "opens or changes shared files the user did not pick"),
        "violation",
        "",
    ),
}


def _touched(facts: Facts, run: Run, actor: str, deed: str, several: list[Event]) -> Finding:
    says, verdict, missing = _DEEDS[deed]
    sure = [one for one in several if got(one.what, run.meta)]
    # In a fresh install the app can have made no file before this run, so what it did not make here is not its own.
    if deed == "touches" and not run.meta.fresh_install:
        verdict, missing = "risk", "TRACE_NOT_FRESH"
    if verdict == "violation" and not sure:
        verdict = "risk"
    many = times(sum(one.what.count for one in several))
    return found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}{says.zh}，{many.zh}",
        f"{run_name(run).en}: {who(actor).en} {says.en}, {many.en}",
        *shows.events(facts, run, sure or several),
        basis="observed",
        assumptions=("A-18",),
        missing=(missing,) if missing else (),
        actor=actor,
        why_actor=why_actor(several[0]),
    )


def _nothing_touched(facts: Facts, fine: int) -> Iterator[Finding]:
    """Compliant where each scene was used (S4), acts and files were watched, and all that was touched was allowed."""
    planned = [
        line for _, line in timelines(facts, "S4") if line.shows_acts and line.timed and not line.meta.rows_unread
    ]
    whole = [shows.whole(facts, run) for run in runs(facts)]
    if fine and planned:
        yield found(
            "compliant",
            f"逐场景使用（S4）中，{fine} 次文件与记录操作均限于应用自有、自建或用户所选",
            f"scene by scene (S4), {fine} acts on files and records kept to the app's own, what it made and what was picked",
            *whole,
            basis="observed",
            assumptions=("A-18",),
        )
    elif whole:
        deaf = not fine and not any(watches(run.meta, "media.") for run in runs(facts))
        yield found(
            None,
            f"{fine} 次文件与记录操作在允许范围内，但没有逐场景做全（S4）或未监测文件操作",
            f"{fine} acts on files and records were allowed; not every scene was run (S4), or files were not watched",
            *whole,
            basis="observed",
            missing=("TRACE_HOOK_GAP",)
            if deaf
            else ("TRACE_NO_UI",)
            if lacks_acts(timelines(facts))
            else ("TRACE_SHORT",),
        )
