"""Article 12, asking for permissions: at use, only what is needed, with the purpose told, without nagging."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.audit import trace_evidence as runs_show
from hegui.catalogue.permissions.loader import RUNTIME_LEVEL
from hegui.facts import Facts, Unread
from hegui.facts.package import CallSite
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app
from hegui.regulations.reads import can_read, sites_of
from hegui.regulations.trace_parts import requests, timelines
from hegui.words import Words


@check(
    "cac-2026:12.1.1",
    "app-2021:6.4.1",
    needs=("pkg.permissions", "pkg.target_sdk", "pkg.min_sdk"),
)
def can_ask_at_run_time(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An app that targets a level below 23 cannot ask at use: all is granted at installation (closed-world case b)."""
    if isinstance(facts.pkg, Unread) or isinstance(facts.pkg.target_sdk, Unread):
        return
    needed = held.dangerous(facts.pkg)
    target = facts.pkg.target_sdk
    if needed and target < RUNTIME_LEVEL:
        written = "" if facts.pkg.target_sdk_written else "（清单未写明，按系统默认值）"
        written_en = "" if facts.pkg.target_sdk_written else " (not written; the platform's default)"
        yield found(
            "violation",
            f"目标级别 targetSdkVersion={target}{written} 低于 23，{len(needed)} 项权限在安装时一并授予，无法在使用时申请",
            f"targetSdkVersion={target}{written_en} is below 23: {len(needed)} permissions are granted at installation "
            "and cannot be asked for at use",
            shows.manifest(facts.pkg, f"targetSdkVersion={target}"),
            *shows.permissions(facts.pkg, needed),
        )


@check(
    "cac-2026:12.1.1",
    "cac-2026:12.1.2",
    "cac-2026:12.1.3",
    "cac-2026:12.1.4",
    "app-2021:6.4.1",
    "app-2021:6.4.2",
    "app-2021:7.3.1",
    "app-2021:7.3.2",
    "app-2021:7.3.3",
    needs=("pkg.permissions", "pkg.min_sdk"),
)
def asks_for_nothing(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Where the manifest asks for no permission a user grants, nothing can be asked early, bundled or again.

    Where a run shows requests all the same, it may be of another build than the package that was given.
    """
    if isinstance(facts.pkg, Unread) or not is_app(facts.pkg) or held.grantable(facts.pkg):
        return
    asked_in_runs = [(run, one) for run, line in timelines(facts) for one in requests(line)]
    if asked_in_runs:
        run, one = asked_in_runs[0]
        yield found(
            None,
            f"清单未申请任何需要用户授权的权限，运行中却有 {len(asked_in_runs)} 次权限申请：所给的包可能不是运行的那一个",
            f"the manifest asks for no permission a user grants, yet runs show {len(asked_in_runs)} requests: the package given "
            "may not be the one that ran",
            shows.manifest(facts.pkg, "no dangerous uses-permission"),
            runs_show.event(facts, run, one),
            missing=("NO_PACKAGE",),
        )
    else:
        yield found(
            "not_applicable",
            "清单未申请任何需要用户授权的权限，不存在索权行为",
            "the manifest asks for no permission a user grants, so nothing can be asked for",
            shows.manifest(facts.pkg, "no dangerous uses-permission"),
        )


@check("cac-2026:12.1.2", "app-2021:6.4.2", needs=("pkg.permissions", "pkg.target_sdk", "pkg.min_sdk"))
def bundles_at_installation(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Below level 23 permissions of several groups come as one bundle at installation (R24, limb 3).

    A risk, not a violation: the closed-world cases of a package alone (RULES §1) do not name these duties.
    """
    if isinstance(facts.pkg, Unread) or isinstance(facts.pkg.target_sdk, Unread):
        return
    needed = held.dangerous(facts.pkg)
    groups = sorted({one.group or one.name for one in needed})
    if len(groups) > 1 and facts.pkg.target_sdk < RUNTIME_LEVEL:
        yield found(
            "risk",
            f"目标级别 {facts.pkg.target_sdk} 低于 23：安装时一次性要求同意 {len(groups)} 组权限，用户不能逐项选择",
            f"target level {facts.pkg.target_sdk} is below 23: {len(groups)} groups must be accepted in one go at "
            "installation, without a choice for each",
            shows.manifest(facts.pkg, f"targetSdkVersion={facts.pkg.target_sdk}"),
            *shows.permissions(facts.pkg, needed),
        )


# Calls that put the system's question before the user. A contract's launcher is left out: it may start anything.
_ASKS = (
    "permission.request",
    "permission.request_compat",
    "permission.easy_permissions",
    "permission.xxpermissions",
    "permission.rxpermissions",
)


@check(
    "cac-2026:12.1.1",
    "app-2021:6.4.1",
    "app-2021:7.3.2",
    needs=("pkg.permissions", "pkg.min_sdk"),
)
def asks_as_the_app_opens(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A request for permissions on the path that opens the app, before the user can use any function (R26, limb 3)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or not held.grantable(pkg):
        return
    asking = [one for one in sites_of(pkg) if one.api in _ASKS]
    early = (*code.at_startup(asking), *code.as_it_opens(asking))
    asked_for = {one.name for one in held.grantable(pkg)}

    def shows_a_question(site: CallSite) -> Words | None:
        # A permission that the manifest does not ask for is refused without a question.
        if any(argument.value in asked_for for argument in site.args):
            return None
        return Words("申请的是否为清单中的权限未能读出", "whether it is a permission of the manifest could not be read")

    missing = ("NO_TRACE", "SCENE_UNMAPPED")
    yield from can_read(pkg, asked, early, _says_asks_early, missing=missing, also=shows_a_question)


def _says_asks_early(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码在应用打开过程中即申请权限，{places} 处，此时用户尚未使用任何功能；首屏即为该功能的除外",
        f"{who.en} has code that asks for permissions while the app opens, in {places} places, before the user uses any "
        "function, unless the first screen is that function",
    )
