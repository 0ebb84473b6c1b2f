"""What the screens of a terminal say."""

import pytest

from hegui.catalogue.lexicons.screens.terminal import (
    groups_named,
    is_indicator,
    is_installer,
    is_record_page,
    is_status_bar,
    kinds_named,
    leads_to_settings,
    options,
    unmet,
    warns,
)
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.usage_kinds import USAGE_KINDS


def test_every_group_has_options_that_suit_it_and_a_harm() -> None:
    for group in GROUPS:
        assert unmet(group, set())
        assert unmet(group, {"once", "in_use", "approximate", "selected"}) == []
        assert warns(group, "有风险") in ("vague", "named")


def test_every_kind_can_be_named() -> None:
    page = "日历 通话记录 相机 通讯录 位置 麦克风 电话权限 短信 存储 身体活动 剪贴板 设备标识 应用列表 自启动 关联启动"
    assert kinds_named(page) == set(USAGE_KINDS)


@pytest.mark.parametrize(
    ("texts", "offered"),
    [
        (["仅限这一次", "使用该应用时允许", "不允许"], {"once", "in_use"}),
        (["While using the app", "Only this time"], {"once", "in_use"}),
        (["允许", "拒绝"], set()),
        (["大致位置"], {"approximate"}),
    ],
)
def test_the_options_of_a_box(texts: list[str], offered: set[str]) -> None:
    assert options(texts) == offered


def test_what_may_happen_is_more_than_a_risk() -> None:
    assert warns("location", "可能暴露您的行踪") == "named"
    assert warns("location", "请注意风险") == "vague"
    assert warns("location", "允许访问您的位置信息") == ""


def test_marks_bars_installers_and_ways() -> None:
    assert is_indicator("com.android.systemui:id/privacy_chip", "")
    assert is_indicator("com.android.systemui:id/icon", "探针正在使用您的麦克风")
    assert not is_indicator("com.android.systemui:id/clock", "9:41")
    assert is_status_bar("com.android.systemui:id/clock", "com.example.probe")
    assert not is_status_bar("com.example.probe:id/clock", "com.example.probe")
    assert is_installer("com.android.packageinstaller", "要安装此应用吗")
    assert not is_installer("com.android.packageinstaller", "允许探针拍照吗")
    assert is_record_page("隐私使用记录")
    assert leads_to_settings("前往设置")
    assert groups_named("获取您的健身运动数据") == ("body",)
