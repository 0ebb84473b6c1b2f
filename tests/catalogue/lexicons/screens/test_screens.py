"""Words of screens."""

import pytest

from hegui.catalogue.lexicons.screens import asks_for, is_permission_control, says, settings_activity
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
