"""Who added a permission or a component to the merged manifest, where its name shows it. Data: added_by.toml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hegui import tables
from hegui.words import Words


@dataclass(frozen=True, slots=True)
class AddedBy:
    """A library or SDK that adds things by manifest merge (清单合并), and why we say so."""

    id: str
    why: Words


@dataclass(frozen=True, slots=True)
class _Table:
    permissions: dict[str, AddedBy]
    suffixes: tuple[tuple[str, AddedBy], ...]
    prefixes: tuple[tuple[str, AddedBy], ...]
    components: tuple[tuple[str, AddedBy], ...]


def permission_added_by(name: str) -> AddedBy | None:
    """Who brings that permission; None when it does not show, or several could."""
    table = _table()
    if name in table.permissions:
        return table.permissions[name]
    for suffix, by in table.suffixes:
        if name.endswith(suffix) and len(name) > len(suffix):
            return by
    for prefix, by in table.prefixes:
        if name.startswith(prefix) and len(name) > len(prefix):
            return by
    return None


def component_added_by(class_name: str, package: str = "") -> AddedBy | None:
    """Who brings that component class: the longest prefix wins. A class of the app's own package is the app's."""
    if package and (class_name == package or class_name.startswith(package + ".")):
        return None
    for prefix, by in _table().components:
        if class_name == prefix or (prefix.endswith((".", "$")) and class_name.startswith(prefix)):
            return by
    return None


@cache
def _table() -> _Table:
    rows = tables.read(Path(__file__).with_suffix(".toml"))["added_by"]
    parties = [(AddedBy(row["id"], Words(**row["why"])), row) for row in rows]
    patterns = [(pattern, by) for by, row in parties for pattern in row.get("permissions", ())]
    prefixes = [(prefix, by) for by, row in parties for prefix in row.get("components", ())]
    return _Table(
        {name: by for name, by in patterns if "*" not in name},
        tuple((pattern[1:], by) for pattern, by in patterns if pattern.startswith("*")),
        tuple((pattern[:-1], by) for pattern, by in patterns if pattern.endswith("*")),
        tuple(sorted(prefixes, key=lambda pair: -len(pair[0]))),
    )
