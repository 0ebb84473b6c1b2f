"""The timeline: each event in its lane and on its side of consent, findings lead to it, and nothing recorded becomes markup."""

import base64
import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hegui.audit.finding import Evidence
from hegui.facts import Input, Stage, Unread
from hegui.facts.json import adapter
from hegui.facts.trace import Run, Trace, run_of
from hegui.facts.traffic import Capture, Flow, Hit, Net
from hegui.law.packs import shipped
from hegui.report.cards import Card
from hegui.report.html import timeline_to_html, to_html
from hegui.report.timeline import Picture, anchor, clock, payload, pictures
from hegui.report.timeline_lanes import MOST_READ_LANES
from tests.report.example import HOSTILE, audited, package
from tests.report.test_html import Reader

NO_NET = Unread("NO_CAPTURE")
STACK = ["android.telephony.TelephonyManager.getDeviceId", "cn.jpush.android.service.PushService.run"]
EVENTS: list[dict[str, Any]] = [
    {"t_ms": 0, "type": "process_start", "cause": "user"},
    {"t_ms": 100, "type": "fg"},
    {"t_ms": 200, "type": "screen", "page": "隐私政策弹窗"},
    {"t_ms": 500, "type": "api", "api_id": "telephony.imei", "pi_type": "device_id.imei", "stack": STACK, "result": "ok"},
    {"t_ms": 600, "type": "api", "api_id": "telephony.imei", "pi_type": "device_id.imei", "stack": STACK, "result": "denied"},
    {"t_ms": 700, "type": "api", "pi_type": "model", "origin": "app"},
    {"t_ms": 11_900, "type": "api", "pi_type": "clipboard", "origin": "app"},
    {"t_ms": 12_000, "type": "consent", "scope": "rules", "act": "agree"},
    {"t_ms": 12_500, "type": "api", "pi_type": "clipboard", "origin": "app"},
    {"t_ms": 20_000, "type": "bg"},
    {"t_ms": 21_000, "type": "api", "pi_type": "clipboard", "origin": "app", "count": 3},
    {"t_ms": 22_000, "type": "net", "host": "s.jpush.cn"},
    {"t_ms": 30_000, "type": "exit"},
]  # fmt: skip


def run(events: list[dict[str, Any]] | None = None, **meta: object) -> Run:
    told = {"run_id": "r1", "source": "a.jsonl", "has_ui": True, "uncertainty_ms": 200} | meta
    made: Run = adapter(Run).validate_python(run_of(told, EVENTS if events is None else events))
    return made


def drawn(*runs: Run, net: Net | Unread = NO_NET) -> tuple[Picture, ...]:
    return pictures(Trace(runs), net).runs


def sides(one: Picture) -> dict[int, str]:
    return dict(zip(one.t_ms, one.side, strict=True))


@cache
def page() -> str:
    return timeline_to_html(Trace((run(),)), (Input("trace", "a.jsonl", "00", 1),), (Stage("trace:a.jsonl", "done"),))


def test_each_event_stands_on_its_side_of_consent_and_inside_the_clock_error_on_none() -> None:
    (one,) = drawn(run())
    told = sides(one)
    assert {told[at] for at in (0, 500, 700)} == {"before"}
    assert told[11_900] == told[12_000] == "unsure"
    assert {told[at] for at in (12_500, 21_000, 30_000)} == {"after"}
    assert [(band.side, band.start_ms, band.end_ms) for band in one.bands] == [
        ("before", 0, 11_800),
        ("unsure", 11_800, 12_200),
        ("after", 12_200, 30_000),
    ]


def in_order(more: dict[str, Any]) -> list[dict[str, Any]]:
    """The events with one more, as a log has them; a row out of its place would tell of a clock that was set back."""
    return sorted([*EVENTS, more], key=lambda one: int(one["t_ms"]))


def test_with_a_clock_that_was_set_back_nothing_lies_before_or_after() -> None:
    (one,) = drawn(run([*EVENTS, {"t_ms": 13_000, "type": "api", "pi_type": "contacts", "origin": "app"}]))
    assert set(one.side) == {"unsure"}
    assert [band.side for band in one.bands] == ["unsure"]
    assert any("时钟被往回拨过" in note.zh for note in one.notes)


