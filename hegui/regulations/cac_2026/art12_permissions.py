"""Article 12, asking for permissions: at use, only what is needed, with the purpose told, without nagging."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app

# From this level on the system asks at run time; below it everything is granted at installation.
# Source: developer.android.com, "Request runtime permissions".
RUNTIME_PERMISSIONS = 23


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
    if needed and target < RUNTIME_PERMISSIONS:
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
    """Where the manifest asks for no permission a user grants, nothing can be asked early, bundled or again."""
    if isinstance(facts.pkg, Unread) or not is_app(facts.pkg):
        return
    if not held.grantable(facts.pkg):
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
    if len(groups) > 1 and facts.pkg.target_sdk < RUNTIME_PERMISSIONS:
        yield found(
            "risk",
            f"目标级别 {facts.pkg.target_sdk} 低于 23：安装时一次性要求同意 {len(groups)} 组权限，用户不能逐项选择",
            f"target level {facts.pkg.target_sdk} is below 23: {len(groups)} groups must be accepted in one go at "
            "installation, without a choice for each",
            shows.manifest(facts.pkg, f"targetSdkVersion={facts.pkg.target_sdk}"),
            *shows.permissions(facts.pkg, needed),
        )
