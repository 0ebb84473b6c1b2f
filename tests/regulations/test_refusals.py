"""What was denied and asked for again, over the runs of one device."""

from typing import Any

from hegui.audit import Asked
from hegui.facts import Facts
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Trace
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped_duties
from hegui.regulations.refusals import Story, ended_on, refusals, stories, unprompted, unprompted_ever
from hegui.regulations.trace_parts import asked_groups
from tests.facts.queries.test_timeline import at, run

_DAY_MS = 86_400_000
_ASKED = Asked(shipped_duties()["cac-2026:12.1.4"], {name: knob.value for name, knob in shipped_knobs().items()})


def ask(t_ms: int, group: str = "location") -> dict[str, Any]:
    return at(t_ms, "perm_req", groups=[group])


def denied(t_ms: int) -> dict[str, Any]:
    return at(t_ms, "perm_res", perm="android.permission.ACCESS_FINE_LOCATION", result="denied")


def tap(t_ms: int) -> dict[str, Any]:
    return at(t_ms, "ui", action="click")


def facts(*events: dict[str, Any]) -> Facts:
    return Facts((), (), trace=Trace((run(*events, has_ui=True),)))


def again(given: Facts, *, ever: bool = False) -> list[int]:
    """When the location was asked for again unprompted."""
    (story,) = stories(given)
    ((group, refusal),) = refusals(story)
    of_group = [one for one in story.asked if group in asked_groups(one.event.what)]
    found = (unprompted_ever if ever else unprompted)(given, _ASKED, of_group, group, refusal)
    return [one.event.t_ms for one in found]


def test_a_request_right_after_the_denial_is_unprompted_whatever_led_to_the_first() -> None:
    assert again(facts(tap(1000), ask(1400), denied(3000), ask(4000))) == [4000]


def test_one_the_user_turned_to_is_not() -> None:
    assert again(facts(ask(1400), denied(3000), tap(9000), ask(9400))) == []


def test_a_request_that_the_system_denies_by_itself_shows_no_box() -> None:
    assert again(facts(ask(1400), denied(3000), ask(9000), denied(9100))) == []


def test_after_the_period_it_counts_no_longer() -> None:
    late = facts(ask(1400), denied(3000), ask(3 * _DAY_MS))
    assert again(late) == []
    assert again(late, ever=True) == [3 * _DAY_MS]


def test_dated_runs_of_one_device_are_one_story_and_others_stand_alone() -> None:
    first = run(denied(100), run_id="a", started_at="2026-03-05T09:00:00+08:00", device="x")
    second = run(ask(200), run_id="b", started_at="2026-03-05T09:10:00+08:00", device="x")
    other = run(ask(200), run_id="c", started_at="2026-03-05T09:10:00+08:00", device="y")
    undated = run(denied(1), run_id="d")

    def told(story: Story) -> tuple[int, int]:
        return len(story.asked), len(story.denied)

    found = stories(Facts((), (), trace=Trace((second, first, other, undated))))
    assert sorted(map(told, found)) == [(0, 1), (1, 0), (1, 1)]


def test_a_clock_that_was_moved_is_noted() -> None:
    (story,) = stories(facts(denied(1), at(5, "setting", key="clock", new="+49h")))
    assert len(story.clock_moved) == 1


def test_launches_are_those_of_the_app_itself_by_the_user() -> None:
    given = facts(
        at(0, "process_start", cause="launcher"),
        at(10, "process_start", cause="launcher", process="com.example.lantern:push"),
        at(20, "process_start", cause="boot"),
        at(30, "process_start"),
    )
    (story,) = stories(given)
    assert story.launches == (0, 30)


def _ended(*events: dict[str, Any], **meta: Any) -> int | None:
    line = timeline(run(denied(1000), *events, package="com.example.lantern", **meta))
    gone = ended_on(line, line.event(0))
    return gone.t_ms if gone else None


def test_an_end_is_put_down_to_a_denial_within_ten_seconds_and_with_nothing_done_between() -> None:
    assert _ended(at(11_000, "exit")) == 11_000
    assert _ended(at(11_001, "exit")) is None
    assert _ended(tap(5000), at(6000, "bg"), at(7000, "exit")) is None
    assert _ended(at(7000, "exit", cause="remove task")) is None
    assert _ended(at(7000, "exit", process="com.example.lantern:web")) is None
    assert _ended(at(7000, "exit"), clock="order") is None
