"""Article 30 on a conformance run (S13): a test app asks for the ten permission groups, and the system asks the user (R69)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as seen
from hegui.audit import trace_evidence as shows
from hegui.catalogue.lexicons.screens import is_permission_owner
from hegui.catalogue.lexicons.screens.terminal import options, unmet
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.permissions.loader import RUNTIME_LEVEL
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.terminal_parts import acts, boxes, declared, explored, grants, session_screens, texts
from hegui.regulations.trace_parts import asked_groups
from hegui.words import Words

_OPTIONS = {
    "once": Words("单次", "one-time"),
    "in_use": Words("使用期间", "while in use"),
    "approximate": Words("模糊", "approximate"),
    "selected": Words("部分项目", "selected items"),
}


@check(
    "cac-2026:30.1.1",
    "app-2021:11.1.1",
    needs=("trace",),
    missing=(
        "NO_UI",
        "UI_UNREACHED",
        "TRACE_SHORT",
        "TRACE_NOT_FRESH",
        "OS_LEVEL_UNKNOWN",
        "NO_RECORD",
        "HUMAN_PENDING",
    ),
)
def prompts_before_it_grants(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission granted without the system having asked (R69, limb 1). The first grant of each group counts: Android
    grants the rest of a group without a word once the user gave one of it."""
    if not acts(facts):
        return
    prompted: set[str] = set()
    for run in acts(facts):
        first: dict[str, Event] = {}
        for one, group in grants(run):
            first.setdefault(group, one)
        for group, one in first.items():
            if group not in GROUPS:
                continue
            if _was_prompted(facts, run, group, one):
                prompted.add(group)
            else:
                yield _unprompted(facts, run, group, one)
    untried = [group for group in GROUPS if group not in prompted]
    # Fixing holes in time, the other half of the duty of 2021, is told by the maker's ledger alone.
    lacks = ("TRACE_SHORT",) if untried else ("NO_RECORD",) if asked.duty.id == "app-2021:11.1.1" else ()
    yield found(
        None if lacks else "compliant",
        f"{len(prompted)} 组权限先有系统弹窗、后授予；没有试过的：{'、'.join(GROUPS[one].zh for one in untried) or '无'}",
        f"{len(prompted)} groups were granted after the system had asked; not tried: "
        + (", ".join(GROUPS[one].en for one in untried) or "none"),
        *(shows.whole(facts, run) for run in acts(facts)),
        *(seen.whole(facts, screen) for screen, _ in boxes(facts)),
        basis="observed",
        missing=lacks,
    )


def _was_prompted(facts: Facts, run: Run, group: str, grant: Event) -> bool:
    line = timeline(run)
    for screen, groups in boxes(facts):
        # Dumps without times are in no order with the log: that the box was shown has to do.
        ordered = screen.clock == "elapsed" and line.timed
        before = not ordered or screen.t_ms <= grant.t_ms + line.slack(grant.what)
        if group in groups and screen.run_id == run.meta.run_id and before:
            return True

    def of_box(what: What) -> bool:
        return what.type == "screen" and is_permission_owner((what.activity or "").partition("/")[0])

    asks = [one.t_ms for one in line.events(lambda what: what.type == "perm_req" and group in asked_groups(what))]
    since = max((t_ms for t_ms in asks if t_ms <= grant.t_ms), default=None)
    return since is not None and any(since <= one.t_ms <= grant.t_ms for one in line.events(of_box))


def _unprompted(facts: Facts, run: Run, group: str, grant: Event) -> Finding:
    own = [one for one in session_screens(facts) if one.run_id == run.meta.run_id]
    target = facts.pkg.target_sdk if is_read(facts.pkg) and facts.pkg.name == run.meta.package else None
    name, sure = GROUPS[group], False
    if isinstance(target, int) and target < RUNTIME_LEVEL:
        code, why = (
            "HUMAN_PENDING",
            Words("测试应用目标版本低于 23，安装时即授权", "it targets a level below 23: granted at installation"),
        )
    elif declared(facts).managed:
        code, why = "HUMAN_PENDING", Words("受管设备，可由策略授予", "a managed device, where a policy may grant")
    elif run.meta.fresh_install is not True:
        code, why = (
            "TRACE_NOT_FRESH",
            Words(
                "没有写明是全新安装，可能先前已授予", "not told to be a fresh install: it may have been granted before"
            ),
        )
    elif run.meta.os_api is None:
        code, why = "OS_LEVEL_UNKNOWN", Words("系统级别不明", "the level of the system is not known")
    elif not own:
        code, why = "NO_UI", Words("没有界面记录", "no dumps of screens")
    elif not explored(facts, *own):
        code, why = (
            "UI_UNREACHED",
            Words(
                "界面记录未注明完整，弹窗可能没有记下",
                "the dumps are not ticked complete: the prompt may have been missed",
            ),
        )
    else:
        sure, code, why = True, "", Words("界面记录注明完整", "the dumps are ticked complete")
    return found(
        "violation" if sure else "undetermined",
        f"“{name.zh}”权限已授予，之前没有见到系统弹窗（{why.zh}）",
        f"the permission “{name.en}” was granted, and no prompt of the system was seen before ({why.en})",
        shows.event(facts, run, grant),
        *(seen.whole(facts, screen) for screen in own[:3]),
        basis="observed",
        missing=() if sure else (code,),
    )  # fmt: skip


@check("cac-2026:30.1.2", needs=("trace", "ui"), missing=("TRACE_SHORT", "HUMAN_PENDING"))
def offers_fine_options(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission box without the finer grants that suit its group (R69, limb 2); what suits is in the word list."""
    offered: dict[str, set[str]] = {}
    of_group: dict[str, list[str]] = {}
    shown = list(boxes(facts))
    for screen, groups in shown:
        for group in groups:
            offered.setdefault(group, set()).update(options(texts(screen)))
            of_group.setdefault(group, []).append(screen.id)
    for group, several in offered.items():
        lacking = unmet(group, several) if group in GROUPS else []
        if lacking:
            zh = "、".join("或".join(_OPTIONS[one].zh for one in each) for each in lacking)
            en = ", ".join(" or ".join(_OPTIONS[one].en for one in each) for each in lacking)
            yield found(
                "risk",
                f"“{GROUPS[group].zh}”的授权框没有这些精细选项：{zh}",
                f"the box for “{GROUPS[group].en}” lacks these finer grants: {en}",
                *(seen.whole(facts, screen) for screen, _ in shown if screen.id in of_group[group]),
                basis="observed",
                missing=("HUMAN_PENDING",),
            )
    if not shown:
        return
    untried = [group for group in GROUPS if group not in offered]
    yield found(
        None if untried else "compliant",
        f"已见授权框 {len(offered)} 组；没有见到的：{'、'.join(GROUPS[one].zh for one in untried) or '无'}",
        f"boxes seen for {len(offered)} groups; not seen: {', '.join(GROUPS[one].en for one in untried) or 'none'}",
        *(seen.whole(facts, screen) for screen, _ in shown),
        basis="observed",
        missing=("TRACE_SHORT",) if untried else (),
    )
