"""Near misses: a conforming run with one edit, on either side of the line that RULES.md draws (near_misses.toml)."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.edits import edit
from tests.scenarios.folders import HERE, differs, judged, read

MISSES = tomllib.loads((HERE / "near_misses.toml").read_text("utf-8"))["miss"]


@pytest.mark.parametrize("miss", MISSES, ids=lambda miss: miss["name"])
def test_near_miss(miss: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "edited"
    shutil.copytree(HERE / miss["of"], folder)
    edit(folder, miss)
    audit = judged(read(folder, tmp_path / "read"))
    wrong = [
        said
        for one in audit.judgements
        if one.duty.id in miss["duties"]
        for said in differs(one, miss["verdict"], miss.get("missing", ()), miss.get("says", ()))
    ]
    assert not wrong, "\n".join([f"{miss['of']}: {miss['name']}", *wrong])
