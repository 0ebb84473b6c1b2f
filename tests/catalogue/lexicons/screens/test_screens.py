"""Words of screens."""

import pytest

from hegui.catalogue.lexicons.screens import (
    asked_to_cancel,
    asks_for,
    is_permission_control,
    purpose_key,
    says,
    settings_activity,
    told_purpose,
)
from hegui.catalogue.permissions.loader import GROUPS


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("拍摄照片和录制视频", ("camera",)),
        ("访问您设备上的照片、媒体内容和文件", ("storage",)),
        ("读取通话记录和短信", ("call_log", "sms")),
        ("Allow Lantern to take pictures and record video?", ("camera",)),
        ("欢迎回来", ()),
    ],
)
def test_what_a_text_asks_for(text: str, groups: tuple[str, ...]) -> None:
    assert asks_for(text) == groups
    assert set(groups) <= set(GROUPS)


def test_a_topic_may_want_the_whole_text_or_forbid_words() -> None:
    assert says("settings", " 设置 ")
    assert not says("settings", "设置成功")
    assert says("personalisation", "个性化推荐")
    assert not says("personalisation", "不感兴趣，减少个性化推荐")


def test_names_of_the_system() -> None:
    assert settings_activity("com.example.ui.SettingsActivity")
    assert not settings_activity("com.settings.Main")
    assert is_permission_control("com.lbe.security.miui:id/permission_allow_button_1")
    assert not is_permission_control("com.example:id/allow")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("用于扫码识别", "specific"),
        ("为了给您更好的服务，用于扫码识别", "specific"),
        ("用于提升您的体验", "vague"),
        ("to improve your experience", ""),
        ("It is used to scan codes. Thank you", "specific"),
        ("适用于全部门店", ""),
    ],
)
def test_a_purpose_that_fits_anything_tells_nothing(text: str, told: str) -> None:
    assert told_purpose(text) == told


@pytest.mark.parametrize(
    ("text", "harsh"),
    [
        ("请到线下门店办理", True),
        ("需缴纳注销费 50 元", True),
        ("注销后线下门店的权益将失效", False),
        ("无需到店", False),
    ],
)
def test_a_condition_is_harsh_where_it_is_asked_for(text: str, harsh: bool) -> None:
    assert says("harsh", text) is harsh


def test_what_cancelling_may_ask_for_beyond_what_it_has() -> None:
    assert asked_to_cancel("请上传手持身份证照片并完成人脸识别") == ("biometric.face", "account.id_number")
    assert asked_to_cancel("请输入短信验证码") == ()


def test_keys_of_ios_are_of_groups_of_the_catalogue() -> None:
    assert purpose_key("NSCameraUsageDescription") in GROUPS
    assert purpose_key("CFBundleName") is None
