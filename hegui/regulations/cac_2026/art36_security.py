"""Article 36, security: weak transport and storage settings a package shows by itself (R74)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.permissions import permission
from hegui.facts import Facts, Unread, is_read
from hegui.facts.package import Package
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app
from hegui.regulations.sdk_parties import sdks_of

_DUTIES = ("cac-2026:36.1.2", "app-2021:8.5.1", "app-2021:13.4")


@check(*_DUTIES, needs=("pkg.cleartext_ok", "pkg.debuggable"))
def allows_cleartext(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Unencrypted HTTP is allowed by the app's own settings (R74, limb 1 as capability)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or not pkg.cleartext_ok:
        return
    if not _may_use_network(pkg):
        return
    domains = _cleartext_domains(pkg)
    where = f"（仅 {'、'.join(domains)}）" if domains else ""
    where_en = f" (only to {', '.join(domains)})" if domains else ""
    yield found(
        None if pkg.debuggable else "risk",
        f"应用设置允许明文 HTTP 传输{where}" + ("；这是调试版本，请以发布版本为准" if pkg.debuggable else ""),
        f"the app's settings allow unencrypted HTTP{where_en}"
        + ("; this is a debug build, judge the release build" if pkg.debuggable else ""),
        shows.application(pkg, _cleartext_line(pkg)),
        missing=("NO_CAPTURE",),
    )


def _may_use_network(pkg: Package) -> bool:
    return not is_read(pkg.permissions) or any(one.name == held.ANDROID + "INTERNET" for one in pkg.permissions)


def _cleartext_domains(pkg: Package) -> tuple[str, ...]:
    """The only domains cleartext is allowed to; () when it is allowed to all."""
    if not is_read(pkg.network_security) or pkg.network_security is None:
        return ()
    rules = pkg.network_security.rules
    base = next((rule.cleartext for rule in rules if not rule.domains), None)
    # Without a word in the base configuration the platform allows cleartext to targets below 28.
    if base or (base is None and is_read(pkg.target_sdk) and pkg.target_sdk < 28):
        return ()
    return tuple(sorted({name for rule in rules if rule.cleartext for name in rule.domains}))


def _cleartext_line(pkg: Package) -> str:
    if is_read(pkg.network_security) and pkg.network_security is not None:
        return f"cleartextTrafficPermitted in {pkg.network_security.at or 'the network security configuration'}"
    return "android:usesCleartextTraffic = true (written, or the default of the target level)"


@check(*_DUTIES, needs=("pkg.network_security", "pkg.debuggable"))
def trusts_certificates_users_install(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A release build that trusts user-installed certificates lets traffic be read in between (R74, limb 2)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.network_security, Unread) or pkg.network_security is None:
        return
    trusting = [rule for rule in pkg.network_security.rules if rule.trusts_user_certificates]
    for rule in trusting:
        scope = "、".join(rule.domains) or "全部域名"
        yield found(
            None if pkg.debuggable else "risk",
            f"网络安全配置信任用户自装证书（{scope}），传输内容可被中间人读取",
            f"the network security configuration trusts user-installed certificates "
            f"({', '.join(rule.domains) or 'all domains'}), so traffic can be read in between",
            shows.application(pkg, f'<certificates src="user"/> in {pkg.network_security.at}'),
        )


@check(*_DUTIES, needs=("pkg.debuggable",))
def is_debuggable(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A debuggable build lets anyone with the device read the app's private data (R74)."""
    if isinstance(facts.pkg, Unread) or facts.pkg.debuggable is not True:
        return
    yield found(
        "risk",
        "安装包可调试（debuggable），任何人连接设备即可读取应用私有数据；若为调试版本，请改审发布版本",
        "the package is debuggable: anyone with the device can read its private data; if it is a debug build, audit the "
        "release build instead",
        shows.application(facts.pkg, 'android:debuggable="true"'),
    )


@check(*_DUTIES, needs=("pkg.allow_backup", "pkg.backup_rules", "pkg.permissions", "pkg.min_sdk"))
def backs_up_everything(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Backup without rules copies all private data off the device, personal information with it (R74, limb 3)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or pkg.allow_backup is not True or pkg.backup_rules:
        return
    holding = [one for one in held.dangerous(pkg) if (known := permission(one.name)) is not None and known.pi_types]
    names = "、".join(held.short(one) for one in holding[:5])
    yield found(
        "risk" if holding else None,
        "允许系统备份且未用规则排除任何数据"
        + (
            f"；应用可取得个人信息（{names}），备份副本可能含有这些数据"
            if holding
            else "；未见其可取得受权限保护的个人信息"
        ),
        "system backup is allowed and no rule excludes any data"
        + (
            f"; the app can obtain personal information ({names.replace('、', ', ')}), which copies may contain"
            if holding
            else "; it is not seen to obtain permission-protected personal information"
        ),
        shows.application(pkg, "android:allowBackup = true (written, or the default); no backup rules"),
    )


@check(*_DUTIES, "app-2021:10.4.1", needs=("pkg.components",))
def opens_a_provider_to_everyone(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A content provider any app may query, without a permission (R74, limb 3); under 10.4.1 those of SDKs."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.components, Unread):
        return
    for one in pkg.components:
        owner = one.origin if one.origin != "manifest" else "app" if is_app(pkg) else sdks_of(pkg)[0].sdk_id
        if asked.duty.obligor == "sdk_operator" and owner in ("app", "unknown"):
            continue
        if one.kind == "provider" and one.exported and one.enabled and one.permission is None:
            yield found(
                "risk",
                f"内容提供者 {one.name} 对所有应用开放且未设权限，可能泄露数据",
                f"the content provider {one.name} is open to every app without a permission and may leak data",
                shows.component(pkg, one, why='android:exported="true", no permission'),
                actor=owner,
            )