@pytest.mark.parametrize(
    ("t_ms", "side"), [(11_799, "before"), (11_800, "unsure"), (12_200, "unsure"), (12_201, "after")]
)
def test_a_millisecond_outside_the_clock_error_decides(t_ms: int, side: str) -> None:
    (one,) = drawn(run(in_order({"t_ms": t_ms, "type": "api", "pi_type": "contacts", "origin": "app"})))
    assert sides(one)[t_ms] == side


def test_an_event_with_an_error_of_its_own_is_unsure_for_longer() -> None:
    late = {"t_ms": 13_000, "type": "api", "pi_type": "contacts", "origin": "app", "uncertainty_ms": 900}
    (one,) = drawn(run(in_order(late)))
    assert sides(one)[13_000] == "unsure"


@pytest.mark.parametrize(
    ("events", "meta", "side", "zh"),
    [
        ([{"t_ms": 5, "type": "api", "pi_type": "contacts"}], {"scenario": "S1"}, "before", "本次运行没有同意"),
        ([{"t_ms": 5, "type": "api", "pi_type": "contacts"}], {"has_ui": False}, "unknown", "没有写用户是否同意"),
        (
            [
                {"t_ms": 5, "type": "consent", "scope": "rules", "act": "refuse"},
                {"t_ms": 900, "type": "api", "pi_type": "contacts"},
            ],
            {"scenario": "S2"},
            "refused",
            "用户拒绝",
        ),
    ],
    ids=["nobody agrees", "the log cannot tell", "refused"],
)
def test_a_run_without_consent_says_which_way(
    events: list[dict[str, Any]], meta: dict[str, object], side: str, zh: str
) -> None:
    (one,) = drawn(run(events, **meta))
    assert one.side[-1] == side
    assert zh in one.headline.zh


def test_rows_that_the_source_marks_are_put_where_it_says_when_no_moment_is_known() -> None:
    marked = {"t_ms": 5, "type": "api", "pi_type": "contacts", "phase": "before_consent"}
    (one,) = drawn(run([marked, {"t_ms": 6, "type": "api", "pi_type": "contacts"}], has_ui=False))
    assert one.side == ("before", "unknown")


def test_the_headline_counts_acts_on_personal_information_and_tells_attempts_apart() -> None:
    (one,) = drawn(run())
    assert one.headline.zh == (
        "0:12.000 用户同意（日志写明，±200 ms）。日志记录到的涉及个人信息的行为：同意之前 1 次（IMEI 1），未获准的尝试 1 次；"
        "误差之内、前后不定 1 次（剪贴板 1）；同意之后 4 次。"
    )


def test_lanes_stand_in_order_and_hold_each_event_once() -> None:
    (one,) = drawn(run())
    assert [(lane.section, lane.actor, lane.type) for lane in one.lanes] == [
        ("consent", "", "consent"),
        ("screen", "", "screen"),
        ("state", "", "state"),
        ("read", "app", "clipboard"),
        ("read", "app", "weak"),
        ("read", "unknown", "device_id.imei"),
        ("net", "", "net"),
    ]
    assert len(one.row) == len(EVENTS)


def test_too_many_actors_fold_into_one_lane_and_none_is_lost() -> None:
    events = [{"t_ms": at, "type": "api", "pi_type": "contacts", "origin": f"sdk{at}"} for at in range(200)]
    (one,) = drawn(run(events))
    assert len([lane for lane in one.lanes if lane.section == "read"]) == MOST_READ_LANES + 1
    folded = sum(one.lanes[one.rows[at].lane].actor == "rest" for at in one.row)
    assert folded == 200 - MOST_READ_LANES


def test_a_log_without_times_counts_events_and_says_so() -> None:
    (one,) = drawn(run([{"t_ms": at, "type": "api", "pi_type": "contacts"} for at in (1, 2)], clock="order"))
    assert one.clock(2).zh == "第 2 条"
    assert "横轴是第几条" in one.notes[0].zh


