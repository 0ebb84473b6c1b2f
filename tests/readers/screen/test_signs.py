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
    assert [(sign.kind, sign.groups) for sign in seen(data)] == [
        ("permission_rationale", ("camera",)),
        ("purpose", ("camera",)),
        ("permission_prompt", ("camera",)),
    ]


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


def of(kind: str, data: bytes) -> list[Sign]:
    return [sign for sign in seen(data) if sign.kind == kind]


@pytest.mark.parametrize(
    ("nodes", "kind", "groups"),
    [
        ([node("用于扫码识别", 2)], "purpose", ()),
        ([node("相机权限使用说明", 2), node("用于扫码识别", 3)], "purpose", ("camera",)),
        ([node("用于提升您的体验", 2)], "vague_purpose", ()),
        ([node("为了更好的服务，以及用于查找附近门店的位置", 2)], "purpose", ("location",)),
        ([node("本优惠券适用于全部门店", 2)], "", ()),
    ],
)
def test_what_something_is_for(nodes: list[str], kind: str, groups: tuple[str, ...]) -> None:
    found = [(sign.kind, sign.groups) for sign in seen(screen(*nodes)) if "purpose" in sign.kind]
    assert found == ([(kind, groups)] if kind else [])


def test_a_banner_beside_the_box_of_the_system_in_a_dump_of_all_windows() -> None:
    box = "com.android.permissioncontroller"
    data = screen(
        node("用于扫码识别", 1, resource_id=f"{APP}:id/tip"),
        node("允许“灯笼”拍摄照片和录制视频吗？这是系统的话", 9, resource_id=f"{box}:id/permission_message"),
        node("以便您使用相机", 10, resource_id=f"{box}:id/detail_message"),
        button("仅在使用中允许", 11, resource_id=f"{box}:id/permission_allow_foreground_only_button"),
    )
    assert [(sign.kind, sign.text) for sign in seen(data) if sign.kind != "system_permission"] == [
        ("purpose", "用于扫码识别")
    ]


@pytest.mark.parametrize(
    ("controls", "is_prompt"),
    [
        ([button("去开启", 12), button("取消", 13)], True),
        ([button("去开启", 12)], True),
        ([button("去开启", 12), button("《隐私政策》", 13)], True),
        # A hint on a page whose other controls can be used covers nothing.
        ([button("去开启", 12), button("首页", 20), button("我的", 20)], False),
        ([button("取消", 12)], False),
        ([button("去开启", 12), typed(14)], False),
    ],
)
def test_a_dialog_of_the_app_that_wants_a_permission(controls: list[str], is_prompt: bool) -> None:
    found = of("permission_prompt", screen(node("请开启定位权限，查看附近门店", 10), *controls))
    assert [sign.groups for sign in found] == ([("location",)] if is_prompt else [])


def test_to_delete_a_picture_is_no_prompt_for_a_permission() -> None:
    assert not of("permission_prompt", screen(node("删除这张照片？", 10), button("确定", 12), button("取消", 12)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请选择出生日期", "age_gate"),
        ("生日", "age_gate"),
        ("监护人手机号", "guardian"),
        ("身份证号码", "identity"),
        ("使用国家网络身份认证", "network_id"),
        ("网证认证成功", "network_id_done"),
        ("发现新版本 5.2", "update_prompt"),
        ("系统权限管理", "os_permissions"),
        ("注销申请已提交", "cancel_done"),
    ],
)
def test_steps_by_the_label_of_a_control(text: str, kind: str) -> None:
    assert len(of(kind, screen(node("首页", 1), button(text, 9)))) == 1
    long = f"{text}，" + "这一段讲的是别的事情" * 10
    assert not of(kind, screen(node("首页", 1), node(long, 9)))


@pytest.mark.parametrize("text", ["生日蛋糕", "当前已是最新版本", "无需身份证号", "版本更新说明", "监护"])
def test_labels_that_only_sound_like_a_step(text: str) -> None:
    kinds_of_steps = {"age_gate", "guardian", "identity", "network_id", "update_prompt"}
    assert not kinds(screen(node("首页", 1), button(text, 9))) & kinds_of_steps


