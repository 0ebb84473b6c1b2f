"""Screens: drawn in their order, found from the evidence that names them, and silent on what was typed."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence
from hegui.audit.finding import Evidence
from hegui.facts import Facts, Input
from hegui.facts.screens import Screen, SignKind, Ui
from hegui.facts.trace import Trace
from hegui.law.packs import shipped
from hegui.report import names
from hegui.report.cards import Card
from hegui.report.html import to_html
from hegui.report.screens import MOST_SCREENS, Screens, screens
from tests.report.browser import driven
from tests.report.example import HOSTILE, audited, package
from tests.report.example_screens import ACCOUNT, HOME, LOGIN, NOTICE, UI, first_run, node, shown
from tests.report.test_html import Reader

FACTS = Facts((Input("screens", "dumps", "ab" * 32, 9),), (), ui=UI)


def card(number: int, *evidence: Evidence) -> Card:
    return Card(number, "risk", "low", (), evidence, ())


def way() -> Evidence:
    taps = UI.way({HOME.id}, {ACCOUNT.id})
    assert taps
    return shows.way(FACTS, UI, taps, [(ACCOUNT, ACCOUNT.of("cancellation")[0])])


def cards() -> tuple[Card, ...]:
    run = first_run()
    early = next(one for one in run.ev if one.what.pi_type == "device_id.android_id")
    return (
        card(1, shows.sign(FACTS, LOGIN, LOGIN.of("consent_box")[0])),
        card(2, shows.whole(FACTS, NOTICE), trace_evidence.event(FACTS, run, early)),
        card(3, way()),
    )


@cache
def made() -> Screens:
    return screens(UI, cards())


@cache
def page() -> str:
    """The report of the example with its screens and one run; the findings are those of `cards`."""
    file, given, _ = audited(package())
    rows = [row for row in file.duties if row.findings][:3]
    assert len(rows) == 3
    found = {
        row.id: replace(row, findings=(replace(row.findings[0], verdict="risk", evidence=one.evidence),))
        for row, one in zip(rows, cards(), strict=True)
    }
    file = replace(file, duties=tuple(found.get(row.id, replace(row, findings=())) for row in file.duties))
    return to_html(file, replace(given, ui=UI, trace=Trace((first_run(),))), shipped())


def test_every_sign_has_a_name_in_both_languages() -> None:
    assert set(get_args(SignKind)) == set(names.SIGNS)


def test_dumps_stand_by_run_and_phase_in_their_order() -> None:
    told = [
        (run, [(phase.name, phase.explored, [one.title.zh for one in phase.shown]) for phase in phases])
        for run, phases in made().runs
    ]
    assert told == [
        (
            "r1",
            [
                ("first_launch", True, ["首次告知", "系统授权框"]),
                ("login", True, ["登录"]),
                ("home", False, ["我的记事"]),
                ("settings", False, ["我的", "设置", "账号与安全"]),
            ],
        )
    ]
    assert [(one.before, one.number, one.after) for one in made().shown][:2] == [(None, 1, 2), (1, 2, 3)]


def test_evidence_leads_to_its_drawing_and_the_drawing_back() -> None:
    box, notice = cards()[0].evidence[0], cards()[1].evidence[0]
    assert made().jump[box] == "scr-3"
    assert made().jump[notice] == "scr-1"
    by_number = {one.number: one for one in made().shown}
    assert by_number[3].findings == (1,)
    assert [one.look for one in by_number[3].drawing.outlines].count("found") == 1
    assert by_number[1].findings == (2,)
    assert not [one for one in by_number[1].drawing.outlines if one.look == "found"]


def test_the_taps_a_finding_counts_are_a_film_of_their_own() -> None:
    (one,) = made().ways
    assert (one.taps, one.findings) == (3, (3,))
    assert [(stop.shown.title.zh, stop.text) for stop in one.stops] == [
        ("我的记事", "我的"), ("我的", "设置"), ("设置", "账号与安全"), ("账号与安全", "注销账号"),
    ]  # fmt: skip
    assert all(stop.tap for stop in one.stops)
    assert made().jump[way()] == "way-1"


def test_evidence_of_no_screen_leads_nowhere() -> None:
    lost = Evidence("ui_dump", "dumps#999.xml@0.1", "", "")
    other = Evidence("runtime_trace", "dumps#003.xml@0.3", "", "")
    assert screens(UI, (card(1, lost, other),)).jump == {}


def test_a_night_of_crawling_is_cut_and_what_findings_name_is_kept() -> None:
    many = tuple(replace(HOME, id=f"{at}.xml", place=f"dumps#{at}.xml", t_ms=at) for at in range(3 * MOST_SCREENS))
    last = many[-1]
    cut = screens(Ui(many), (card(1, shows.whole(FACTS, last)),))
    assert len(list(cut.shown)) == MOST_SCREENS
    assert len(cut.left_out) == 2 * MOST_SCREENS
    assert last.id in [one.screen.id for one in cut.shown]


def test_what_was_typed_is_on_no_page() -> None:
    assert "19900001234" not in page()
    assert "notes.reader@" not in page()
    assert "199••••34" in page()


@pytest.mark.parametrize("field", ["text", "name", "cls", "activity", "shot", "run_id", "phase"])
def test_nothing_on_a_screen_becomes_markup(field: str) -> None:
    told = f"{HOSTILE}</script>\u202e"
    one = shown("h.xml", 5, node("0.0", "标题", 10, 90))
    of_screen = field in {"activity", "shot", "run_id", "phase"}
    bad = replace(one, **{field: told}) if of_screen else replace(one, nodes=(replace(one.nodes[1], **{field: told}),))  # type: ignore[arg-type]
    file, given, _ = audited(package())
    text = to_html(file, replace(given, ui=Ui((bad,))), shipped())
    assert "<script>alert" not in text
    assert "\u202e" not in text
    Reader(text)


def test_the_page_is_well_formed_and_every_link_leads_somewhere() -> None:
    read = Reader(page())
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {"screens", "scr-1", "scr-7", "way-1", "draw-1"} <= set(ids)
    assert all((attrs["href"] or "").removeprefix("#").split("at=")[-1] in ids for attrs in read.all("a"))


def test_no_section_without_screens() -> None:
    file, given, _ = audited(package())
    assert 'id="screens"' not in to_html(file, given, shipped())


def test_dumps_without_times_stand_on_no_timeline() -> None:
    file, given, _ = audited(package())
    numbered: tuple[Screen, ...] = tuple(replace(one, clock="order", t_ms=at) for at, one in enumerate(UI.screens, 1))
    text = to_html(file, replace(given, ui=replace(UI, screens=numbered), trace=Trace((first_run(),))), shipped())
    assert "界面导出" not in text.split('id="timeline"')[1].split("<script")[0]
    assert "第 7 个" in text


@pytest.mark.slow
def test_a_link_of_the_evidence_opens_the_drawing_large_and_leads_back(tmp_path: Path) -> None:
    told = driven(
        page(),
        tmp_path,
        """
        const wide = (id) => Math.round(document.getElementById(id).getBoundingClientRect().width);
        const small = wide("scr-3");
        const link = document.querySelector('.evidence a[href="#scr-3"]');
        link.click();
        await tick();
        const large = wide("scr-3"), about = getComputedStyle(document.querySelector("#scr-3 .screen-about")).display;
        document.querySelector('#scr-3 a[href^="#finding-"]').click();
        await tick();
        const here = document.querySelector(".card.here") !== null;
        return { small, large, about, hash: location.hash, here, shut: wide("scr-3") };
        """,
    )
    assert told["large"] > 3 * told["small"]
    assert told["about"] == "block"
    assert told["hash"].startswith("#at=finding-")
    assert told["here"]
    assert told["shut"] == told["small"]


@pytest.mark.slow
def test_a_drawing_leads_to_its_second_on_the_timeline_and_is_drawn_there(tmp_path: Path) -> None:
    told = driven(
        page(),
        tmp_path,
        """
        location.hash = "#scr-3";
        await tick();
        document.querySelector('#scr-3 a[href^="#ev-"]').click();
        await tick();
        const pick = document.querySelector(".live-pick");
        return { text: pick.textContent, drawn: pick.querySelectorAll("svg.screen-drawing").length,
                 back: pick.querySelector("a[href='#scr-3']") !== null };
        """,
    )
    assert "0:21.000" in told["text"]
    assert told["drawn"] == 1
    assert told["back"]


@pytest.mark.slow
def test_actor_kind_and_phase_can_each_be_picked_out(tmp_path: Path) -> None:
    told = driven(
        page(),
        tmp_path,
        """
        const selects = () => [...document.querySelectorAll("#timeline-filters select")];
        const shown = () => [parseInt(document.querySelector("#timeline-filters output").textContent),
                             [...document.querySelectorAll(".live-labels div:not(.head)")].map((one) => one.textContent)];
        const pick = (at, value) => { const one = selects()[at]; one.value = value; one.dispatchEvent(new Event("change")); };
        const all = shown();
        pick(0, "com.example.push");
        const actor = shown();
        pick(1, "device_id.android_id");
        const kind = shown();
        pick(2, [...selects()[2].options].find((one) => one.textContent === "同意之前").value);
        const phase = shown();
        document.querySelector("#timeline-filters button").click();
        return { all, actor, kind, phase, cleared: shown() };
        """,
    )
    assert "精确位置" in told["all"][1]
    assert "精确位置" not in told["actor"][1]
    assert "已安装应用列表" in told["actor"][1]
    assert "已安装应用列表" not in told["kind"][1]
    assert told["all"][0] > told["actor"][0] > told["kind"][0] > told["phase"][0] > 0
    assert told["cleared"] == told["all"]
