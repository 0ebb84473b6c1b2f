"""The page of a usage record."""

import json
import re

from hegui.facts.json import adapter
from hegui.facts.trace import Run, Trace
from hegui.report.html import usage_to_html
from hegui.report.terminal import MOST_DAYS, Usage, payload, usage


def run(package: str, *events: dict[str, object], started_at: str = "2026-03-05T00:00:00+08:00") -> Run:
    head = {"run_id": package, "package": package, "started_at": started_at, "clock": "wall", "covers": ["record"]}
    made: Run = adapter(Run).validate_python({"meta": head, "ev": list(events)})
    return made


def use(t_ms: int, group: str = "camera", **more: object) -> dict[str, object]:
    return {"t_ms": t_ms, "type": "api", "perm_group": group, "actor": "灯笼", "result": "ok", **more}


def start(t_ms: int, **more: object) -> dict[str, object]:
    target = {"target": "com.example.kite", "actor": "灯笼", "page": "纸鸢"}
    return {"t_ms": t_ms, "type": "start_app", "result": "ok", **target, **more}


def page() -> Usage:
    lantern = run(
        "com.example.lantern",
        use(3_600_000),
        use(7_200_000, phase="background", count=3),
        use(7_200_000, "sms", uncertainty_ms=86_400_000),
        start(90_000_000),
        {"t_ms": 1, "type": "process_start", "cause": "boot"},
    )
    return usage(Trace((lantern, run("com.example.mute"))))


def test_apps_kinds_and_days_are_counted() -> None:
    made = page()
    assert [(app.package, app.name, app.total, app.unseen) for app in made.apps] == [
        ("com.example.lantern", "灯笼", 6, 4),
        ("com.example.kite", "纸鸢", 1, 1),
    ]
    assert made.kinds == ("camera", "sms", "self_start", "linked_start")
    assert [(day.date, day.front, day.unseen) for day in made.days] == [("2026-03-05", 2, 4), ("2026-03-06", 0, 1)]
    assert (made.total, made.unseen) == (7, 5)


def test_times_are_those_of_the_place_and_no_more_exact_than_known() -> None:
    made = page()
    assert [made.when(one) for one in made.entries] == [
        "2026-03-05 00:00:00",
        "2026-03-05 01:00:00",
        "2026-03-05 02:00:00",
        "2026-03-05",
        "2026-03-06 01:00:00",
    ]
    undated = usage(Trace((run("com.example.lantern", use(61_000), started_at=""),)))
    assert (undated.when(undated.entries[0]), undated.days) == ("0:01:01", ())


def test_days_without_an_entry_are_there_and_long_records_show_the_last() -> None:
    day = 86_400_000
    made = usage(Trace((run("com.example.lantern", use(0), use(3 * day)),)))
    assert [one.total for one in made.days] == [1, 0, 0, 1]
    assert len(usage(Trace((run("com.example.lantern", use(0), use(400 * day)),))).days) == MOST_DAYS


def test_the_script_gets_every_entry() -> None:
    data = json.loads(payload(page(), str))
    assert len(data["t"]) == len(data["a"]) == len(data["k"]) == len(data["f"]) == 5
    assert data["apps"][data["a"][-1]] == ["com.example.kite", "纸鸢"]
    assert data["apps"][data["s"][-1]] == ["com.example.lantern", "灯笼"]


def test_a_name_can_neither_end_the_data_nor_hide() -> None:
    bad = "</script><script>alert(1)</script>\u202e"
    text = usage_to_html(Trace((run("com.example.lantern", use(0, actor=bad)),)), (), ())
    assert "<script>alert" not in text
    assert "[U+202E]" in text


def test_the_page_stands_alone_and_is_the_same_each_time() -> None:
    made = usage(Trace((run("com.example.lantern", use(0)),)))
    assert made.entries
    trace = Trace((run("com.example.lantern", use(0), use(5, phase="background")),))
    text = usage_to_html(trace, (), ())
    assert text == usage_to_html(trace, (), ())
    assert not re.search(r"(?:src|href)=\"https?:", text)
    assert "不是合规结论" in text
    assert "记录中没有任何条目" in usage_to_html(Trace((run("com.example.mute"),)), (), ())
