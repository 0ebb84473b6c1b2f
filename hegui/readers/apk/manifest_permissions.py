"""The permissions a manifest asks for, those the platform adds for an old target, and those it declares itself."""

from collections.abc import Iterable

from hegui.catalogue.added_by import permission_added_by
from hegui.catalogue.permissions import permission as known_permission
from hegui.facts.package import DeclaredPermission, Permission
from hegui.readers.apk.axml import TYPE_FIRST_INT, TYPE_LAST_INT, TYPE_STRING, Element
from hegui.readers.apk.manifest_names import CUR_DEVELOPMENT, PROTECTION_BASE, PROTECTION_FLAGS
from hegui.readers.apk.manifest_values import Values, bits, signed

_P = "android.permission."

# Permissions the platform adds to what is asked for: (asked for, added, for targets below, works from level).
# CompatibilityPermissionInfo.COMPAT_PERMS first, then the split permissions of data/etc/platform.xml, in its order, as
# each looks at what the ones before it added. None in the first place: for every app; 10000 in the third: every target.
# Left out, since they open nothing that is not open already and would stand in the list of nearly every app:
# POST_NOTIFICATIONS (targets below 33), READ_MEDIA_* for the old storage permissions, READ_MEDIA_VISUAL_USER_SELECTED.
IMPLIED: tuple[tuple[str | None, str, int, int], ...] = (
    (None, _P + "WRITE_EXTERNAL_STORAGE", 4, 1),
    (None, _P + "READ_PHONE_STATE", 4, 1),
    (_P + "ACCESS_FINE_LOCATION", _P + "ACCESS_COARSE_LOCATION", 10_000, 1),
    (_P + "WRITE_EXTERNAL_STORAGE", _P + "READ_EXTERNAL_STORAGE", 10_000, 16),
    (_P + "READ_CONTACTS", _P + "READ_CALL_LOG", 16, 16),
    (_P + "WRITE_CONTACTS", _P + "WRITE_CALL_LOG", 16, 16),
    (_P + "ACCESS_FINE_LOCATION", _P + "ACCESS_BACKGROUND_LOCATION", 29, 29),
    (_P + "ACCESS_COARSE_LOCATION", _P + "ACCESS_BACKGROUND_LOCATION", 29, 29),
    (_P + "READ_EXTERNAL_STORAGE", _P + "ACCESS_MEDIA_LOCATION", 29, 29),
    (_P + "WRITE_EXTERNAL_STORAGE", _P + "ACCESS_MEDIA_LOCATION", 29, 29),
    (_P + "BLUETOOTH", _P + "BLUETOOTH_SCAN", 31, 31),
    (_P + "BLUETOOTH", _P + "BLUETOOTH_CONNECT", 31, 31),
    (_P + "BLUETOOTH", _P + "BLUETOOTH_ADVERTISE", 31, 31),
    (_P + "BLUETOOTH_ADMIN", _P + "BLUETOOTH_SCAN", 31, 31),
    (_P + "BLUETOOTH_ADMIN", _P + "BLUETOOTH_CONNECT", 31, 31),
    (_P + "BLUETOOTH_ADMIN", _P + "BLUETOOTH_ADVERTISE", 31, 31),
    (_P + "BODY_SENSORS", _P + "BODY_SENSORS_BACKGROUND", 33, 33),
)


def permissions(manifest: Values, target_sdk: int | None) -> tuple[Permission, ...]:
    """What is asked for, in the order of the manifest, then what the platform adds for this target.

    A name written twice is one permission, as the platform takes it: asked for up to the highest maxSdkVersion,
    and neverForLocation only when each says so. `flags` then has "duplicate"; "sdk-23" stands for
    <uses-permission-sdk-23>, "requiredFeature=…" for a condition on the device.
    """
    first: dict[str, Element] = {}
    limits: dict[str, list[int | None]] = {}
    flags: dict[str, list[set[str]]] = {}
    for element in manifest.root.children:
        if element.name not in ("uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m"):
            continue
        name = manifest.text(element, "name")
        if not name:
            manifest.note("PERMISSION_NO_NAME", f"<{element.name}> without a name at 0x{element.at:x}")
            continue
        attribute = manifest.attribute(element, "name")
        if attribute is not None and attribute.type != TYPE_STRING:
            # The platform takes a name only as it stands (getNonResourceString), and asks for nothing here.
            manifest.note("PERMISSION_BY_REFERENCE", f"<{element.name}> at 0x{element.at:x} names {name} by reference")
            continue
        first.setdefault(name, element)
        limits.setdefault(name, []).append(_max_sdk(manifest, element))
        flags.setdefault(name, []).append(_flags(manifest, element))
    found = {}
    for name, element in first.items():
        each = flags[name]
        said = set.intersection(*each) | ({"duplicate"} if len(each) > 1 else set())
        found[name] = _asked(name, _highest(limits[name]), tuple(sorted(said)), manifest.at(element))
    if target_sdk is not None:
        _add_implied(manifest, found, target_sdk)
    return tuple(found.values())