def test_a_tick_for_the_guardian_has_a_state() -> None:
    data = screen(
        typed(5),
        button("注册", 8),
        box(10),
        node("我是监护人，已阅读并同意孩子使用本应用的全部约定和儿童规则等", 10, left=100),
    )
    assert [sign.checked for sign in of("guardian", data)] == [False]


def test_a_shared_account_and_leaving_one_app_count_only_where_one_logs_in_or_cancels() -> None:
    words = [node("将同时注销旗下所有产品", 4), button("仅注销灯笼", 9)]
    cancelling = screen(node("注销账号", 1), *words)
    assert of("shared_account", cancelling)
    assert [sign.text for sign in of("cancel_one", cancelling)] == ["仅注销灯笼"]
    assert not of("shared_account", screen(node("关于我们", 1), node("星河旗下产品", 4)))


def test_the_list_of_what_was_collected_is_known_by_its_title() -> None:
    rows = [node("手机号", 5), node("近 7 天 3 次", 6), node("页脚", 23)]
    assert of("collected_list", screen(node("已收集个人信息清单", 1), *rows))
    assert not of("collected_list", screen(node("设置", 1), button("已收集个人信息清单", 20), node("页脚", 23)))


# What dumps of real apps showed: Compose and lists keep the words in a child of what is clicked.


def inside(control: str, *children: str) -> str:
    """A control with nodes inside it."""
    return control.removesuffix("</node>") + "".join(children) + "</node>"


def test_a_gear_in_the_corner_leads_to_the_settings_and_is_not_their_title() -> None:
    gear = node("", 1, cls="android.widget.ImageView", clickable="true", content_desc="设置", left=900)
    in_compose = inside(node("", 1, clickable="true", left=900), node("", 1, content_desc="设置", left=950))
    for home in (screen(gear, node("首页", 20)), screen(in_compose, node("首页", 20))):
        assert "settings" not in kinds(home)
    # A page that takes clicks as a whole does not make its title a control.
    page = inside(node("", 0, clickable="true").replace("[0,0][1080,100]", "[0,0][1080,2400]"), node("设置", 1))
    assert "settings" in kinds(screen(page, node("页脚", 23)))


def test_another_companys_account_is_a_way_to_log_in() -> None:
    assert "login" in kinds(screen(node("欢迎", 1), button("微信登录", 9)))
    assert "login" not in kinds(screen(node("欢迎", 1), button("登录", 9)))


def test_a_choice_in_a_list_or_among_round_buttons_is_no_switch() -> None:
    spinner = inside(
        node("", 5, cls="android.widget.Spinner", clickable="true"),
        node("每月一次", 5, cls="android.widget.CheckedTextView", checkable="true"),
    )
    rounds = [
        inside(
            node("", 7, checkable="true", clickable="true", left=left, right=left + 500),
            node(text, 7, left=left + 100, right=left + 200),
            node("", 7, cls="android.widget.RadioButton", left=left, right=left + 500),
        )
        for left, text in ((0, "主人"), (540, "客人"))
    ]
    assert not of("scene_option", screen(node("设置", 1), spinner, *rounds, node("页脚", 23)))


def test_a_switch_whose_words_stand_inside_it() -> None:
    row = inside(
        node("", 7, checkable="true", checked="true", clickable="true"),
        node("附近的人", 7, left=40, right=400),
        node("让附近的人看到你的灯笼，可以随时关闭，关闭之后不再收集位置，也不再显示给任何人看", 7, left=40),
    )
    assert [(one.text, one.checked) for one in of("scene_option", screen(node("设置", 1), row))] == [("附近的人", True)]


def test_a_dialog_of_compose_that_wants_a_permission() -> None:
    buttons = [
        inside(node("", at, clickable="true"), node(text, at)) for at, text in ((12, "去开启"), (13, "以后再说"))
    ]
    assert of("permission_prompt", screen(node("请开启定位权限，查看附近门店", 10), *buttons))


