"""Evidence from an installation package, written the same way by every check."""

from collections.abc import Iterable

from hegui.audit.finding import Evidence
from hegui.facts import is_read
from hegui.facts.package import CallSite, Component, Package, Permission, Sdk


def permission(pkg: Package, one: Permission) -> Evidence:
    """The manifest line of a permission."""
    limit = f' android:maxSdkVersion="{one.max_sdk}"' if one.max_sdk is not None else ""
    origin = f" <!-- {one.origin} -->" if one.origin != "manifest" else ""
    line = f'<uses-permission android:name="{one.name}"{limit}/>{origin}'
    return Evidence("package_static", one.at or pkg.manifest_at, line, pkg.sha256)


def permissions(pkg: Package, several: Iterable[Permission]) -> tuple[Evidence, ...]:
    return tuple(permission(pkg, one) for one in several)


def component(pkg: Package, one: Component, *, why: str = "") -> Evidence:
    """The manifest line of a component; `why` adds the attribute or action that matters."""
    return Evidence(
        "package_static",
        one.at or pkg.manifest_at,
        f'<{one.kind} android:name="{one.name}"> {why}'.rstrip(),
        pkg.sha256,
    )


def application(pkg: Package, excerpt: str) -> Evidence:
    """An attribute of <application>, or its absence."""
    return Evidence("package_static", pkg.application_at or pkg.manifest_at, excerpt, pkg.sha256)


def manifest(pkg: Package, excerpt: str) -> Evidence:
    """Something about the manifest as a whole, such as what it does not hold."""
    return Evidence("package_static", pkg.manifest_at or "AndroidManifest.xml", excerpt, pkg.sha256)


def callsite(pkg: Package, one: CallSite) -> Evidence:
    """The instruction, whose method it stands in, the constants passed, and the example path that leads there."""
    args = ", ".join(f"{arg.index}={arg.value!r}" for arg in one.args)
    line = f"{one.cls}->{one.method} +{one.offset}: {one.target}" + (f" ({args})" if args else "")
    path = f" <- {one.reach[0]}: {' > '.join(one.reach[1:])}" if one.reach[1:] else ""
    return Evidence("package_static", one.at, line + path, pkg.sha256)


def sdk(pkg: Package, one: Sdk) -> Evidence:
    """Where an SDK was recognised, and in which version."""
    where = one.at[0] if one.at else pkg.manifest_at
    version = f" {one.version} ({one.version_src})" if is_read(one.version) and one.version else ""
    return Evidence("package_static", where, f"{one.name}: {one.pkg_prefix}{version}", pkg.sha256)