def _max_sdk(manifest: Values, element: Element) -> int | None:
    """The limit of a permission. The platform takes a number alone, and 0 for none."""
    found = manifest.attribute(element, "maxSdkVersion")
    if found is None:
        return None
    value = manifest.settled(element, "maxSdkVersion", found)
    return (signed(value.data) or None) if TYPE_FIRST_INT <= value.type <= TYPE_LAST_INT else None


def _flags(manifest: Values, element: Element) -> set[str]:
    found = set()
    if element.name != "uses-permission":
        found.add("sdk-23")
    if (manifest.number(element, "usesPermissionFlags") or 0) & 0x00010000:
        found.add("neverForLocation")
    for name in ("requiredFeature", "requiredNotFeature"):
        feature = manifest.text(element, name)
        if feature:
            found.add(f"{name}={feature}")
    return found


def _asked(name: str, max_sdk: int | None, flags: tuple[str, ...], at: str) -> Permission:
    known, by = known_permission(name), permission_added_by(name)
    return Permission(
        name=name,
        group=known.group if known else None,
        dangerous=known.dangerous if known else False,
        max_sdk=max_sdk,
        origin=by.id if by else "manifest",
        protection=known.protection if known else (),
        why_origin=by.why.zh if by else "",
        flags=flags,
        label=known.label.zh if known and known.label else "",
        at=at,
    )


def _add_implied(manifest: Values, found: dict[str, Permission], target_sdk: int) -> None:
    written = set(found)
    for source, name, below, since in IMPLIED:
        if target_sdk >= below or name in written or (source is not None and source not in found):
            continue
        max_sdk = found[source].max_sdk if source is not None else None
        if max_sdk is not None and max_sdk < since:
            continue
        at = found[source].at if source is not None else manifest.at(manifest.root)
        if name in found:
            max_sdk = _highest([found[name].max_sdk, max_sdk])
            at = found[name].at
        why = f"目标版本低于 {below}" if below < CUR_DEVELOPMENT else "系统总是补上"
        if source is not None:
            why += f"，且申请了 {source.removeprefix(_P)}"
        known = known_permission(name)
        found[name] = Permission(
            name=name,
            group=known.group if known else None,
            dangerous=known.dangerous if known else False,
            max_sdk=max_sdk,
            origin="implied",
            protection=known.protection if known else (),
            why_origin=why,
            label=known.label.zh if known and known.label else "",
            at=at,
        )


def declared_permissions(manifest: Values) -> Iterable[DeclaredPermission]:
    for element in manifest.root.children:
        if element.name in ("permission", "permission-tree"):
            name = manifest.text(element, "name")
            if name:
                yield DeclaredPermission(
                    name,
                    _protection(manifest.number(element, "protectionLevel") or 0),
                    manifest.text(element, "label") or "",
                    manifest.text(element, "description") or "",
                    manifest.at(element),
                )


def _highest(limits: list[int | None]) -> int | None:
    """The level up to which something holds when any of several limits lets it; None without a limit."""
    numbers = [limit for limit in limits if limit is not None]
    return max(numbers) if len(numbers) == len(limits) else None


def _protection(value: int) -> tuple[str, ...]:
    base = value & 0xF
    return (PROTECTION_BASE[base] if base < len(PROTECTION_BASE) else str(base), *bits(value, PROTECTION_FLAGS))
