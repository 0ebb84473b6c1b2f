"""Frames that run other packages or bytecode from elsewhere inside an app (插件化、热修复). Data: plugin_hosts.toml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hegui import tables


@dataclass(frozen=True, slots=True)
class PluginHost:
    """A frame, with the fields of plugin_hosts.toml."""

    id: str
    name: str
    prefixes: tuple[str, ...]
    runs_packages: bool
    source: str
    checked: str


@cache
def plugin_hosts() -> tuple[PluginHost, ...]:
    rows = tables.read(Path(__file__).with_suffix(".toml"))["plugin_host"]
    return tuple(PluginHost(**row | {"prefixes": tuple(row["prefixes"])}) for row in rows)


def plugin_host(class_name: str) -> PluginHost | None:
    """The frame that a class (a.b.C) is of: the one with the longest prefix."""
    if not class_name.startswith(_all_prefixes()):
        return None
    found = [(prefix, one) for one in plugin_hosts() for prefix in one.prefixes if class_name.startswith(prefix)]
    return max(found, key=lambda pair: len(pair[0]))[1]


@cache
def _all_prefixes() -> tuple[str, ...]:
    return tuple(prefix for one in plugin_hosts() for prefix in one.prefixes)
