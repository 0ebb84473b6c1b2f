"""The SDKs a package brings: those embedded in an app, or the one that the package itself is; and what functions need."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from hegui.catalogue.sdks import FUNC_CLASSES, by_class, sdk
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


def needs_of(func_class: str) -> frozenset[str] | None:
    """What an SDK of this function class may need: pi_types or whole families. None for a class that is not judged."""
    table = _needs()
    return frozenset((*table["every"], *table["needs"][func_class])) if func_class in table["needs"] else None


def is_started_by_user(func_class: str) -> bool:
    """Whether the function of such an SDK begins only when the user starts it."""
    return func_class in _needs()["started_by_user"]


@cache
def _needs() -> dict[str, Any]:
    table = tomllib.loads((Path(__file__).parent / "cac_2026" / "sdk_needs.toml").read_text("utf-8"))
    unknown = {*table["needs"], *table["started_by_user"]} - set(FUNC_CLASSES)
    if unknown:
        raise ValueError(f"sdk_needs.toml: no function class {sorted(unknown)}; they are in catalogue/sdks/sdk.py")
    return table
