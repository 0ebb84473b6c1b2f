"""Runs held against one another: counted by party and kind, with what the numbers can and cannot show."""

from dataclasses import replace

import pytest

from hegui.facts.trace import Run, Trace
from hegui.report.html import timeline_to_html
from hegui.report.pairs import MOST_PAIRS, Comparison, comparisons
from tests.report.example_screens import paired_runs, run


def of(*runs: Run) -> Comparison:
    (one,) = comparisons(Trace(runs))
    return one


def test_five_pairs_all_one_way_are_one_in_thirty_two() -> None:
    one = of(*paired_runs(5))
    row = one.rows[0]
    assert (row.actor.zh, row.kind.zh) == ("SDK com.example.push", "OAID 等广告标识")
    assert (row.first, row.second) == ((6, 7, 8, 9, 10), (1, 2, 1, 2, 1))
    assert row.share == pytest.approx(1 / 32)
    assert row.says.zh == "开着时更多，不像偶然"
    assert (one.pairs, one.smallest) == (5, "1/32")


def test_fewer_than_five_pairs_are_never_told_from_chance() -> None:
    row = of(*paired_runs(4)).rows[0]
    assert row.share == pytest.approx(1 / 16)
    assert "分不出是不是偶然" in row.says.zh


def test_alike_is_not_said_to_mean_that_the_switch_does_nothing() -> None:
    row = of(*paired_runs(5)).rows[1]
    assert row.share == 1.0
    assert row.says.zh == "每一对都一样多；不等于开关不起作用"


def test_one_side_alone_compares_with_nothing() -> None:
    one = of(*(run for run in paired_runs(3) if run.meta.covers == ("个性化推荐=off",)))
    assert one.pairs == 0
    assert {row.share for row in one.rows} == {None}


def test_more_with_it_off_is_said() -> None:
    turned = [replace(one, meta=replace(one.meta, covers=("个性化推荐=on" if "off" in one.meta.run_id else "个性化推荐=off",)))
              for one in paired_runs(5)]  # fmt: skip
    row = of(*turned).rows[0]
    assert row.says.zh == "关着时反而更多"
    assert row.share == 1.0


def test_spare_runs_are_counted_and_pairs_are_bounded() -> None:
    on, off = paired_runs(MOST_PAIRS + 3)[::2], paired_runs(MOST_PAIRS + 3)[1::2]
    one = of(*on, *off[:-1])
    assert one.pairs == MOST_PAIRS
    assert any("没有配成对" in note.zh for note in one.notes)


def test_each_scene_switched_off_is_held_against_itself() -> None:
    reads = [{"t_ms": 9, "type": "api", "pi_type": "contacts", "origin": "app", "result": "ok"}]
    made = comparisons(Trace((run("a", "S12", reads, ("分享=off",)), run("b", "S12", reads, ("扫码=off",)))))
    assert [one.title.zh for one in made] == ["场景“分享”：开与关", "场景“扫码”：开与关"]


def test_the_new_version_is_held_against_the_old() -> None:
    read = {"t_ms": 9, "type": "api", "pi_type": "contacts", "origin": "app", "result": "ok"}
    old = Trace(tuple(run(f"o{at}", "S5", []) for at in range(4)))
    new = Trace(tuple(run(f"n{at}", "S7", [read]) for at in range(4)))
    (one,) = comparisons(new, old)
    (row,) = one.rows
    assert row.share == pytest.approx(1 / 70)
    assert row.says.zh == "旧版各次运行都没有，新版有，不像偶然"
    assert any("运行场景不同" in note.zh for note in one.notes)


def test_denied_reads_and_those_of_the_system_are_nobody_s() -> None:
    events = [
        {"t_ms": 9, "type": "api", "pi_type": "contacts", "origin": "app", "result": "denied"},
        {"t_ms": 9, "type": "api", "pi_type": "contacts", "origin": "system", "result": "ok"},
        {"t_ms": 9, "type": "api", "pi_type": "model", "origin": "app", "result": "ok"},
    ]
    assert of(run("a", "S8", events, ("推荐=on",)), run("b", "S8", [], ("推荐=off",))).rows == ()


def test_runs_of_other_scenarios_are_not_compared() -> None:
    assert comparisons(Trace((run("a", "S3", []),))) == ()


def test_the_page_says_what_the_numbers_cannot_show() -> None:
    text = timeline_to_html(Trace(paired_runs(3)), (), ())
    assert "只有 3 对" in text
    assert "不能说明的：差别的原因" in text
    assert "对照：" not in timeline_to_html(Trace((run("a", "S3", []),)), (), ())
