"""Which openings of camera and microphone took nothing, what the system delivers, and where biometrics are compared."""

import pytest

from hegui.facts import Facts
from hegui.facts.json import adapter
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.trace import Run, TraceMeta, What
from hegui.regulations import sensor_parts as parts


def line_of(*events: dict[str, object], **meta: object) -> Timeline:
    return timeline(adapter(Run).validate_python({"meta": {"run_id": "r", **meta}, "ev": list(events)}))


def use(t_ms: int, op: str, kind: str = "camera", **more: object) -> dict[str, object]:
    return {"t_ms": t_ms, "type": "sensor", "kind": kind, "op": op, **more}


@pytest.mark.parametrize(
    ("events", "hooks", "idle"),
    [
        # A collector that shows no taking at all may not watch for it.
        ([use(1, "open"), use(9, "close")], [], set()),
        ([use(1, "open"), use(9, "close")], ["camera."], {1}),
        ([use(1, "open"), use(5, "capture"), use(9, "close")], ["camera."], set()),
        ([use(1, "open"), use(9, "close"), use(20, "open"), use(21, "capture")], [], {1}),
        ([use(1, "open", args=["FLASH_MODE_TORCH"]), use(9, "close")], [], {1}),
        # What the microphone takes is no picture.
        ([use(1, "open"), use(2, "open", "mic"), use(3, "start", "mic")], ["camera.", "microphone."], {1}),
        ([use(1, "start", "mic")], ["microphone."], set()),
    ],
)
def test_an_opening_that_took_nothing_is_known_where_taking_would_show(
    events: list[dict[str, object]], hooks: list[str], idle: set[int]
) -> None:
    assert parts.took_nothing(line_of(*events, hooks=hooks)) == idle


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (What("loc", op="fix"), True),
        (What("loc", op="fix", mode="single"), False),
        (What("loc", op="last"), False),
        (What("loc", op="fix", api_id="location.current"), False),
    ],
)
def test_a_position_the_system_delivers_is_no_call_of_the_app(what: What, told: bool) -> None:
    assert parts.delivered(what) is told


def test_a_collector_that_says_what_it_watched_has_watched_nothing_else() -> None:
    assert parts.watched(TraceMeta("r"), ("camera", "mic"))
    assert parts.watched(TraceMeta("r", hooks=("fused.",)), ("location",))
    assert not parts.watched(TraceMeta("r", hooks=("camera.",)), ("camera", "mic"))


def test_a_step_that_compares_is_known_by_the_act_before() -> None:
    line = line_of({"t_ms": 5, "type": "ui", "action": "click", "node_text": "刷脸登录"})
    assert parts.at_biometric_step(Facts((), ()), line, 9)
    assert not parts.at_biometric_step(Facts((), ()), line, 4)


def test_a_small_window_shows_that_a_scene_goes_on() -> None:
    line = line_of({"t_ms": 5, "type": "bg"}, {"t_ms": 6, "type": "ui", "action": "pip"})
    assert line.notified(line.background[0])
    assert line.acts == []
