import pytest

from hegui.facts.policy import Policy
from hegui.readers.policy.statements.mentions import named_sdks, right_mentions, sdk_mentions, type_mentions
from hegui.readers.policy.statements.reading import Reading

LONGEST = [
    ("蓝牙MAC地址", ["device_id.bt_mac"]),
    ("MAC地址", ["device_id.mac"]),
    ("短信验证码", []),
    ("设备指纹", ["device_id"]),
    ("软硬件特征信息", []),
    ("显著位置", []),
    ("图片和视频", ["photo", "video"]),
    ("IMEIs", ["device_id.imei"]),
    ("shipping", []),
]


@pytest.mark.parametrize(("text", "expected"), LONGEST)
def test_the_longest_word_decides(text: str, expected: list[str]) -> None:
    assert [one.word.type for one in type_mentions(Reading(Policy(text=text)))] == expected


LISTED = [
    ("收集您的照片、视频", {"photo", "video"}),
    ("这张照片很美", set()),
    ("获取日历信息", {"calendar"}),
    ("日历功能", set()),
]


@pytest.mark.parametrize(("text", "expected"), LISTED)
def test_common_words_count_only_where_listed(text: str, expected: set[str]) -> None:
    assert {one.word.type for one in type_mentions(Reading(Policy(text=text)))} == expected


SDKS = [
    ("接入了友盟统计SDK", ["友盟统计SDK"]),
    ("第三方SDK", []),
    ("推送SDK", []),
    ("腾讯Bugly SDK和神策SDK", ["腾讯Bugly SDK", "神策SDK"]),
]


@pytest.mark.parametrize(("text", "names"), SDKS)
def test_names_before_the_word_sdk(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in named_sdks(text)] == names


def test_known_names_and_rights_are_found() -> None:
    assert [id for _, _, id in sdk_mentions(Reading(Policy(text="我们使用极光推送和Bugly")))] == [
        "cn.jpush",
        "com.tencent.bugly",
    ]
    assert [key for _, key in right_mentions("您可以查阅、复制；删除账号与删除信息；访问控制")] == [
        "access",
        "copy",
        "cancel",
        "delete",
    ]
