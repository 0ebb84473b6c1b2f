"""Which components let an app start without the user (自启动)."""

from dataclasses import dataclass

from hegui.facts.package import Component, Package
from hegui.facts.unread import Unread, is_read

# Broadcasts and bindings that start a stopped process, and whether Android 8+ still delivers them to a receiver in the
# manifest of an app that targets 26 or above. Source: developer.android.com, "Implicit broadcast exceptions" and
# "Broadcasts overview", read 2026-11. MY_PACKAGE_REPLACED is left out: it follows the user's own update.
TRIGGERS: dict[str, bool] = {
    "android.intent.action.BOOT_COMPLETED": True,
    "android.intent.action.LOCKED_BOOT_COMPLETED": True,
    "android.intent.action.QUICKBOOT_POWERON": True,
    "com.htc.intent.action.QUICKBOOT_POWERON": True,
    "android.intent.action.REBOOT": True,
    "android.content.SyncAdapter": True,
    "android.accounts.AccountAuthenticator": True,
    "android.intent.action.TIMEZONE_CHANGED": True,
    "android.intent.action.TIME_SET": True,
    "android.intent.action.LOCALE_CHANGED": True,
    "android.intent.action.USER_PRESENT": False,
    "android.intent.action.USER_UNLOCKED": False,
    "android.net.conn.CONNECTIVITY_CHANGE": False,
    "android.net.wifi.WIFI_STATE_CHANGED": False,
    "android.net.wifi.STATE_CHANGE": False,
    "android.intent.action.ACTION_POWER_CONNECTED": False,
    "android.intent.action.ACTION_POWER_DISCONNECTED": False,
    "android.intent.action.BATTERY_CHANGED": False,
    "android.intent.action.PACKAGE_ADDED": False,
    "android.intent.action.PACKAGE_REMOVED": False,
    "android.intent.action.PACKAGE_REPLACED": False,
    "android.intent.action.MEDIA_MOUNTED": False,
    "android.hardware.action.NEW_PICTURE": False,
}

_BOOT = {action for action in TRIGGERS if "BOOT" in action}
_BOOT_PERMISSION = "android.permission.RECEIVE_BOOT_COMPLETED"


@dataclass(frozen=True)
class SelfStart:
    """A component that a system event can start, and the events that still reach it on some device it installs on."""

    component: Component
    actions: tuple[str, ...]


def self_starts(pkg: Package) -> tuple[SelfStart, ...]:
    """Enabled components with a trigger that takes effect. Call only where `pkg.components` was read.

    A boot broadcast needs RECEIVE_BOOT_COMPLETED; a broadcast that Android 8 stopped delivering still counts when the
    app targets less than 26 or installs on older devices.
    """
    if isinstance(pkg.components, Unread):
        raise TypeError("components were not read; name pkg.components in the check's needs")
    may_boot = not is_read(pkg.permissions) or any(one.name == _BOOT_PERMISSION for one in pkg.permissions)
    old = not is_read(pkg.target_sdk) or not is_read(pkg.min_sdk) or pkg.target_sdk < 26 or pkg.min_sdk < 26
    found = []
    for component in pkg.components:
        if not component.enabled or component.kind not in ("receiver", "service"):
            continue
        actions = tuple(
            action
            for action in component.actions
            if action in TRIGGERS and (TRIGGERS[action] or old) and (action not in _BOOT or may_boot)
        )
        if actions:
            found.append(SelfStart(component, actions))
    return tuple(found)