def test_an_empty_run_says_so() -> None:
    (one,) = drawn(run([]))
    assert one.headline.zh == "这次运行里没有任何事件。"
    assert "没有任何事件" in timeline_to_html(Trace((run([]),)), (), ())


def test_runs_made_to_compare_share_lanes_and_length() -> None:
    on = run(run_id="on", scenario="S8")
    off = run([{"t_ms": 9, "type": "api", "pi_type": "contacts"}], run_id="off", scenario="S8")
    alone = run(run_id="alone")
    all_ = pictures(Trace((on, alone, off)), NO_NET)
    first, second, third = all_.runs
    assert first.pair == third.pair == 1
    assert second.pair is None
    assert first.lanes == third.lanes
    assert (first.start_ms, first.end_ms) == (third.start_ms, third.end_ms) == (0, 30_000)
    assert [[one.run.meta.run_id for one in group] for group in all_.groups] == [["on", "off"], ["alone"]]
    assert third.lanes[third.rows[third.row[0]].lane].type == "contacts"


def test_traffic_of_a_capture_stands_in_the_run_it_names_when_both_clocks_can_be_compared() -> None:
    hit = Hit("device_id.imei", masked="86********21")
    net = Net(
        (Flow(500, "x.example.com", hits=(hit,), place="c.har#entry 1"), Flow(1, "y.example.com", place="d.har#entry 1")),
        captures=(
            Capture("c.har", "har", "2026-03-05T01:00:02+00:00", "r1", uncertainty_ms=5000),
            Capture("d.har", "har", "2026-03-05T01:00:02+00:00"),
        ),
    )  # fmt: skip
    made = pictures(Trace((run(started_at="2026-03-05T09:00:00+08:00"),)), net)
    (one,) = made.runs
    assert len(one.t_ms) == len(EVENTS) + 1
    assert sides(one)[2500] == "before"
    assert "流量中发出 1 次" in one.headline.zh
    assert made.captures_left == ("d.har",)
    (naive,) = drawn(run(started_at="2026-03-05T09:00:00"), net=net)
    assert len(naive.t_ms) == len(EVENTS)


def card(*evidence: Evidence, number: int = 1) -> Card:
    return Card(number, "violation", "high", (), evidence, ())


def trace_evidence(where: str, excerpt: str = "") -> Evidence:
    return Evidence("runtime_trace", where, excerpt, "")


@pytest.mark.parametrize(
    ("evidence", "at"),
    [
        (trace_evidence("a.jsonl@line 4", "t=0.500 s api"), 3),
        (trace_evidence("run r1 event 4"), 3),
        (trace_evidence("run r1 event 400"), None),
        (trace_evidence("a.jsonl@line 400"), None),
        (trace_evidence("b.jsonl@line 4"), None),
        (trace_evidence("a.jsonl", "run r1"), None),
        (replace(trace_evidence("a.jsonl@line 4"), kind="package_static"), None),
    ],
)
def test_evidence_leads_to_its_event(evidence: Evidence, at: int | None) -> None:
    made = pictures(Trace((run(),)), NO_NET, (card(evidence),))
    assert made.jump == ({} if at is None else {evidence: anchor(1, at)})
    assert made.runs[0].found == ({} if at is None else {at: (1,)})


def test_of_several_events_of_one_line_the_one_of_that_second_is_meant() -> None:
    two = [{"t_ms": at, "line": 7, "type": "net", "host": "x"} for at in (1000, 2000)]
    made = pictures(Trace((run(two),)), NO_NET, (card(trace_evidence("a.jsonl@line 7", "t=2.000 s net x")),))
    assert made.runs[0].found == {1: (1,)}


