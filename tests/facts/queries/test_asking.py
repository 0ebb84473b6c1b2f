"""What led to a permission request: the act, the box before it, or nothing."""

from typing import Any

from hegui.facts.queries import asking
from hegui.facts.queries.timeline import Timeline
from tests.facts.queries.test_timeline import at, line

WINDOW_MS = 5000


def tap(t_ms: int, **more: Any) -> dict[str, Any]:
    return at(t_ms, "ui", action="click", **more)


def ask(t_ms: int, group: str = "location", **more: Any) -> dict[str, Any]:
    return at(t_ms, "perm_req", groups=[group], **more)


def answer(t_ms: int, result: str = "granted") -> dict[str, Any]:
    return at(t_ms, "perm_res", perm="android.permission.ACCESS_FINE_LOCATION", result=result)


def agreed(t_ms: int) -> dict[str, Any]:
    return at(t_ms, "consent", scope="rules", act="agree")


def led_to(one: Timeline) -> list[tuple[bool, int | None]]:
    requests = one.events(lambda what: what.type == "perm_req")
    return [(each.within(one, WINDOW_MS), each.gap_ms) for each in asking.led_to(one, requests, WINDOW_MS)]


def test_an_act_within_the_window_led_to_it() -> None:
    assert led_to(line(tap(1000), ask(6000))) == [(True, 5000)]
    assert led_to(line(tap(1000), ask(6001))) == [(False, 5001)]
    assert led_to(line(tap(1000), ask(6100), uncertainty_ms=100)) == [(True, 5100)]
    assert led_to(line(ask(6000))) == [(False, None)]


def test_to_agree_to_the_rules_asks_for_nothing() -> None:
    assert led_to(line(tap(1000), agreed(1010), ask(1600))) == [(False, None)]
    # The log may write the tap after what it did.
    assert led_to(line(agreed(1000), tap(1010), ask(1600))) == [(False, None)]
    # A tap on something else soon after is the user's.
    assert led_to(line(tap(900), agreed(1000), tap(1900), ask(2000))) == [(True, 100)]


def test_to_answer_a_box_asks_for_nothing() -> None:
    boxes = line(ask(1000), tap(3000), answer(3100), ask(3300))
    assert led_to(boxes) == [(False, None), (False, None)]


def test_a_box_right_after_another_was_led_to_by_the_same_act() -> None:
    chain = line(tap(1000), ask(1400), tap(11_000), answer(11_100), ask(11_300))
    assert led_to(chain) == [(True, 400), (True, 400)]
    later = line(tap(1000), ask(1400), tap(11_000), answer(11_100), ask(16_200))
    assert led_to(later)[1][0] is False


def test_without_an_answer_in_the_log_a_tap_is_a_tap() -> None:
    assert led_to(line(ask(1000), tap(3000), ask(3300))) == [(False, None), (True, 300)]


def test_the_act_of_another_app_led_to_nothing() -> None:
    keyboard = line(tap(1000, process="com.example.keyboard"), ask(1400), package="com.example.lantern")
    assert led_to(keyboard) == [(False, None)]


def test_leaving_the_app_ends_what_an_act_led_to() -> None:
    assert led_to(line(tap(1000), at(1200, "bg"), ask(1400))) == [(False, None)]


def test_a_handler_on_the_stack_tells_but_for_the_one_that_agrees() -> None:
    handled = ask(2000, stack=["com.example.lantern.Home.onClick"])
    assert led_to(line(handled)) == [(True, None)]
    assert led_to(line(tap(1990), agreed(1995), handled)) == [(False, None)]


def test_a_log_without_times_tells_by_its_stacks_alone() -> None:
    assert led_to(line(tap(1), ask(2), clock="order")) == [(False, None)]


def test_the_gap_counts_from_the_answer() -> None:
    one = line(ask(1000), answer(5000), ask(5400))
    first, second = one.events(lambda what: what.type == "perm_req")
    assert asking.since_box(one, first, second) == 400
