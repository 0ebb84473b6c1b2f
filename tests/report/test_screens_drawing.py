"""The drawing of a screen: what stands where, what state it is in, and what is not shown."""

from dataclasses import replace

import pytest

from hegui.facts.screens import Node, Screen
from hegui.report.screens_drawing import MOST_NODES, WIDTH, drawing, masked, place_of, readable
from tests.report.example_screens import LOGIN, NOTICE, SETTINGS, field, node, shown, switch, without_bounds


def looks(screen: Screen) -> list[str]:
    return [one.look for one in drawing(screen).boxes]


def test_everything_lies_within_the_drawing() -> None:
    for screen in (NOTICE, LOGIN, SETTINGS):
        made = drawing(screen)
        for box in (*made.boxes, *made.outlines):
            assert 0 <= box.x <= box.x + box.width <= WIDTH + 1
            assert 0 <= box.y <= box.y + box.height <= made.height + 4


def test_switches_and_boxes_show_their_state() -> None:
    assert [one for one in looks(SETTINGS) if "s-switch" in one] == ["s-switch s-on", "s-switch"]
    assert "s-tick s-on" in looks(LOGIN)
    assert "s-dot" in looks(LOGIN)


def test_a_control_that_is_off_is_pale() -> None:
    off = replace(switch("0.1", 0, True), style={"enabled": "false"})
    assert looks(shown("x.xml", 0, off))[0] == "s-switch s-on s-off"


def test_signs_are_named_at_their_nodes() -> None:
    told = {one.text: one.look for one in drawing(NOTICE).tags if one.language == "zh"}
    assert told["拒绝"] == "refuse"
    assert told["同意"] == "agree"
    assert any("首次告知" in text for text in told)
    assert {one.language for one in drawing(NOTICE).tags} == {"zh", "en"}


def test_tags_do_not_cover_one_another() -> None:
    tags = [one for one in drawing(LOGIN, {"0.3": (1, 2)}).tags if one.language == "zh"]
    for at, one in enumerate(tags):
        for other in tags[at + 1 :]:
            assert abs(one.y - other.y) >= 15 or one.x + one.width <= other.x or other.x + other.width <= one.x


def test_what_was_typed_is_not_drawn_and_a_hint_is() -> None:
    assert readable(field("0", "张三丰", 0, "姓名")) == "••••••"
    assert readable(field("0", "", 0, "姓名")) == "姓名"
    assert readable(field("0", "姓名", 0, "姓名")) == "姓名"
    assert readable(field("0", "", 0, "密码", secret=True)) == "••••••"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("尾号 1234", "尾号 1234"),
        ("2026 年 11 月 2 日", "2026 年 11 月 2 日"),
        ("199 0000 1234", "199••••34"),
        ("notes.reader@example.com", "n•••@example.com"),
        ("版本 2.4.1", "版本 2.4.1"),
    ],
)
def test_long_numbers_and_addresses_are_masked(text: str, seen: str) -> None:
    assert masked(text) == seen


def test_a_dump_without_bounds_stands_in_rows_and_says_so() -> None:
    made = drawing(without_bounds(SETTINGS))
    assert made.rows
    assert {one.text for one in made.lines} >= {"隐私政策", "个性化推荐"}
    assert not drawing(SETTINGS).rows


def test_a_text_that_a_node_inside_says_again_is_drawn_once() -> None:
    outer = replace(node("0.1", "设置", 100, 200), clickable=True)
    inner = node("0.1.0", "设置", 120, 180)
    assert [one.text for one in drawing(shown("x.xml", 0, outer, inner)).lines].count("设置") == 1


def test_a_long_text_is_cut_to_its_box() -> None:
    made = drawing(shown("x.xml", 0, node("0.1", "长" * 5000, 100, 300)))
    assert len(made.lines) < 12
    assert made.lines[-1].text.endswith("…")


def test_nodes_beyond_the_most_are_counted() -> None:
    many = tuple(node(f"0.{at}", "行", at, at + 40) for at in range(MOST_NODES + 30))
    assert drawing(shown("x.xml", 0, *many)).left_out == 31


@pytest.mark.parametrize("bounds", [(0, 0, 0, 0), (-900, -5, -1, -2), (5, 5, 5, 900_000), (10**6, 0, 10**6 + 1, 1)])
def test_odd_bounds_do_no_harm(bounds: tuple[int, int, int, int]) -> None:
    made = drawing(Screen("x", "", 0, "", "", "", (Node("0", "字", "", bounds), Node("1", "词", "", (0, 0, 100, 100)))))
    assert 60 <= made.height <= 900


def test_the_node_acted_on_is_found_and_another_is_not() -> None:
    assert place_of(SETTINGS, "0.6")
    assert place_of(SETTINGS, "9.9") is None
