"""Which permissions a package holds that can matter on the devices it installs on."""

from hegui.facts.package import Package, Permission
from hegui.facts.unread import Unread, is_read

ANDROID = "android.permission."

# Permissions that open the data of a group for reading: what "collecting" can mean under each (articles 10 and 14).
READS_OTHERS = (
    ANDROID + "READ_CONTACTS",
    ANDROID + "READ_CALL_LOG",
    ANDROID + "PROCESS_OUTGOING_CALLS",
    ANDROID + "READ_SMS",
    ANDROID + "RECEIVE_SMS",
    ANDROID + "RECEIVE_MMS",
    ANDROID + "RECEIVE_WAP_PUSH",
    ANDROID + "READ_CELL_BROADCASTS",
)
LOCATION = (ANDROID + "ACCESS_FINE_LOCATION", ANDROID + "ACCESS_COARSE_LOCATION")
BACKGROUND_LOCATION = ANDROID + "ACCESS_BACKGROUND_LOCATION"
CAMERA_AND_MICROPHONE = (ANDROID + "CAMERA", ANDROID + "RECORD_AUDIO")

# What a picker makes needless for uploading and sending (article 14(3)): the reading of files, albums, contacts, SMS.
READS_FOR_UPLOAD = (
    ANDROID + "READ_EXTERNAL_STORAGE",
    ANDROID + "WRITE_EXTERNAL_STORAGE",
    ANDROID + "MANAGE_EXTERNAL_STORAGE",
    ANDROID + "READ_MEDIA_IMAGES",
    ANDROID + "READ_MEDIA_VIDEO",
    ANDROID + "READ_MEDIA_AUDIO",
    ANDROID + "READ_CONTACTS",
    ANDROID + "READ_SMS",
)


def effective(pkg: Package) -> tuple[Permission, ...]:
    """The permissions that take effect on some device the package installs on, also those the platform adds by itself.

    One limited to levels below the package's minimum level (maxSdkVersion < minSdkVersion) can never be granted.
    What cannot be reached is asked of these. Call only where `pkg.permissions` was read.
    """
    if isinstance(pkg.permissions, Unread):
        raise TypeError("permissions were not read; name pkg.permissions in the check's needs")
    lowest = pkg.min_sdk if is_read(pkg.min_sdk) else 1
    return tuple(one for one in pkg.permissions if one.max_sdk is None or one.max_sdk >= lowest)


def asked(pkg: Package) -> tuple[Permission, ...]:
    """Those of them that the manifest itself asks for: what the platform adds is nobody's request."""
    return tuple(one for one in effective(pkg) if one.origin != "implied")


def dangerous(pkg: Package) -> tuple[Permission, ...]:
    """The permissions asked for that a user is asked to grant (危险权限)."""
    return tuple(one for one in asked(pkg) if one.dangerous)


def grantable(pkg: Package) -> tuple[Permission, ...]:
    """All dangerous permissions it can come to hold, also those the platform adds: what "none at all" is asked of."""
    return tuple(one for one in effective(pkg) if one.dangerous)


def named(permissions: tuple[Permission, ...], *names: str) -> tuple[Permission, ...]:
    return tuple(one for one in permissions if one.name in names)


def in_groups(permissions: tuple[Permission, ...], *groups: str) -> tuple[Permission, ...]:
    """The dangerous ones of these groups of articles 30/32."""
    return tuple(one for one in permissions if one.dangerous and one.group in groups)


def short(permission: Permission) -> str:
    """The name as people write it: without the platform's prefix."""
    return permission.name.removeprefix(ANDROID)
