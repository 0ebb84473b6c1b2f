"""Article 32 on a conformance run (S13): what a test app did on a terminal, held against what the terminal recorded of it.

Two logs of one session: the test app's own, which knows what it did, and the terminal's export, whose `covers` says
"record" (终端记录).
"""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.trace_parts import runs
from hegui.words import Words

_RECORD = ("record", "终端记录")
_USES = ("api", "sensor", "loc", "file")

_STARTS = {
    "self_start": Words("自启动", "self-start"),
    "linked_start": Words("关联启动", "linked start"),
}
_READS = {
    "clipboard": Words("剪贴板", "clipboard"),
    "device_id": Words("设备标识", "device identifiers"),
    "app_list": Words("应用列表", "app list"),
}
_OF_DUTY: dict[str, dict[str, Words]] = {
    "cac-2026:32.1.1": GROUPS,
    "cac-2026:32.1.2": _STARTS,
    "cac-2026:32.1.3": _READS,
    "app-2021:11.1.2": GROUPS | _STARTS | _READS,
}


@check(*_OF_DUTY, needs=("trace",), missing=("NO_RECORD", "TRACE_SHORT", "HUMAN_PENDING"))
def records_what_apps_did(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A kind of act that the test app did and the terminal's record does not hold (R71, limb 1)."""
    session = [run for run in runs(facts) if run.meta.scenario == "S13"]
    records = [run for run in session if set(run.meta.covers) & set(_RECORD)]
    acts = [run for run in session if run not in records]
    if not acts:
        return
    wanted = _OF_DUTY[asked.duty.id]
    if not records:
        yield found(
            None,
            "测试应用的运行已给出，终端自己的记录没有给出",
            "the test app's own log was given, the terminal's record was not",
            *(shows.whole(facts, run) for run in acts),
            basis="observed",
            missing=("NO_RECORD",),
        )
        return
    did, recorded = _kinds(acts), _kinds(records)
    whole = not any(run.meta.rows_unread for run in records)
    absent = [kind for kind in wanted if kind in did and kind not in recorded]
    for kind in absent:
        run, first = did[kind]
        yield found(
            "violation" if whole else "undetermined",
            f"测试应用做了“{wanted[kind].zh}”，终端记录中没有" + ("" if whole else "（但记录没有读完）"),
            f"the test app did “{wanted[kind].en}”, which the terminal's record does not hold"
            + ("" if whole else " (but the record was not read to the end)"),
            shows.event(facts, run, first),
            *(shows.whole(facts, each) for each in records),
            basis="observed",
            missing=() if whole else ("NO_RECORD",),
        )
    matched = [wanted[kind] for kind in wanted if kind in did and kind in recorded]
    untried = [wanted[kind] for kind in wanted if kind not in did]
    yield found(
        None,
        f"{len(matched)} 类行为在终端记录中有对应；没有试过的：{'、'.join(one.zh for one in untried) or '无'}；集中展示须看界面",
        f"{len(matched)} kinds of act stand in the record; not tried: {', '.join(one.en for one in untried) or 'none'}; "
        "that they are shown in one place takes screens",
        *(shows.whole(facts, run) for run in session),
        basis="observed",
        missing=("TRACE_SHORT",) if untried else ("HUMAN_PENDING",),
    )


def _kinds(several: list[Run]) -> dict[str, tuple[Run, Event]]:
    """The kinds of act these runs hold, each with the first event of it."""
    found_of: dict[str, tuple[Run, Event]] = {}
    for run in several:
        for one in timeline(run).events(lambda what: bool(_kind(what))):
            found_of.setdefault(_kind(one.what), (run, one))
    return found_of


def _kind(what: What) -> str:
    if what.type == "start_app":
        return "linked_start"
    if what.type == "process_start":
        return "self_start" if what.cause not in (None, "user", "launcher", "activity") else ""
    if what.type not in _USES:
        return ""
    if what.perm_group in GROUPS:
        return what.perm_group or ""
    kind = (what.pi_type or "").partition(".")[0]
    return kind if kind in _READS else ""
