"""The SDKs a package brings: those embedded in an app, or the one that the package itself is."""

from hegui.catalogue.sdks import by_class, sdk
from hegui.facts import Unread, is_read
from hegui.facts.package import Package, Sdk
from hegui.facts.queries.closed_world import is_app


def sdks_of(pkg: Package) -> tuple[Sdk, ...]:
    """SDKs embedded in an app; for an AAR or JAR the SDK itself, its function class from the catalogue ("" if unknown there).

    () also where an app's SDKs were not read: name `pkg.sdks` in the check's needs if that matters.
    """
    if is_app(pkg):
        return pkg.sdks if is_read(pkg.sdks) else ()
    return (_itself(pkg),)


def _itself(pkg: Package) -> Sdk:
    # The reader puts every call of a package given alone down to one id: the catalogue's, else the package's own name.
    origin = next((one.origin for one in pkg.callsites), pkg.name) if is_read(pkg.callsites) else pkg.name
    known = sdk(origin) or by_class(f"{origin}.Any")
    return Sdk(
        sdk_id=origin,
        name=known.name.zh if known else pkg.name,
        pkg_prefix=pkg.name,
        version=pkg.version_name or Unread("SDK_VERSION_UNKNOWN"),
        version_src="",
        conf=1.0,
        func_class=known.func_class if known else "",
        collects_pi=bool(known and known.collects),
    )
