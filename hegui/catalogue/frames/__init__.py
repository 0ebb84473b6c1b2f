"""Frames that are not the actor: the platform, pure libraries, web engines, cross-platform run times, hardening shells.

Attribution passes them over (framework, library) or says that the true actor is hidden behind them (webview, wrapper,
shell). One TOML file per kind; the longest prefix wins. An SDK may be named here too: uni-app is a wrapper and an SDK.
"""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from hegui.tables import read

FrameKind = Literal["framework", "library", "webview", "wrapper", "shell"]
KINDS: tuple[FrameKind, ...] = ("framework", "library", "webview", "wrapper", "shell")

_HERE = Path(__file__).parent
_of_package: dict[str, FrameKind | None] = {}


def frame_kind(class_name: str) -> FrameKind | None:
    """The kind of a class (`a.b.C`, `a/b/C` or `La/b/C;`); None for a class of the app or of an SDK."""
    if class_name.endswith(";"):
        class_name = class_name.lstrip("[")[1:-1]
    package = class_name.replace("/", ".").rpartition(".")[0]
    try:
        return _of_package[package]
    except KeyError:
        _of_package[package] = kind = _search(package)
        return kind


@cache
def frames() -> dict[str, FrameKind | None]:
    """Package names without the final dot → kind; None for what begins like a frame and is not one."""
    found: dict[str, FrameKind | None] = {}
    for table in tables():
        found |= {prefix[:-1]: table["kind"] for prefix in table["prefixes"]}
        found |= {prefix[:-1]: None for prefix in table.get("except", ())}
    return found


def tables() -> tuple[dict[str, Any], ...]:
    """The tables of all kinds."""
    return tuple(read(_HERE / f"{kind}.toml") for kind in KINDS)


def _search(package: str) -> FrameKind | None:
    known = frames()
    while package:
        if package in known:
            return known[package]
        package = package.rpartition(".")[0]
    return None
