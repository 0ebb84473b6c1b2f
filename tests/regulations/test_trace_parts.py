"""Which events take personal information, and whether they got it."""

from typing import Any

import pytest

from hegui.facts import Facts
from hegui.facts.declaration import AppDeclaration, Declaration, Scene
from hegui.facts.queries.timeline import Spell, timeline
from hegui.facts.trace import TraceMeta, What
from hegui.regulations.trace_parts import (
    agreed_by_tap,
    asked_groups,
    got,
    group_names,
    needs,
    opens_with,
    scene_of,
    takes,
    tells_consent,
    unwatched,
    watches,
)
from tests.facts.queries.test_timeline import at, run

_META = TraceMeta("r")


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (What("api", pi_type="contacts"), True),
        (What("api", pi_type="model"), False),
        (What("api", pi_type="contacts", origin="system"), False),
        (What("api", pi_type="contacts", api_id="contacts.pick_intent"), False),
        (What("api", pi_type="contacts", derived=True), False),
        (What("api"), False),
        (What("perm_req", pi_type="contacts"), False),
        (What("sensor", kind="camera", op="open", pi_type="photo", api_id="camera.open"), True),
        (What("sensor", kind="camera", op="close", pi_type="photo"), False),
        (What("file", op="read", pi_type="photo", via="photo_picker"), False),
        (What("net", host="a.example.com"), False),
        (What("net", host="a.example.com", pi=("model",)), False),
        (What("net", host="a.example.com", pi=("model", "contacts")), True),
    ],
)
def test_what_takes_personal_information(what: What, expected: bool) -> None:
    assert takes(what) is expected


@pytest.mark.parametrize(
    ("what", "meta", "expected"),
    [
        (What("api", result="ok"), _META, True),
        (What("api", result="denied"), _META, False),
        (What("api", result="null"), _META, None),
        (What("api", pi_type="contacts"), _META, None),
        (What("api", pi_type="device_id.android_id", api_id="id.android_id"), _META, True),
        # Built into the app, this collector may have answered in the system's place.
        (
            What("api", pi_type="device_id.android_id", api_id="id.android_id"),
            TraceMeta("r", collector="PrivacySentry"),
            None,
        ),
        (What("api", pi_type="clipboard", api_id="clipboard.read"), _META, None),
        (What("api", pi_type="contacts", api_id="contacts.uri"), _META, None),
    ],
)
def test_whether_it_got_it(what: What, meta: TraceMeta, expected: bool | None) -> None:
    assert got(what, meta) is expected


def test_a_collector_that_does_not_say_what_it_watched_watched_nothing() -> None:
    everything = unwatched(_META)
    assert {"device_id.android_id", "contacts", "clipboard"} <= set(everything)
    some = unwatched(TraceMeta("r", hooks=("contacts", "clipboard.read")))
    assert "contacts" not in some
    assert "clipboard" not in some
    assert "device_id.android_id" in some


def test_watching_a_family() -> None:
    assert watches(TraceMeta("r", hooks=("start.",)), "start.")
    assert watches(TraceMeta("r", hooks=("start.activity",)), "start.")
    assert not watches(TraceMeta("r", hooks=("id.",)), "start.")


def test_groups_by_permission_or_group() -> None:
    assert asked_groups(
        What("perm_req", perms=("ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"))
    ) == ("location",)
    assert asked_groups(What("perm_res", perm="android.permission.CAMERA")) == ("camera",)
    scene = Scene("扫码", perms=("android.permission.CAMERA",), types=("photo",))
    assert needs(scene, "camera")
    assert needs(scene, None, "photo")
    assert not needs(scene, "location", "video")


@pytest.mark.parametrize(
    ("page", "activity", "expected"),
    [
        ("ScanPage", None, "扫码"),
        ("News", "com.example.lantern/.MainActivity", "新闻"),
        ("Unknown", "com.example.lantern/.MainActivity", "主界面"),
        (None, "com.example.lantern.scan.ScanActivity", "扫码"),
        ("Unknown", None, None),
    ],
)
def test_the_page_decides_before_the_activity_that_hosts_it(
    page: str | None, activity: str | None, expected: str | None
) -> None:
    declared = AppDeclaration(
        scenes=(
            Scene("主界面", pages=("MainActivity",)),
            Scene("新闻", pages=("News",)),
            Scene("扫码", pages=("com.example.lantern.scan.*", "Scan*")),
        )
    )
    facts = Facts((), (), decl=Declaration("张三", "2026-03-01", declared))
    scene = scene_of(facts, Spell(0, None, What("screen", page=page, activity=activity)))
    assert (scene.name if scene else None) == expected


def test_groups_by_their_names() -> None:
    assert group_names(("camera", "com.example.OWN")).zh == "相机、com.example.OWN"


def test_a_permission_that_opens_no_personal_information_is_of_no_group() -> None:
    assert asked_groups(What("perm_req", perms=("android.permission.POST_NOTIFICATIONS",))) == ()
    assert asked_groups(What("perm_req", perms=("POST_NOTIFICATIONS", "CAMERA"))) == ("camera",)
    assert asked_groups(What("perm_req", perms=("com.example.permission.OWN",))) == ("com.example.permission.OWN",)


def test_a_scene_that_lists_a_family_or_a_precise_position_lists_what_it_takes_in() -> None:
    assert needs(Scene("附近", types=("location.precise",)), None, "location.coarse")
    assert needs(Scene("附近", types=("location",)), None, "location.precise")
    assert not needs(Scene("附近", types=("location.coarse",)), None, "location.precise")


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], False),
        ([at(1, "ui", action="click", node_text="商品")], True),
        ([at(1, "ui", action="click")], False),
        ([at(1, "ui", action="scroll"), at(2, "ui", action="click", node_text="商品")], True),
        ([at(1, "ui", action="click", node_text="进入", screen="隐私政策")], False),
        ([at(1, "ui", action="click", node_text="不同意", screen="隐私政策")], True),
        ([at(1, "ui", action="click", node_text="用户协议", screen="隐私政策")], True),
        ([at(9000, "ui", action="click")], True),
    ],
)
def test_whether_an_agreement_would_have_been_told(acts: list[dict[str, Any]], expected: bool) -> None:
    assert tells_consent(run(*acts), 5000) is expected


def test_a_control_that_agrees_and_that_no_consent_stands_for() -> None:
    one = run(
        at(1000, "ui", action="click", node_text="同意"),
        at(1000, "consent", scope="rules", act="agree"),
        at(5000, "ui", action="click", node_text="同意并上传"),
    )
    assert agreed_by_tap(one, 4999) is None
    tap = agreed_by_tap(one, 5000)
    assert tap is not None
    assert tap.t_ms == 5000


def test_the_first_page_but_for_the_notice_tells_what_the_app_opens_with() -> None:
    shown = [
        at(1, "screen", page="PrivacyActivity"),
        at(2, "screen", page="ScanActivity"),
        at(3, "screen", page="CameraX"),
    ]
    line = timeline(run(*shown))
    nothing = Facts((), ())
    assert opens_with(nothing, line, line.pages[1], "camera")
    assert not opens_with(nothing, line, line.pages[1], "location")
    assert not opens_with(nothing, line, line.pages[2], "camera")
    declared = Facts((), (), decl=Declaration("a", "b", AppDeclaration(scenes=(Scene("x"),))))
    assert not opens_with(declared, line, line.pages[1], "camera")
