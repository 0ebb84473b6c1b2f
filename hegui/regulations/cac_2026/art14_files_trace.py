"""Article 14(3) on recorded runs: shared files and records that nobody picked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import tells
from hegui.catalogue.behaviours.files import hidden_in_shared, owner_of
from hegui.facts import Facts
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    PICKED,
    continuing,
    got,
    lacks_acts,
    map_approved,
    needs,
    read_whole,
    run_name,
    runs,
    scene_of,
    scenes,
    scenes_of,
    timelines,
    times,
    watches,
    why_actor,
)
from hegui.words import Words

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
            if deed is None:
                continue
            if deed == "changes":
                if asked.duty.id != "app-2021:7.2":
                    continue
                deed = _by_whom(facts, line, one, window_ms)
            elif deed == "touches":
                deed = _chosen(facts, line, one, window_ms, known)
            if deed:
                grouped.setdefault((one.origin, deed), []).append(one)
            else:
                fine += 1
            unsettled |= deed in ("changes, by the user", "writes")
        for (actor, deed), several in grouped.items():
            yield _touched(facts, run, actor, deed, several)
    yield from _nothing_touched(facts, 0 if unsettled else fine)


@dataclass
class _Known:
    """What the app may touch as a run goes on: what it made, what the user picked, and folders the user chose."""

    may: set[str] = field(default_factory=set)
    folders: list[str] = field(default_factory=list)
    # The acts (their seq) that have had the file they chose.
    answered: set[int] = field(default_factory=set)

    def deed(self, what: What) -> str | None:
        """ "touches" (opened or changed), "writes" (perhaps a file of its own), "marks" (left hidden in shared storage),
        "lists", "changes" (a provider's record); "" for what is allowed, None for what is about no file or record."""
        place = what.path or what.uri or ""
        if what.op in _CHANGES and what.pi_type in _RECORDS and what.type == "api":
            return "changes"
        if what.type != "file":
            return None
        if owner_of(place) in ("own", "by_system"):
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
        if what.op in ("create", "mkdir", "write"):
            # To write tells not whether the file was there before; what is read back afterwards is its own.
            self.may.add(place)
            return "writes" if what.op == "write" else ""
        return "touches" if what.op in _TOUCHES and place else ""


def _chosen(facts: Facts, line: Timeline, one: Event, window_ms: int, known: _Known) -> str:
    """What opening a file of others comes to: one that the user chose in the app's own list is allowed ("").

    The act names it; or it is the first file after an act in a scene declared to need files, by an approved map. A player
    goes on to the next one by itself where its declared scene visibly goes on.
    """
    place = one.what.path or one.what.uri or ""
    act = line.act_before(one.t_ms) if line.timed else None
    if act is not None and one.t_ms - act.t_ms > window_ms + line.slack(one.what):
        act = None
    stem = PurePosixPath(place).stem
    if act is not None and stem and stem in (act.what.node_text or ""):
        known.may.add(place)
        return ""
    first = act is not None and act.seq not in known.answered
    if act is not None:
        known.answered.add(act.seq)
    spell = line.spell_behind(one.t_ms)
    left = continuing(facts, line, spell) if spell is not None else None
    here = scenes_of(facts, line.page_at(one.t_ms)) if spell is None else (left,) if left else ()
    goes_on = spell is not None and line.notified(spell)
    if any(tells("edits_or_keeps_files", each.name) or needs(each, "storage", one.what.pi_type) for each in here):
        return "" if map_approved(facts) and (first or goes_on) else "touches, in a scene"
    return "touches, perhaps chosen" if (first or goes_on) and not scenes(facts) else "touches"


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
    "writes": (
        Words("写入共享存储中的文件，可能为其新建", "writes files in shared storage, which it may have made"),
        None,
        "HUMAN_PENDING",
    ),
    "touches, in a scene": (
        Words(
            "在声明需要文件的场景中打开或改动共享文件，是否为用户所选待人工确认",
            "opens or changes shared files in a scene declared to need files; whether the user chose them awaits review",
        ),
        "risk",
        "HUMAN_PENDING",
    ),
    "touches, perhaps chosen": (
        Words(
            "在用户操作后或可见通知时打开或改动共享文件，没有声明场景，是否为用户所选待确认",
            "opens or changes shared files after an act of the user, or while a notification shows; no scenes are declared to "
            "tell whether they were chosen",
        ),
        "risk",
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
        line
        for _, line in timelines(facts, "S4")
        if line.shows_acts and line.timed and read_whole(line.meta) and watches(line.meta, "media.")
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
        deaf = not any(watches(run.meta, "media.") for run in runs(facts))
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
