"""Whether a system has a picker, and whose a path of a device's storage is. Data: files.toml."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

Picks = Literal["photos", "documents"]
# "sometimes": by a module that the maker of the device may leave out.
Has = Literal["yes", "sometimes", "no"]
Owner = Literal["own", "by_system", "shared", ""]

# A file or folder whose name begins with a dot is not shown to the user.
_HIDDEN = re.compile(r"/\.[^/.][^/]*")


def has_picker(picks: Picks, platform: str, level: int) -> Has:
    """Whether a system of this platform ("android", "ios", "harmony") and level lets the user pick without a permission."""
    row = _table()["picker"][picks]
    if level >= row["from"][platform]:
        return "yes"
    return "sometimes" if level >= row.get("sometimes", {}).get(platform, level + 1) else "no"


def owner_of(path: str) -> Owner:
    """Whose a path is: the app's own, the system's, shared by all apps; "" for what is not known."""
    paths = _table()["paths"]
    owners: tuple[Owner, ...] = ("own", "by_system", "shared")
    for owner in owners:
        if any(part in path for part in paths[owner]):
            return owner
    return ""


def hidden_in_shared(path: str) -> bool:
    """Whether a file stands hidden in storage that all apps share, as marks by which apps know a device again do."""
    return owner_of(path) == "shared" and bool(_HIDDEN.search(path))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "files.toml").read_text("utf-8"))
