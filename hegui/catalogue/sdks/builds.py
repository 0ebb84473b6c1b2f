"""Builds of SDKs whose class shapes are known (类形状指纹): how a copy is recognised after all its names were changed.

shapes.json is made by tools/make_shapes.py from SDK binaries; what a shape is stands in hegui/readers/sdk/shapes.py. Only
shapes that no other SDK, and no package without SDKs, had there are kept.
"""

import json
from dataclasses import dataclass
from functools import cache

from hegui.catalogue.sdks.source import HERE


@dataclass(frozen=True)
class Build:
    """One build of an SDK. `file` and `sha256` say which binary it was read from; `shapes` and `members`, the digest of all
    its classes and members by name, are hexadecimal. `version` is "" where nothing tells it."""

    sdk: str
    version: str
    file: str
    sha256: str
    members: str
    shapes: frozenset[str]


@cache
def builds() -> tuple[Build, ...]:
    path = HERE / "shapes.json"
    return tuple(
        Build(row["sdk"], row["version"], row["file"], row["sha256"], row["members"], frozenset(row["shapes"]))
        for row in json.loads(path.read_text("utf-8"))["builds"]
    )
