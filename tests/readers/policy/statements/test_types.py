from typing import Any

import pytest

from hegui.facts.policy import Policy, StatedType
from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import example, policy_of


def types(text: str, heading: str = "# 一、我们如何收集和使用您的个人信息") -> tuple[StatedType, ...]:
    return read_statements(policy_of(f"{heading}\n{text}\n")).types


def codes(text: str, **more: Any) -> set[str]:
    return {one.type for one in types(text, **more)}


STATED = [
    (
        "我们会收集您的IMEI、Android ID、OAID和MAC地址。",
        {"device_id.imei", "device_id.android_id", "device_id.oaid", "device_id.mac"},
    ),
    ("我们会收集您的设备标识符。", {"device_id"}),
    ("我们会收集您的设备信息。", {"device_id"}),
    ("我们会收集您的设备信息（型号、IMEI）。", {"model", "device_id.imei"}),
    ("我们会收集设备信息、IMEI。", {"device_id.imei"}),
    ("我们会收集您的IMEI。我们会按一定频率收集上述设备信息。", {"device_id.imei"}),
    ("为营造公平、健康及安全的环境，我们会收集您的IMEI。", {"device_id.imei"}),
    ("| 功能 | 目的 | 个人信息种类 |\n| 附图 | 记录 | 照片（您选中的一张） |", {"photo"}),
    ("| 功能 | 目的 | 个人信息种类 |\n| 附图 | 记录 | 照片 |\n| 扫码 | 识别 | 图片 |", {"photo"}),
    ("我们会收集您的蓝牙MAC地址。", {"device_id.bt_mac"}),
    ("登录时，我们会获取您的手机号码、邮箱地址和昵称。", {"account.phone", "account.email", "account.name"}),
    ("我们会收集您的位置信息。", {"location.precise"}),
    ("我们会收集您的大致位置、WLAN接入点和基站信息。", {"location.coarse", "location.wifi", "location.cell"}),
    ("我们会读取您的通讯录、通话记录、日历和短信内容。", {"contacts", "call_log", "calendar", "sms"}),
    ("我们会收集您上传的照片、视频和录音。", {"photo", "video", "audio"}),
    ("我们会读取剪贴板和已安装应用列表。", {"clipboard", "app_list"}),
    ("为完成实名认证，需要您提供姓名、身份证号码和人脸信息。", {"account.name", "account.id_number", "biometric.face"}),
    ("为完成支付，我们会收集您的银行卡号。", {"finance"}),
    ("我们会收集您的民族、宗教信仰。", {"religion_ethnicity"}),
    ("我们会收集您的浏览记录、搜索记录和兴趣标签。", {"browse_search", "ad_profile"}),
    ("我们会收集您的步数、心率。", {"sensor.body", "health"}),
    ("我们会收集设备型号、品牌、操作系统版本、IP地址。", {"model", "brand", "os_version", "ip"}),
    ("我们会收集以下信息：\n1）IMEI；\n2）手机号码。", {"device_id.imei", "account.phone"}),
    ("We collect your phone number, email address and IMEI.", {"account.phone", "account.email", "device_id.imei"}),
    ("We access your clipboard and your contacts.", {"clipboard", "contacts"}),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_what_is_collected_is_named(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


NEAR_MISSES = [
    "变更后的内容会在显著位置提示您。",
    "您可以在照片权限设置中关闭权限。",
    "联系我们电话：010-55550123。",
    "我们会通过短信通知您，也会发送短信验证码。",
    "我们会收集设备的其他信息。本产品定位于年轻人。",
    "个人信息是指能够识别自然人身份的各种信息，包括姓名、身份证件号码、住址等。",
    "请您不要将手机号码、银行卡号透露给他人。",
    "您可以在《未成年人个人信息保护规则》中了解详情。",
    "您可以通过“我的—设置—通讯录—关闭”管理。",
    "某些个人信息可能被认为是个人敏感信息，包括您的银行账号、行踪轨迹等。",
    "我们提供跨游戏种族的聊天。",
    "我们不会收集您的通讯录。",
    "未经您同意，我们不会收集您的通讯录。",
    "If we ship goods, iris flowers excepted, nothing is said of race cars.",
]


@pytest.mark.parametrize("text", NEAR_MISSES[:-1])
def test_a_word_that_means_something_else_is_none(text: str) -> None:
    assert not codes(text)


def test_a_word_within_a_word_is_none() -> None:
    assert "ip" not in codes("We collect shipping zip codes.")


OTHER_PARTS = [
    ("# 六、您的权利", "您可以更正您的昵称、手机号码。"),
    ("# 名词解释", "IMEI：国际移动设备识别码，用于识别设备。"),
    ("# 十、联系我们", "请发送邮件至我们的邮箱，或寄信至我们的地址。"),
    ("# 五、我们如何保护您的个人信息", "我们采用加密技术保护您的银行卡号。"),
]


@pytest.mark.parametrize(("heading", "text"), OTHER_PARTS)
def test_a_word_in_a_part_about_something_else_is_none(heading: str, text: str) -> None:
    assert not codes(text, heading=heading)


ACTORS = [
    ("第三方支付机构会收集您的银行卡号。", "第三方支付机构"),
    ("我们会将您的手机号码提供给物流公司。", "物流公司"),
    ("我们接入了样例推送宝SDK，其会收集您的OAID。", "样例推送宝SDK"),
    ("示例市云杉网络有限公司会获取您的手机号码。", "示例市云杉网络有限公司"),
    ("我们会收集您的手机号码。", "app"),
    ("我们从第三方平台获取您的昵称。", "app"),
    ("我们和第三方认证机构需要您提供真实姓名。", "app"),
    ("We share your phone number with service providers.", "service providers"),
]


@pytest.mark.parametrize(("text", "actor"), ACTORS)
def test_the_actor_is_who_gets_it(text: str, actor: str) -> None:
    assert {one.actor for one in types(text)} == {actor}


def test_the_purpose_and_the_function_stand_beside() -> None:
    (one,) = types("当您使用扫码功能时，我们会收集您拍摄的照片，用于识别二维码。")
    assert (one.type, one.function, one.purpose) == ("photo", "扫码", "识别二维码")


def test_what_is_denied_as_a_purpose_is_none() -> None:
    (one,) = types("我们会收集您的IMEI，不会用于广告推送。")
    assert one.purpose is None


def test_what_a_permission_opens_is_unsure() -> None:
    assert {one.conf for one in types("我们会申请麦克风（录音）权限。")} == {0.5}


@pytest.mark.parametrize("words", ["设备信息", "设备标识", "设备标识符"])
def test_general_words_are_unsure(words: str) -> None:
    (one,) = types(f"我们会收集您的{words}。")
    assert one.conf < 0.8


SENSITIVE = [
    ("我们会收集您的手机号码（敏感个人信息）。", True),
    ("我们会收集您的手机号码。手机号码属于敏感个人信息。", True),
    ("我们会收集您的手机号码。上述信息属于个人敏感信息。", True),
    ("我们会收集您的手机号码，不属于敏感个人信息。", False),
    ("我们会收集您的手机号码。", False),
    ("我们会收集您的人脸信息。", True),
]


@pytest.mark.parametrize(("text", "sensitive"), SENSITIVE)
def test_sensitive_is_what_the_rules_or_the_law_call_so(text: str, sensitive: bool) -> None:
    assert {one.sensitive for one in types(text)} == {sensitive}


def test_necessity_and_effect_are_found_in_the_same_line() -> None:
    (one,) = types("我们会收集您的人脸信息，这是核验本人操作所必需的。若您拒绝提供，将无法使用实名功能。")
    assert one.necessity
    assert one.impact == "若您拒绝提供，将无法使用实名功能"


def test_without_a_word_on_it_there_is_no_effect() -> None:
    (one,) = types("我们会收集您的人脸信息。")
    assert (one.necessity, one.impact) == (None, None)


def test_a_row_of_a_table_says_all_of_its_types() -> None:
    face = next(one for one in read_statements(example("table")).types if one.type == "biometric.face")
    assert (face.actor, face.function, face.purpose) == ("app", "实名认证", "满足支付业务的实名要求")
    assert face.necessity == "不核验人脸无法确认是您本人操作"
    assert face.impact == "拒绝提供将无法使用支付功能，泄露可能导致身份被冒用"


def test_spans_hold_the_words() -> None:
    policy: Policy = read_statements(example("prose"))
    for one in policy.types:
        assert one.span is not None
        assert one.said.replace(" ", "") in policy.said(one.span).replace(" ", "")
