"""Folders of screens through the confined child: index, ways, what was explored."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hegui.facts import is_read
from hegui.facts.screens import Ui
from hegui.readers.limits import Limits
from hegui.readers.part import Part
from hegui.readers.screens import read_screens
from tests.readers.screen.dumps import APP, NOTICE, SETTINGS, button, node, screen

HOME = screen(button("我的", 20, resource_id=f"{APP}:id/mine"))
FILES = {"1.xml": NOTICE, "2.xml": HOME, "3.xml": SETTINGS, "1.png": b"\x89PNG not looked at"}
ROWS: list[dict[str, Any]] = [
    {"screen": "1.xml", "run_id": "r1", "t_ms": 900, "phase": "first_launch", "activity": ".Splash"},
    {"screen": "2.xml", "run_id": "r1", "t_ms": 2000, "phase": "home"},
    {"screen": "3.xml", "run_id": "r1", "t_ms": 3000, "phase": "settings"},
    {"tap": {"from": "1.xml", "node": f"{APP}:id/agree", "to": "2.xml"}},
    {"tap": {"from": "2.xml", "node": "我的", "to": "3.xml"}},
]


def folder(place: Path, rows: list[dict[str, Any]] | str = ROWS, **more: bytes) -> Path:
    place.mkdir(exist_ok=True)
    for name, data in (FILES | more).items():
        (place / name).write_bytes(data)
    text = rows if isinstance(rows, str) else "\n".join(json.dumps(row) for row in rows)
    (place / "index.jsonl").write_text(text, "utf-8")
    return place


def ui(part: Part[Ui]) -> Ui:
    assert is_read(part.value), part.stages
    return part.value


def test_a_folder_becomes_screens_ways_and_signs(tmp_path: Path) -> None:
    part = read_screens([folder(tmp_path / "s")])
    made = ui(part)
    first = made.screens[0]
    assert (part.stages[0].state, part.stages[0].detail) == ("done", "3 screens, 2 taps")
    assert (first.id, first.run_id, first.t_ms, first.phase, first.activity, first.owner, first.clock) == (
        "1.xml", "r1", 900, "first_launch", ".Splash", APP, "elapsed",
    )  # fmt: skip
    assert (first.shot, first.shot_sha256) == ("1.png", hashlib.sha256(FILES["1.png"]).hexdigest())
    assert first.place == "s#1.xml"
    assert [screen.id for screen, _ in made.showing("cancellation")] == ["3.xml"]
    assert len(made.way(["1.xml"], ["3.xml"]) or ()) == 2
    assert made.way(["3.xml"], ["1.xml"]) is None


def test_a_phase_is_explored_when_all_was_clicked_or_somebody_says_so(tmp_path: Path) -> None:
    assert ui(read_screens([folder(tmp_path / "a")])).explored == {
        "first_launch": False,
        "home": True,
        "settings": False,
    }
    ticked = [*ROWS, {"explored": "settings", "complete": True, "by": "Lin Xiaoyu"}]
    assert ui(read_screens([folder(tmp_path / "b", ticked)])).explored["settings"]


def test_without_an_index_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    (tmp_path / "2.xml").write_bytes(HOME)
    (tmp_path / "1.xml").write_bytes(NOTICE)
    made = ui(read_screens([tmp_path]))
    assert [(one.id, one.t_ms, one.clock) for one in made.screens] == [("1.xml", 1, "order"), ("2.xml", 2, "order")]
    assert made.explored == {}


def test_the_time_of_day_makes_no_other_page(tmp_path: Path) -> None:
    for name, words in (("1.xml", "09:53:32"), ("2.xml", "9:54"), ("3.xml", "第 2 页")):
        (tmp_path / name).write_bytes(screen(node("首页", 1), node(words, 2)))
    first, second, third = ui(read_screens([tmp_path])).screens
    assert first.page == second.page != third.page


def test_dumps_of_one_page_are_one_place(tmp_path: Path) -> None:
    rows = [*ROWS[:3], {"tap": {"from": "4.xml", "node": "我的", "to": "3.xml"}}]
    made = ui(read_screens([folder(tmp_path / "s", rows, **{"4.xml": HOME})]))
    assert len(made.way(["2.xml"], ["3.xml"]) or ()) == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("{", "line 6"),
        ('{"screen": "9.xml"}', "no dump 9.xml"),
        ('{"screen": "1.xml", "t_ms": "soon"}', "t_ms"),
        ('{"screen": "1.xml", "colour": 1}', "colour"),
        ('{"tap": {"from": "1.xml", "node": "nowhere", "to": "2.xml"}}', "nowhere"),
        ('{"tap": {"from": "1.xml", "node": "x"}}', "to is missing"),
        ('{"explored": "home", "complete": true, "by": " "}', "nobody"),
        ("7", "not an object"),
    ],
)
def test_a_row_that_cannot_be_taken_is_counted_and_told(tmp_path: Path, row: str, says: str) -> None:
    text = "\n".join([*(json.dumps(one) for one in ROWS), row])
    part = read_screens([folder(tmp_path / "s", text)])
    assert (part.stages[0].state, part.stages[0].reason) == ("partial", "ROWS_UNREAD")
    assert says in part.stages[0].detail
    assert len(ui(part).screens) == 3


def test_a_broken_dump_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    part = read_screens([folder(tmp_path / "s", ROWS[:3], **{"4.xml": b"<hierarchy/>", "5.xml": NOTICE[:-200]})])
    assert len(ui(part).screens) == 4
    assert "4.xml: not a single node" in part.stages[0].detail
    assert "5.xml: cut off" in part.stages[0].detail


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    place = folder(tmp_path / "s")
    with zipfile.ZipFile(tmp_path / "s.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for one in place.iterdir():
            archive.write(one, one.name)
    packed, plain = ui(read_screens([tmp_path / "s.zip"])), ui(read_screens([place]))
    assert [(one.id, one.signs) for one in packed.screens] == [(one.id, one.signs) for one in plain.screens]


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.xml", bytes(30 << 20))
    part = read_screens([tmp_path / "b.zip"], Limits(claim_mb=10))
    assert (part.stages[0].state, part.stages[0].reason) == ("failed", "LIMIT_REACHED")


@pytest.mark.parametrize("data", [b"", b"PK\3\4 broken", b"neither", b"<hierarchy/>"])
def test_what_is_no_screen_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.xml").write_bytes(data)
    (tmp_path / "empty").mkdir()
    part = read_screens([tmp_path / "x.xml", tmp_path / "empty", tmp_path / "absent"])
    assert not is_read(part.value)
    assert [stage.state for stage in part.stages] == ["failed"] * 3
    assert all(stage.detail and "Traceback" not in stage.detail for stage in part.stages)


def test_two_folders_are_told_apart(tmp_path: Path) -> None:
    other = folder(tmp_path / "b", ROWS[:3])
    part = read_screens([folder(tmp_path / "a"), other, other])
    assert [one.id for one in ui(part).screens][::3] == ["1:a/1.xml", "2:b/1.xml"]
    assert part.stages[2].reason == "GIVEN_TWICE"
