"""Questions of one run: who acted, what stood in front, how far apart."""

from typing import Any

from hegui.facts.json import adapter
from hegui.facts.queries.timeline import Timeline, by_handler, clusters, most_within, timeline
from hegui.facts.trace import Run, Stack


def run(*events: dict[str, Any], **meta: Any) -> Run:
    made: Run = adapter(Run).validate_python({"meta": {"run_id": "r"} | meta, "ev": list(events)})
    return made


def line(*events: dict[str, Any], **meta: Any) -> Timeline:
    return timeline(run(*events, **meta))


def at(t_ms: int, type: str = "api", **more: Any) -> dict[str, Any]:
    return {"t_ms": t_ms, "type": type, **more}


def test_a_timeline_is_made_once_per_run() -> None:
    one = run(at(1))
    assert timeline(one) is timeline(one)
    assert timeline(one) is not timeline(run(at(2)))


def test_an_act_before_ends_where_the_app_was_left() -> None:
    left = line(at(10, "ui", action="click"), at(20, "bg"), at(30, "fg"), at(40))
    assert left.act_before(15) is not None
    assert left.act_before(20) is None
    assert left.act_before(40) is None
    assert line(at(40)).act_before(40) is None


def test_a_notification_that_shows_is_no_act() -> None:
    shown = line(at(10, "ui", action="notification"), at(20, "bg"))
    assert shown.acts == []
    assert not shown.shows_acts
    assert shown.notified(shown.background[0])
    assert not line(at(10, "ui", action="notification"), at(2000, "bg")).notified(line(at(2000, "bg")).background[0])


def test_behind_is_unknown_without_states_and_near_a_change() -> None:
    def behind(*events: dict[str, Any], **meta: Any) -> bool | None:
        made = line(*events, **meta)
        return made.behind(next(one for one in made.events(lambda what: what.type == "api")))

    assert behind(at(10)) is None
    assert behind(at(10, phase="background")) is True
    assert behind(at(5, "bg"), at(10)) is True
    assert behind(at(5, "bg"), at(8, "fg"), at(10)) is False
    assert behind(at(5, "bg"), at(10), uncertainty_ms=5) is None
    assert behind(at(5, "bg"), at(11), uncertainty_ms=5) is True


def test_another_apps_screen_does_not_end_a_page() -> None:
    picker = at(20, "screen", activity="com.android.photopicker/.Main")
    pages = line(
        at(10, "screen", page="Edit"), picker, at(30, "screen", page="Done"), package="com.example.lantern"
    ).pages
    assert [(one.start_ms, one.end_ms) for one in pages] == [(10, 30), (30, None)]


def test_a_process_of_another_name_is_another_apps() -> None:
    made = line(
        at(1, process="com.example.keyboard:voice"),
        at(2, process="com.example.lantern:push"),
        package="com.example.lantern",
    )
    assert [made.foreign(one.what) for one in made.events(lambda what: True)] == [True, False]


def test_clusters_windows_and_handlers() -> None:
    assert clusters([0, 400, 1000, 1001, 3000], 1000) == [0, 1001, 3000]
    assert most_within([0, 10, 59_999, 60_000], 60_000) == 3
    assert most_within([], 60_000) == 0
    assert by_handler(Stack(("a.B.c", "android.view.View.performClick")))
    assert not by_handler(Stack(("a.B.onClicked",)))
    assert not by_handler(None)


def test_no_event_is_too_many() -> None:
    assert line().end_ms == 0
    assert line(at(5), ended_ms=60_000).end_ms == 60_000


def test_a_clock_set_back_shows_in_the_order_of_the_rows() -> None:
    assert line(at(8000), at(9000), at(4000), at(4500)).set_back
    assert not line(at(1000), at(2000), at(3000)).set_back
    # Half a second is jitter of several threads; a log written newest first, or by kind, goes back more often.
    assert not line(at(8000), at(9000), at(8500)).set_back
    assert not line(at(9000), at(6000), at(3000)).set_back
    assert not line(at(9000), at(3000)).set_back
    assert not line(at(9), at(3), clock="order").set_back
    # What stands beside the log has no place in it.
    assert not line(at(9000), at(4000) | {"line": 0}).set_back


def test_the_page_that_follows() -> None:
    pages = line(at(10, "screen", page="A"), at(20, "screen", page="B"))
    after = pages.page_after(15)
    assert after is not None
    assert after.start_ms == 20
    assert pages.page_after(20) is None


def test_what_ended_the_app_is_told_from_its_further_processes() -> None:
    ends = line(
        at(10, "exit", process="com.example.lantern:push"),
        at(20, "exit", process="com.example.other"),
        at(30, "exit", process="com.example.lantern"),
        at(40, "exit"),
        package="com.example.lantern",
    ).exits
    assert [one.t_ms for one in ends] == [30, 40]


def test_an_act_between_counts_though_the_app_was_left() -> None:
    one = line(at(10, "ui", action="click"), at(20, "bg"), at(30, "ui", action="notification"))
    assert one.acted_between(9, 10)
    assert not one.acted_between(10, 30)


def test_the_same_events_are_made_once_and_handed_out_apart() -> None:
    one = line(at(10), at(20))
    first = one.events(lambda what: what.type == "api")
    first.clear()
    assert len(one.events(lambda what: what.type == "api")) == 2
    assert one.kept("x", lambda: [1]) is one.kept("x", lambda: [2])
