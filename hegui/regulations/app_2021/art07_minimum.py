"""Article 7, minimum necessity: no starting by itself without a reasonable scene."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.queries.self_start import self_starts
from hegui.regulations.reads import can_read, sites_of
from hegui.words import Words


@check("app-2021:7.4", needs=("pkg.components", "pkg.permissions", "pkg.target_sdk", "pkg.min_sdk"))
def starts_by_itself(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Components that a system event starts without the user (R42, limb 3). Absence does not settle the duty: jobs,
    alarms and other apps can start it too."""
    if isinstance(facts.pkg, Unread):
        return
    need = facts.decl.app.self_start_need if not isinstance(facts.decl, Unread) else None
    for start in self_starts(facts.pkg):
        who = start.component.origin
        events = "、".join(action.rpartition(".")[2] for action in start.actions)
        said = f"；声明的场景“{need}”尚待人工确认" if need else ""
        yield found(
            "risk",
            f"{start.component.name} 可被系统事件拉起（{events}），具备自启动能力，是否有合理场景未见说明{said}",
            f"{start.component.name} can be started by system events ({events.replace('、', ', ')}): the app can start "
            f"itself, and no reasonable scene is known"
            + (f"; the declared one, {need!r}, awaits review" if need else ""),
            shows.component(facts.pkg, start.component, why=" ".join(start.actions)),
            actor=who if who != "manifest" else "app",
            why_actor=_why(who),
            missing=("NO_TRACE", "HUMAN_PENDING") if need else ("NO_TRACE", "NO_DECL"),
        )


# By these the system starts the app's process again at a later time.
_COMES_BACK = ("start.alarm", "start.job", "start.work", "start.sync")
# By these code starts another app's process without showing the user a screen to choose on.
_STARTS_OTHERS = ("start.shell", "start.instrumentation")


@check("app-2021:7.4", "app-2021:10.3", needs=("pkg.callsites",))
def code_that_starts_later_or_others(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Timers and jobs that bring the process back, and commands that start another app (R42). Shown, not held against
    anybody: what is started, and whether a scene asks for it, the call does not tell."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    of_sdk = asked.duty.obligor == "sdk_operator"
    sites = [one for one in sites_of(pkg) if not (of_sdk and one.origin in ("app", "unknown", "library"))]
    unsure = Words("拉起的对象和场景须看运行轨迹", "what is started, and in which scene, takes a trace")
    for apis, says in ((_COMES_BACK, _says_comes_back), (_STARTS_OTHERS, _says_starts_others)):
        yield from can_read(pkg, asked, [one for one in sites if one.api in apis], says, also=lambda site: unsure)


def _says_comes_back(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可用定时器、任务或同步再次拉起进程，{places} 处",
        f"{who.en} has code that can bring the process back by timers, jobs or syncs, in {places} places",
    )


def _says_starts_others(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可用命令启动其他应用，{places} 处",
        f"{who.en} has code that can start other apps by a command, in {places} places",
    )


def _why(origin: str) -> Words:
    if origin == "manifest":
        return Words(
            "合并清单不显示由谁加入该组件，按应用运营者列示",
            "the merged manifest does not show who added the component; listed under the app operator",
        )
    return Words(f"组件类名属于 {origin}", f"the component's class belongs to {origin}")
