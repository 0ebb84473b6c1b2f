"""Every scenario end to end: the files of a violating and of a conforming run, and the verdicts RULES.md demands of them."""

from pathlib import Path

import pytest

from tests.scenarios.folders import HERE, differences, expected, judged, read

FOLDERS = sorted(one.parent for one in HERE.glob("*/*/expected.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(HERE).as_posix())
def test_scenario(folder: Path, tmp_path: Path) -> None:
    wanted = expected(folder)
    found = differences(judged(read(folder, tmp_path)), wanted)
    assert not found, "\n".join([f"{folder.relative_to(HERE)}: {wanted['about']}", *found])


def test_every_scenario_has_both_sides() -> None:
    sides = {(folder.parent.name[:3], folder.name) for folder in FOLDERS}
    assert {(f"S{number:02d}", side) for number in range(1, 14) for side in ("bad", "good")} <= sides


def test_nothing_conforming_is_accused() -> None:
    for folder in FOLDERS:
        if folder.name == "good":
            wanted = expected(folder)
            asked = {one["verdict"] for one in wanted["duties"].values()} | set(wanted.get("beside", {}).values())
            assert not asked & {"violation", "risk"}, folder
