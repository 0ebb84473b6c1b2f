"""The linter of the frame lists."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from hegui.catalogue.frames import KINDS, tables

_PREFIX = re.compile(r"(?:[A-Za-z_][\w$]*\.)+")


def check(lists: Iterable[dict[str, Any]] | None = None, *, today: date) -> tuple[str, ...]:
    """Faults, one line each; () when there is none. Without `lists`, those of the shipped files."""
    faults = []
    owners: dict[str, str] = {}
    for table in tables() if lists is None else lists:
        kind = table["kind"]
        if kind not in KINDS:
            faults.append(f"frames: unknown kind {kind!r} / 未知种类")
        if not table.get("source"):
            faults.append(f"frames/{kind}: no source / 缺出处")
        try:
            if date.fromisoformat(table["checked"]) > today:
                faults.append(f"frames/{kind}: checked = {table['checked']} has not come yet / 日期在未来")
        except (KeyError, TypeError, ValueError):
            faults.append(f"frames/{kind}: checked is not a date / 缺日期")
        for prefix in (*table["prefixes"], *table.get("except", ())):
            if not _PREFIX.fullmatch(prefix):
                faults.append(f"frames/{kind}: {prefix!r} must be package names, each with a dot / 前缀写法不合")
            other = owners.setdefault(prefix, kind)
            if other != kind or table["prefixes"].count(prefix) > 1:
                faults.append(f"frames/{kind}: {prefix!r} stands twice / 重复")
    return tuple(faults)
