import pytest

from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import example, policy_of


def rights(text: str, heading: str = "# 五、您的权利") -> dict[str, str]:
    return {key: one.value for key, one in read_statements(policy_of(f"{heading}\n{text}\n")).rights.items()}


def test_nine_rights_with_their_ways() -> None:
    found = read_statements(example("table")).rights
    assert list(found) == [
        "access",
        "copy",
        "transfer",
        "correct",
        "supplement",
        "delete",
        "restrict",
        "cancel",
        "withdraw",
    ]
    assert all(one.value for one in found.values())
    assert found["transfer"].value == "您可以在“我的-设置-个人信息-转移”中申请将个人信息转移至您指定的处理者"
    assert "限制处理" in found["restrict"].value


def test_a_right_that_is_only_named_has_no_way() -> None:
    assert rights("您有权查阅、复制、转移您的个人信息。") == {"access": "", "copy": "", "transfer": ""}


def test_a_general_way_holds_for_all_that_are_named() -> None:
    found = rights("您有权查阅、删除您的个人信息。\n如您需要行使上述权利，请发送邮件至privacy@qinghe.example。")
    assert set(found) == {"access", "delete"}
    assert all("privacy@qinghe.example" in one for one in found.values())


WAYS = [
    ("您可以在“我的—设置—账号”中查阅您的个人信息。", "access"),
    ("您可以拨打010-55550123要求删除您的个人信息。", "delete"),
    ("您可以联系客服更正您的个人信息。", "correct"),
    ("您可以通过【设置】→【隐私】撤回授权。", "withdraw"),
    ("You can correct your personal information in Settings > Account.", "correct"),
    ("You can request a copy of your data by emailing privacy@larkspur.example.", "copy"),
]


@pytest.mark.parametrize(("text", "key"), WAYS)
def test_a_way_is_a_path_a_contact_or_a_form(text: str, key: str) -> None:
    assert rights(text)[key]


def test_a_heading_names_the_right_and_the_lines_below_the_way() -> None:
    assert rights("## 1、注销账号\n路径为：我的-设置-注销。")["cancel"] == "我的-设置-注销"


def test_a_row_of_a_table_tells_its_own_way() -> None:
    found = rights(
        "| 权利 | 方法 |\n| 查阅 | 首页直接查看 |\n| 注销账号 | 本应用没有账号 |\n| 撤回同意 | 设置 → 撤回同意 |\n"
    )
    assert found == {"access": "", "cancel": "", "withdraw": "设置→撤回同意"}


NONE = [
    ("有关信息仍可能由您和其他用户独立地缓存、复制或储存。", "# 五、您的权利"),
    ("我们会访问您的相册，您可以拒绝。", "# 一、我们如何收集信息"),
    ("我们采取访问控制，防止信息被修改或删除。", "# 四、信息安全"),
    ("本政策修改后将在显著位置公布。", "# 八、政策更新"),
    ("您可以查看本隐私政策。", "# 一、概述"),
]


def test_completing_a_profile_names_the_right_to_supplement() -> None:
    assert rights("您还可以选择填写性别、生日来完善您的个人信息。", "# 一、我们如何收集信息") == {"supplement": ""}


@pytest.mark.parametrize(("text", "heading"), NONE)
def test_the_words_elsewhere_name_no_right(text: str, heading: str) -> None:
    assert rights(text, heading) == {}


def test_cancellation_has_path_limit_and_conditions() -> None:
    found = read_statements(example("table")).cancellation
    assert found["path"].value == "您可以在“我的-设置-账号与安全-注销账号”中注销账号"
    assert found["limit"].value == "15个工作日内"
    assert found["conditions"].value == "注销前需结清账户余额。"
