import pytest

from hegui.facts.policy import StatedPermission
from hegui.readers.policy.statements import read_statements
from hegui.readers.policy.statements.permissions import frequency
from tests.readers.policy.statements.policies import example, policy_of


def permissions(text: str) -> tuple[StatedPermission, ...]:
    return read_statements(policy_of(f"# 一、我们如何收集和使用您的个人信息\n{text}\n")).permissions


NAMED = [
    ("我们会申请相机、麦克风权限。", {"camera", "microphone"}),
    ("我们会请求您授权相册（存储）权限。", {"storage"}),
    ("需要开启位置权限、日历权限。", {"location", "calendar"}),
    ("我们会调用您的摄像头。", {"camera"}),
    ("我们会申请读取电话状态权限。", {"phone"}),
    ("我们会申请通知权限。", {"android.permission.POST_NOTIFICATIONS"}),
    ("我们会申请READ_CONTACTS权限。", {"android.permission.READ_CONTACTS"}),
    ("我们会申请android.permission.CAMERA。", {"android.permission.CAMERA"}),
    ("我们需要您开启相机、存储、蓝牙等权限。", {"camera", "storage", "android.permission.BLUETOOTH_CONNECT"}),
    ("我们会申请蓝牙权限。", {"android.permission.BLUETOOTH_CONNECT"}),
    ("我们会申请网络权限。", {"android.permission.INTERNET"}),
    ("We request the camera and microphone permissions.", {"camera", "microphone"}),
]


@pytest.mark.parametrize(("text", "names"), NAMED)
def test_a_permission_is_known_by_its_names(text: str, names: set[str]) -> None:
    assert {one.name for one in permissions(text)} == names


NONE = [
    "我们不会申请通讯录权限。",
    "我们采取访问权限控制措施。",
    "我们会收集您的位置信息。",
    "您对个人信息享有相应的权限。",
    "We never request the contacts permission.",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_not_asked_for_is_none(text: str) -> None:
    assert permissions(text) == ()


FREQUENCIES = [
    ("每次扫码时调用一次", "每次扫码时调用一次"),
    ("每隔30秒获取一次位置", "每隔30秒获取一次位置"),
    ("仅在您使用扫码功能时调用", "仅在您使用扫码功能时"),
    ("1次/天", "1次/天"),
    ("必要时调用", "必要时调用"),
    ("once per start", "once per start"),
    ("当您使用扫码功能时，我们会申请相机权限", None),
    ("我们会申请相机权限", None),
]


@pytest.mark.parametrize(("text", "words"), FREQUENCIES)
def test_the_words_on_how_often(text: str, words: str | None) -> None:
    assert frequency(text) == words


def test_the_next_sentence_may_say_how_often() -> None:
    (one,) = permissions("我们会申请相机权限，用于扫码。每次扫码时调用一次。")
    assert (one.purpose, one.freq, one.group) == ("扫码", "每次扫码时调用一次", "camera")


def test_two_names_of_one_permission_in_a_cell_are_one() -> None:
    found = read_statements(example("table")).permissions
    assert [one.name for one in found] == [
        "android.permission.CAMERA", "camera", "android.permission.ACCESS_FINE_LOCATION",
    ]  # fmt: skip


def test_a_list_of_permissions_gives_the_purpose_of_each() -> None:
    made = permissions(
        "| 权限名称 | 使用目的 | 对应功能 | 调用频率 |\n| 相机 | 拍摄票据 | 扫描 | 每次扫描一次 |\n| 存储 | 存图 | 导出 | / |\n"
    )
    assert [(one.name, one.purpose, one.function, one.freq) for one in made] == [
        ("camera", "拍摄票据", "扫描", "每次扫描一次"),
        ("storage", "存图", "导出", None),
    ]
