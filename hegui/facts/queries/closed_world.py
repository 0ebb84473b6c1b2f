"""May "not in the manifest" be read as "cannot be reached"? (RULES §1, closed-world case (a))"""

from hegui.facts.package import Package
from hegui.facts.unread import Unread, is_read

# Stub components by which frameworks run other packages inside their own process: the guest acts with the host's
# permissions, and the host with the guest's shared data. Source: the projects' public manifests, read 2026-11.
PLUGIN_HOSTS = (
    "com.lody.virtual.",
    "com.qihoo360.replugin.",
    "com.tencent.shadow.",
    "com.didi.virtualapk.",
    "top.niunaijun.blackbox.",
)


def is_app(pkg: Package) -> bool:
    """An app as it installs, whose manifest is the merged one; an SDK's own manifest proves nothing for the app around it."""
    return pkg.platform != "android-sdk"


def open_doors(pkg: Package) -> tuple[str, ...]:
    """Why the manifest may not be the whole truth, as technical reasons; () when the set of permissions is closed."""
    doors = []
    if not is_app(pkg):
        doors.append("an SDK's own manifest: the app around it adds its permissions")
    if isinstance(pkg.shared_user_id, Unread) or isinstance(pkg.components, Unread):
        doors.append("manifest not fully read")
    elif pkg.shared_user_id:
        doors.append(f"sharedUserId={pkg.shared_user_id}: another package may lend its permissions")
    if is_read(pkg.components):
        hosts = sorted({prefix for one in pkg.components for prefix in PLUGIN_HOSTS if one.name.startswith(prefix)})
        doors += [f"plugin host components {prefix}*" for prefix in hosts]
    doors += [f"required split not given: {split}" for split in pkg.splits]
    return tuple(doors)