def test_the_box_of_the_system_with_a_choice_of_how_exactly() -> None:
    ids = "com.android.permissioncontroller:id"
    data = screen(
        node("Allow Lantern to access this device’s location?", 6, resource_id=f"{ids}/permission_message"),
        node("Precise", 8, cls="android.widget.RadioButton", checkable="true", checked="true", clickable="true"),
        button("Don’t allow", 12, resource_id=f"{ids}/permission_deny_button"),
    )
    assert [(sign.kind, sign.groups) for sign in seen(data)] == [("system_permission", ("location",))]


def test_a_box_that_agrees_with_the_names_of_the_rules_elsewhere_on_the_screen() -> None:
    ticked = {"cls": "android.widget.CheckBox", "checkable": "true", "checked": "true", "clickable": "true"}
    box = node("我已阅读并同意", 7, **ticked)
    notice = screen(node("继续使用即代表您已同意《隐私规则》。", 6), box, button("隐私规则", 9), button("立即体验", 12))
    assert [(one.text, one.checked) for one in of("consent_box", notice)] == [("我已阅读并同意", True)]
    assert not of("consent_box", screen(node("抽奖规则", 6), box, button("参加", 12)))


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("同意（5s）", "不同意，退出应用"),
        ("同意并授权", "拒绝"),
        ("监护人同意", "不同意"),
        ("好的", "不同意并退出"),
        ("我知道了", "退出"),
    ],
)
def test_a_notice_is_known_by_either_of_its_controls(yes: str, no: str) -> None:
    words = "为了保护您的权益，请您仔细阅读《隐私政策》，了解我们在您使用对应功能时收集的信息。"
    found = kinds(screen(node(words, 6), button(no, 12, right=500), button(yes, 12, left=580)))
    assert {"rules_notice", "refuse"} <= found


def test_the_terms_of_recognising_a_face_are_no_notice_of_the_rules() -> None:
    words = "为核实您本人办理转账，我们将采集您的人脸信息，用于与您开户时留存的照片比对。"
    found = kinds(
        screen(node(words, 6), box(8), node("我已阅读并同意《人脸识别服务协议》", 8, left=100), button("下一步", 12))
    )
    assert "rules_notice" not in found
    assert {"sensitive_notice", "consent_box", "purpose"} <= found


@pytest.mark.parametrize(
    ("text", "is_entry"), [("注销账号", True), ("如何注销账号？", False), ("您可以在设置中注销账号", False)]
)
def test_an_entry_to_cancel_is_not_a_question_about_it(text: str, is_entry: bool) -> None:
    assert ("cancellation" in kinds(screen(button(text, 9)))) is is_entry


def test_the_box_for_devices_nearby_is_not_that_for_positions() -> None:
    words = "允许“灯笼”查找、连接附近的设备以及确定附近设备的相对位置吗？"
    data = screen(node(words, 6, resource_id="com.android.permissioncontroller:id/permission_message"))
    assert [sign.groups for sign in seen(data)] == [()]


@pytest.mark.parametrize(
    ("words", "is_login"),
    [
        ("未注册的手机号验证后自动创建账号", True),
        ("监护人验证", False),
        ("请验证新手机号", False),
        ("修改登录密码", False),
    ],
)
def test_a_code_is_sent_to_log_in_and_for_much_else(words: str, is_login: bool) -> None:
    assert ("login" in kinds(screen(node(words, 1), typed(5), button("获取验证码", 6)))) is is_login


def test_accounts_that_are_tied_to_this_one_are_no_login() -> None:
    assert "login" not in kinds(
        screen(node("账号绑定", 1), button("微信登录", 5, right=700), node("已绑定", 5, left=700))
    )


def test_of_two_boxes_in_a_row_the_one_before_the_words_is_theirs() -> None:
    stay = node("", 10, cls="android.widget.CheckBox", checkable="true", clickable="true", checked="true", right=90)
    agree = node("", 10, cls="android.widget.CheckBox", checkable="true", clickable="true", left=400, right=490)
    words = node("已阅读并同意《隐私政策》", 10, left=500)
    data = screen(typed(5), button("登录", 8), stay, node("自动登录", 10, left=100, right=390), agree, words)
    assert [sign.checked for sign in seen(data) if sign.kind == "consent_box"] == [False]
