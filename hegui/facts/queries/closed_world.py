"""May "not in the manifest" be read as "cannot be reached"? (RULES §1, closed-world case (a))"""

from hegui.facts.package import Package
from hegui.facts.unread import Unread, is_read


def is_app(pkg: Package) -> bool:
    """An app as it installs, whose manifest is the merged one; an SDK's own manifest proves nothing for the app around it."""
    return pkg.platform != "android-sdk"


def open_doors(pkg: Package) -> tuple[str, ...]:
    """Why the manifest may not be the whole truth, as technical reasons; () when the set of permissions is closed."""
    doors = []
    if not is_app(pkg):
        doors.append("an SDK's own manifest: the app around it adds its permissions")
    if any(isinstance(part, Unread) for part in (pkg.shared_user_id, pkg.components, pkg.plugin_hosts)):
        doors.append("manifest not fully read")
    elif pkg.shared_user_id:
        doors.append(f"sharedUserId={pkg.shared_user_id}: another package may lend its permissions")
    # The guest acts with the host's permissions, and the host with the guest's shared data.
    doors += [f"components of the plugin host {one}" for one in pkg.plugin_hosts] if is_read(pkg.plugin_hosts) else []
    doors += [f"required split not given: {split}" for split in pkg.splits]
    return tuple(doors)
