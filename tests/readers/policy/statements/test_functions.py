import pytest

from hegui.facts.policy import Function
from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import example, policy_of

COLLECTING = "# 一、我们如何收集和使用您的个人信息\n"


def functions(text: str) -> tuple[Function, ...]:
    return read_statements(policy_of(COLLECTING + text)).functions


def test_columns_are_known_by_their_meaning_not_their_order() -> None:
    (one,) = functions(
        "| 收集的个人信息 | 使用目的 | 场景 | 收集方式 | 频次 |\n| 手机号码 | 创建账号 | 注册 | 您主动填写 | 一次 |\n"
    )
    assert (one.name, one.purpose, one.method, one.types, one.freq, one.form) == (
        "注册", "创建账号", "您主动填写", ("account.phone",), "一次", "table",
    )  # fmt: skip


def test_a_table_without_a_header_goes_on_the_one_before() -> None:
    made = functions(
        "| 业务功能 | 目的 | 个人信息 |\n| 注册 | 创建账号 | 手机号码 |\n续表\n| 支付 | 完成支付 | 银行卡号 |\n"
    )
    assert [(one.name, one.types) for one in made] == [("注册", ("account.phone",)), ("支付", ("finance",))]


def test_an_empty_cell_stays_empty() -> None:
    (one,) = functions("| 业务功能 | 目的 | 个人信息种类 |\n| 注册 | / | 手机号码 |\n")
    assert one.purpose is None


def test_rows_of_one_function_are_one() -> None:
    (one,) = functions(
        "| 业务功能 | 目的 | 个人信息种类 |\n| 注册 | 创建账号 | 手机号码 |\n| 注册 | 完善资料 | 昵称 |\n"
    )
    assert one.types == ("account.phone", "account.name")
    assert one.purpose == "创建账号；完善资料"


def test_a_uniform_list_is_read_like_a_table() -> None:
    made = functions(
        "业务功能：注册\n使用目的：创建账号\n个人信息种类：手机号码\n业务功能：支付\n使用目的：完成支付\n个人信息种类：银行卡号\n"
    )
    assert [(one.name, one.purpose, one.types, one.form) for one in made] == [
        ("注册", "创建账号", ("account.phone",), "list"),
        ("支付", "完成支付", ("finance",), "list"),
    ]


def test_an_entry_on_one_line_is_read() -> None:
    made = functions("功能：注册；目的：创建账号；收集的信息：手机号码\n")
    assert [(one.name, one.types) for one in made] == [("注册", ("account.phone",))]


PROSE = [
    (
        "## 1、账号注册\n当您注册时，我们会收集您的手机号码，用于验证身份。",
        ("账号注册", "验证身份", ("account.phone",)),
    ),
    ("1）客户服务。当您联系我们时，我们会收集您的手机号码，以便与您联系。", ("客户", "与您联系", ("account.phone",))),
    ("（1）【扫码】我们会收集您拍摄的照片，用于识别二维码。", ("扫码", "识别二维码", ("photo",))),
    ("当您使用语音搜索功能时，我们会收集您的语音信息，用于识别指令。", ("语音搜索", "识别指令", ("audio",))),
]


@pytest.mark.parametrize(("text", "expected"), PROSE)
def test_prose_names_functions_in_its_own_ways(text: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    (one,) = functions(text + "\n")
    assert (one.name, one.purpose, one.types) == expected
    assert one.form == "prose"


NONE = [
    "我们重视您的隐私。",
    "## 1、设备信息\n我们会收集您的IMEI。",
    "## 1、征得授权同意的例外\n与国家安全有关的手机号码。",
    "为提供更好的服务，我们会收集您的手机号码。",
]


@pytest.mark.parametrize("text", NONE)
def test_what_names_no_function_is_none(text: str) -> None:
    assert functions(text + "\n") == ()


def test_words_without_a_code_are_kept() -> None:
    (one,) = functions("## 1、下单\n当您下单时，我们会收集您的订单信息，用于完成交易。\n")
    assert "订单信息" in one.said_types
    assert one.types == ()


def test_what_an_sdk_collects_is_not_the_apps() -> None:
    made = {one.name: one for one in read_statements(example("prose")).functions}
    assert made["安全保障"].types == ("device_id.imei", "device_id.android_id", "device_id.mac", "app_list")


def test_permissions_stand_in_their_function() -> None:
    made = {one.name: one for one in read_statements(example("table")).functions}
    assert [(one.name, one.freq) for one in made["扫描票据"].perms] == [
        ("android.permission.CAMERA", "每次扫描时调用一次")
    ]


def test_a_paragraph_among_others_speaks_for_its_own_function() -> None:
    made = functions(
        "为了改善体验，我们可能收集您的昵称。\n您添加小票时，我们会收集您的照片。\n我们可能收集您的手机号码。\n"
    )
    assert [(one.name, one.types) for one in made] == [("添加小票", ("photo",))]


def test_a_label_before_a_paragraph_makes_no_entry() -> None:
    made = functions(
        "2、实现功能的共享信息：\n我们会与伙伴共享部分信息。\n物流服务商："
        + "我们会将您的收货信息提供给物流公司以便配送，" * 4
        + "\n"
    )
    assert all(one.form != "list" for one in made)
