"""Two tables behind one question, `permission(name)`. Data: android.json (generated), dangerous.toml (by hand)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hegui import tables
from hegui.words import Words

_HERE = Path(__file__).parent

# The ten groups, in the order of article 30 (第三十条) of the 2026 draft; article 32 (第三十二条) names them again.
GROUPS: dict[str, Words] = {
    "calendar": Words("日历", "calendar"),
    "call_log": Words("通话记录", "call log"),
    "camera": Words("相机", "camera"),
    "contacts": Words("通讯录", "contacts"),
    "location": Words("位置", "location"),
    "microphone": Words("麦克风", "microphone"),
    "phone": Words("电话", "phone"),
    "sms": Words("短信", "SMS"),
    "storage": Words("存储", "storage"),
    "body": Words("身体活动", "body activity"),
}

# Permissions are asked for at run time since this level.
RUNTIME_LEVEL = 23


@dataclass(frozen=True, slots=True)
class Lighter:
    """A way to the same end that needs less (更轻的方式), and the API level it works from; 1 when always."""

    words: Words
    since: int = 1


@dataclass(frozen=True, slots=True)
class PlatformPermission:
    """A permission known by name (权限).

    `protection` are the levels and flags the newest platform gives it, () when the platform does not define it;
    `history` has every change as (API level, levels). Levels are those the table was made from, so that `first_seen` 25
    means 25 or shortly before; `since` and `until` are exact where written by hand. `dangerous`: asked for at run time
    on some platform since 23 that still knows it. `group`: one of GROUPS, or None.
    """

    name: str
    protection: tuple[str, ...] = ()
    history: tuple[tuple[int, tuple[str, ...]], ...] = ()
    dangerous: bool = False
    platform_group: str = ""
    first_seen: int | None = None
    last_seen: int | None = None
    group: str | None = None
    label: Words | None = None
    pi_types: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    replaced_by: tuple[str, ...] = ()
    lighter: Lighter | None = None

    def protection_at(self, level: int) -> tuple[str, ...]:
        """The protection levels on a platform of that API level; () before the permission was first seen."""
        found: tuple[str, ...] = ()
        for changed_at, protection in self.history:
            if changed_at <= level:
                found = protection
        return found


@cache
def permission(name: str) -> PlatformPermission | None:
    """What is known of a permission; None for one of an app's own or of a vendor nobody has written down."""
    android, ours = _android().get(name), _by_hand().get(name)
    if android is None and ours is None:
        return None
    android, ours = android or {}, ours or {}
    history = tuple((int(level), tuple(text.split("|"))) for level, text in android.get("protection", {}).items())
    newest = history[-1][1] if history else tuple(ours.get("protection", ()))
    # The newest, and what came and went since permissions are asked for at run time; older levels are history.
    current = [newest, *(levels for changed_at, levels in history[:-1] if changed_at >= RUNTIME_LEVEL)]
    still_there = android.get("last", RUNTIME_LEVEL) >= RUNTIME_LEVEL
    lighter = ours.get("lighter")
    return PlatformPermission(
        name=name,
        protection=newest,
        history=history,
        dangerous=still_there and any("dangerous" in levels for levels in current),
        platform_group=android.get("group", ""),
        first_seen=android.get("first"),
        last_seen=android.get("last"),
        group=ours.get("group") or None,
        label=Words(**ours["label"]) if "label" in ours else None,
        pi_types=tuple(ours.get("pi_types", ())),
        since=ours.get("since"),
        until=ours.get("until"),
        replaced_by=tuple(ours.get("replaced_by", ())),
        lighter=Lighter(Words(lighter["zh"], lighter["en"]), lighter.get("since", 1)) if lighter else None,
    )


def privacy_permissions() -> tuple[str, ...]:
    """The names written down by hand: all of the ten groups, and the others that touch personal information."""
    return tuple(_by_hand())


@cache
def _android() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = json.loads((_HERE / "android.json").read_text("utf-8"))["permissions"]
    return table


@cache
def _by_hand() -> dict[str, dict[str, Any]]:
    rows = tables.read(_HERE / "dangerous.toml")["permission"]
    return {row["name"]: row for row in rows}
