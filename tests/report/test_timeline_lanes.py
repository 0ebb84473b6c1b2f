"""Lanes: how an event is named, marked and told."""

import pytest

from hegui.facts import Unread
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Run, Stack, TraceMeta, What
from hegui.facts.traffic import Flow, Hit
from hegui.report.runs import actor_name
from hegui.report.timeline_lanes import KEYS, Sorted, event_name, sorted_flow, sorted_row


def put(what: What, *stacks: Stack, package: str = "") -> Sorted:
    return sorted_row(
        timeline(Run(TraceMeta("r", package=package), (what,), stacks, (0,), (1,), (0,))), 0, detailed=True
    )


@pytest.mark.parametrize(
    ("what", "mark"),
    [
        (What("api", pi_type="contacts"), "strong"),
        (What("api", pi_type="contacts", result="denied"), "denied"),
        (What("api", pi_type="model"), "weak"),
        (What("file", pi_type="photo", via="picker"), "weak"),
        (What("sensor", pi_type="photo", op="close"), "end"),
        (What("loc", pi_type="location.precise", op="stop"), "end"),
        (What("api"), "plain"),
        (What("bg"), "back"),
        (What("exit"), "end"),
        (What("net", host="x", pi=("device_id.imei",)), "strong"),
        (What("net", host="x", pi=("ip",)), "plain"),
    ],
)
def test_marks(what: What, mark: str) -> None:
    assert put(what).row.mark == mark


@pytest.mark.parametrize(
    ("what", "zh", "en"),
    [
        (What("ui", action="click", node_text="同意"), "点击“同意”", "clicks “同意”"),
        (What("ui", action="fling", node_id="list"), "fling list", "fling list"),
        (What("perm_req", groups=("location", "camera")), "请求权限 位置、相机", "asks for Location, Camera"),
        (What("perm_res", perm="android.permission.CAMERA", result="denied"), "权限被拒 CAMERA", "denied: CAMERA"),
        (What("screen", activity="com.example/.a.Main"), "Main", "Main"),
        (What("consent", act="agree", scope="biometric"), "同意 biometric", "agrees biometric"),
        (What("process_start", cause="broadcast"), "进程启动 broadcast", "process starts broadcast"),
        (What("api", behaviour="读取x"), "读取x", "读取x"),
    ],
)
def test_names(what: What, zh: str, en: str) -> None:
    told = event_name(what)
    assert (told.zh, told.en) == (zh, en)


def test_an_act_of_another_app_belongs_to_nobody_here() -> None:
    other = put(
        What("api", pi_type="contacts", process="com.example.keyboard:ui", origin="app"), package="com.example.a"
    )
    assert other.actor == "process:com.example.keyboard"
    assert actor_name(other.actor).zh == "其他应用 com.example.keyboard"


def test_details_hold_the_top_of_the_stack_and_why() -> None:
    stack = Stack(tuple(f"a.B.c{at}" for at in range(12)), "app", "第一个非框架帧", manner="own")
    about = dict(put(What("api", pi_type="contacts", stack=0, args=("x" * 900,)), stack).row.about)
    assert set(about) <= set(KEYS)
    assert about["why"] == "第一个非框架帧"
    assert about["stack"].endswith("a.B.c7\n… +4")
    assert about["args"].endswith("…[+600]")


@pytest.mark.parametrize(
    ("hits", "mark"),
    [((), "plain"), (Unread("CAPTURE_ENCRYPTED"), "unreadable"), ((Hit("device_id.imei", masked="8*"),), "strong")],
)
def test_what_is_encrypted_is_never_drawn_as_nothing_found(hits: tuple[Hit, ...] | Unread, mark: str) -> None:
    assert sorted_flow(Flow(0, "x.example.com", hits=hits)).row.mark == mark
