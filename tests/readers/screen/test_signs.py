"""What a user sees: the kind of screen, and the controls on it."""

import json

import pytest

from hegui.facts.screens import Sign
from hegui.readers.screen.signs import signs
from hegui.readers.screen.tree import read_dump
from tests.readers.screen.dumps import APP, LOGIN, NOTICE, SETTINGS, box, button, node, screen, typed


def seen(data: bytes, activity: str = "") -> list[Sign]:
    dump = read_dump(data, "x")
    return list(signs(dump.nodes, dump.owner, activity))


def kinds(data: bytes, activity: str = "") -> set[str]:
    return {sign.kind for sign in seen(data, activity)}


def test_a_first_notice_with_its_two_controls() -> None:
    assert kinds(NOTICE) == {"rules_notice", "agree", "refuse", "rules_link"}
    assert [sign.text for sign in seen(NOTICE) if sign.kind in ("agree", "refuse")] == ["不同意", "同意并继续"]


def test_a_login_page_is_no_notice_and_its_ticked_box_is_seen() -> None:
    assert kinds(LOGIN) == {"login", "consent_box", "rules_link"}
    (found,) = [sign for sign in seen(LOGIN) if sign.kind == "consent_box"]
    assert found.checked is True


@pytest.mark.parametrize(
    ("tick", "checked"),
    [
        (box(10), False),
        (node("", 10, cls="android.widget.ImageView", clickable="true", right=90), None),
    ],
)
def test_a_box_drawn_as_a_picture_has_no_known_state(tick: str, checked: bool | None) -> None:
    data = screen(
        typed(5),
        button("登录", 8),
        tick,
        node("我已阅读并同意", 10, left=100, right=400),
        node("《隐私政策》", 10, left=400),
    )
    assert [sign.checked for sign in seen(data) if sign.kind == "consent_box"] == [checked]


def test_a_box_of_another_row_is_not_the_box_of_the_rules() -> None:
    data = screen(typed(5), button("登录", 8), box(3), node("我已阅读并同意《隐私政策》", 10))
    assert "consent_box" not in kinds(data)


def test_consent_by_going_on_is_said_as_such() -> None:
    assert "implied_consent" in kinds(screen(typed(5), button("登录", 8), node("登录即表示同意《隐私政策》", 10)))


def test_settings_with_their_switches_and_ways_out() -> None:
    found = seen(SETTINGS)
    assert {sign.kind for sign in found} == {
        "settings",
        "rules_link",
        "personalisation",
        "scene_option",
        "cancellation",
    }
    assert [(sign.text, sign.checked) for sign in found if sign.kind in ("personalisation", "scene_option")] == [
        ("个性化推荐", True), ("扫码功能", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", ["不感兴趣，减少个性化推荐", "退出登录", "账号已注销", "设置成功", "同意", "已售 1000 件，支付宝可用"]
)
def test_words_that_only_sound_like_it(words: str) -> None:
    assert kinds(screen(node("首页", 1), button(words, 9))) == set()


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("com.android.permissioncontroller", "com.android.permissioncontroller:id/permission_message"),
        ("com.lbe.security.miui", "com.lbe.security.miui:id/permission_allow_foreground_only_button"),
        ("com.maker.unknown", "com.android.permissioncontroller:id/permission_deny_button"),
        ("com.huawei.systemmanager", ""),
    ],
)
def test_a_permission_box_of_the_system_and_what_it_asks_for(package: str, name: str) -> None:
    data = screen(node("是否允许“灯笼”拍摄照片和录制视频？", 9, resource_id=name), button("允许", 12)).replace(
        APP.encode(), package.encode()
    )
    (found,) = seen(data)
    assert (found.kind, found.groups) == ("system_permission", ("camera",))


def test_an_explanation_of_a_permission_names_its_groups() -> None:
    data = screen(node("灯笼需要相机权限，用于扫描灯笼上的二维码", 9), button("去授权", 12))
    assert [(sign.kind, sign.groups) for sign in seen(data)] == [("permission_rationale", ("camera",))]


def test_rules_in_full_and_a_web_page_under_their_name() -> None:
    rules = screen(node("隐私政策", 1), node("我们收集……" * 100, 3), button("保存", 20))
    assert kinds(rules) == {"rules_page", "rules_link", "save_rules"}
    web = screen(node("隐私政策", 1), node("", 3, cls="android.webkit.WebView"))
    assert "rules_page" in kinds(web)


def test_payment() -> None:
    assert kinds(screen(node("¥ 12.00", 3), button("确认支付", 20))) == {"payment"}


def test_what_cannot_be_seen_is_no_sign() -> None:
    assert kinds(screen(node("注销账号", 3).replace("[0,300][1080,400]", "[0,0][0,0]"))) == set()


def test_without_bounds_the_tree_joins_words_and_switch() -> None:
    tree = {"class": "Row", "package": APP, "children": [
        {"class": "Text", "text": "个性化广告"}, {"class": "Toggle", "checkable": True, "checked": True},
    ]}  # fmt: skip
    assert [(sign.kind, sign.checked) for sign in seen(json.dumps(tree).encode())] == [("personalisation", True)]