def test_a_finding_is_not_about_the_agreement_it_is_measured_by() -> None:
    both = card(trace_evidence("a.jsonl@line 4"), trace_evidence("a.jsonl@line 8"))
    made = pictures(Trace((run(),)), NO_NET, (both, card(trace_evidence("a.jsonl@line 8"), number=2)))
    assert made.runs[0].found == {3: (1,), 7: (2,)}
    assert len(made.jump) == 2


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="timeline-data">(.*?)</script>', text, re.DOTALL)
    assert found
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def unpacked(text: str) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            numbers.append(-(value + 1) // 2 if value & 1 else value // 2)
            value = shift = 0
    return numbers


def test_the_columns_of_the_page_are_those_of_the_run() -> None:
    given = run([{"t_ms": at, "type": "fg"} for at in (-5_000_000_000, -1, 0, 127, 128, 5_000_000_000)])
    (told,) = data_of(timeline_to_html(Trace((given,)), (), ()))["runs"]
    times, at = [], 0
    for step in unpacked(told["t"]):
        at += step
        times.append(at)
    assert tuple(times) == given.t_ms
    assert sum(told["side"][1::2]) == len(given)


def test_page_is_well_formed_bilingual_and_loads_nothing() -> None:
    read = Reader(page())
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {"timeline", "run-1", "timeline-data", "ev-1-1"} <= set(ids)
    assert not [
        attrs
        for tag, attrs in read.tags
        if "src" in attrs or (tag == "a" and not (attrs["href"] or "").startswith("#"))
    ]
    assert page().count('span lang="zh">') > 20
    assert page().count('span lang="zh">') == page().count('span lang="en">')


def test_same_input_same_bytes() -> None:
    assert timeline_to_html(Trace((run(),)), (), ()) == timeline_to_html(Trace((run(),)), (), ())


@pytest.mark.parametrize("field", ["page", "host", "behaviour", "node_text", "target"])
def test_nothing_recorded_becomes_markup_or_hides(field: str) -> None:
    kind = {"page": "screen", "host": "net", "behaviour": "api", "node_text": "ui", "target": "start_app"}[field]
    text = timeline_to_html(
        Trace((run([{"t_ms": 1, "type": kind, field: f"{HOSTILE}</script>\u202ex"}], run_id=HOSTILE, source=HOSTILE),)),
        (),
        (),
    )
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert "[U+202E]" in text
    assert len(re.findall("</script>", text)) == 2
    Reader(text)


def test_strings_beyond_unicode_can_be_written() -> None:
    text = payload(pictures(Trace((run([{"t_ms": 1, "type": "net", "host": "\ud800"}]),)), NO_NET), lambda one: one)
    assert "\ud800" in text
    timeline_to_html(Trace((run([{"t_ms": 1, "type": "net", "host": "\ud800"}]),)), (), ()).encode()


def test_the_report_has_the_section_only_when_a_trace_was_read() -> None:
    file, given, _ = audited(package())
    assert 'id="timeline"' not in to_html(file, given, shipped())
    text = to_html(file, replace(given, trace=Trace((run(),))), shipped())
    assert text.count('id="timeline"') == 1
    read = Reader(text)
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert all((attrs["href"] or "").removeprefix("#").split("at=")[-1] in ids for attrs in read.all("a"))


@pytest.mark.parametrize(
    ("t_ms", "text"), [(0, "0:00.000"), (12_000, "0:12.000"), (3_723_004, "1:02:03.004"), (-1, "-0:00.001")]
)
def test_clock(t_ms: int, text: str) -> None:
    assert clock(t_ms) == text


def after_script(tmp_path: Path, hash_: str = "") -> str:
    """The page as a browser leaves it after running its script."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no chromium here")
    (tmp_path / "t.html").write_text(page(), "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=3000")
    ran = subprocess.run(
        [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "t.html").as_uri() + hash_],
        capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    return ran.stdout


@pytest.mark.slow
def test_the_script_draws_a_live_picture_in_the_place_of_the_still_one(tmp_path: Path) -> None:
    read = Reader(after_script(tmp_path))
    assert read.all("div", class_="live-picture")
    assert read.all("div", class_="frame scroll picture-still live")
    # Head, lanes, foot: no node per event.
    assert len(read.all("canvas")) == 3
    assert len(read.all("select")) == 3


@pytest.mark.slow
def test_a_link_to_an_event_picks_it_and_shows_its_details(tmp_path: Path) -> None:
    text = after_script(tmp_path, "#ev-1-4")
    details = text[text.index('class="live-pick"') :]
    assert "0:00.500" in details
    assert "a.jsonl 第 4 行" in details
    assert "cn.jpush.android.service.PushService.run" in details
    assert "同意之前" in details
