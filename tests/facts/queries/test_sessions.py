"""Uses that last, and how long after the app was left."""

from hegui.facts.queries.sessions import left_open, sessions, uses, watches_ends
from tests.facts.queries.test_timeline import at, line

_KINDS = ("camera", "mic", "location")


def camera(t_ms: int, op: str, **more: object) -> dict[str, object]:
    return at(t_ms, "sensor", kind="camera", op=op, **more)


def ends(*events: dict[str, object]) -> list[tuple[int, int | None]]:
    return [(one.opened.t_ms, one.closed.t_ms if one.closed else None) for one in sessions(line(*events), _KINDS)]


def test_an_end_closes_all_that_its_party_had_open() -> None:
    assert ends(camera(1, "open"), camera(2, "open"), camera(9, "close")) == [(1, 9), (2, 9)]


def test_the_same_party_is_closed_before_another() -> None:
    mine, theirs = {"origin": "app"}, {"origin": "cn.jpush"}
    assert ends(camera(1, "open", **theirs), camera(2, "open", **mine), camera(9, "close", **mine)) == [
        (1, None),
        (2, 9),
    ]
    assert ends(camera(1, "open", **theirs), camera(9, "close", **mine)) == [(1, 9)]


def test_another_kind_is_not_closed_and_a_refused_opening_opens_nothing() -> None:
    mic = at(5, "sensor", kind="mic", op="close")
    assert ends(camera(1, "open"), mic) == [(1, None)]
    assert ends(camera(1, "open", result="denied"), camera(2, "close")) == []


def test_how_long_after_the_app_was_left() -> None:
    made = line(camera(0, "open"), at(1000, "bg"), camera(5000, "close"))
    (one,) = sessions(made, _KINDS)
    over = left_open(made, one, 3000)
    assert over is not None
    assert over[1] == 4000
    assert left_open(made, one, 4000) is None
    within = line(camera(0, "open"), at(1000, "bg"), camera(5000, "close"), uncertainty_ms=1000)
    assert left_open(within, sessions(within, _KINDS)[0], 3000) is None


def test_back_in_front_before_grace_is_in_time_and_a_later_leaving_counts() -> None:
    made = line(camera(0, "open"), at(1000, "bg"), at(2000, "fg"), at(9000, "bg"), camera(20_000, "close"))
    over = left_open(made, sessions(made, _KINDS)[0], 3000)
    assert over is not None
    assert (over[0].start_ms, over[1]) == (9000, 11_000)


def test_uses_leave_out_ends_and_the_system() -> None:
    made = line(camera(1, "open", origin="system"), camera(2, "capture"), camera(3, "close"), at(4, "loc", op="stop"))
    assert [one.t_ms for one in uses(made, _KINDS)] == [2]
    assert watches_ends(made, "camera")
    assert watches_ends(made, "location")
    assert not watches_ends(made, "mic")
