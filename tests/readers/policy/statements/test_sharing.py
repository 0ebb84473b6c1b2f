import pytest

from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import policy_of


def sharing(text: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
    made = read_statements(policy_of(f"# 四、我们如何共享、转让、公开披露您的个人信息\n{text}\n")).sharing
    return [(one.recipient, one.role, one.types) for one in made]


GIVEN = [
    (
        "我们会将您的姓名、联系电话提供给物流公司，用于配送。",
        [("物流公司", "shared", ("account.name", "account.phone"))],
    ),
    (
        "我们委托示例市云帆云计算有限公司存储您的手机号码。",
        [("示例市云帆云计算有限公司", "entrusted", ("account.phone",))],
    ),
    ("我们会与关联公司共享您的账号信息。", [("关联公司", "shared", ("account.name",))]),
    ("发生合并时，您的手机号码可能转让给受让方。", [("受让方", "transferred", ("account.phone",))]),
    (
        "我们会将您的GPS信息与位置服务提供方（样例地图）共享。",
        [("位置服务提供方（样例地图）", "shared", ("location.precise",))],
    ),
    ("We share your email address with advertisers.", [("advertisers", "shared", ("account.email",))]),
]


@pytest.mark.parametrize(("text", "expected"), GIVEN)
def test_who_gets_what_in_which_role(text: str, expected: list[tuple[str, str | None, tuple[str, ...]]]) -> None:
    assert sharing(text) == expected


NONE = ["我们不会向任何第三方出售您的个人信息。", "我们不会与第三方共享您的手机号码。", "您可以将内容分享至微信好友。"]


@pytest.mark.parametrize("text", NONE)
def test_what_is_denied_or_done_by_the_user_is_none(text: str) -> None:
    assert sharing(text) == []


def test_a_table_of_recipients() -> None:
    made = sharing(
        "| 第三方名称 | 共享的个人信息 | 使用目的 | 共享方式 |\n| 示例快运有限公司 | 姓名、联系电话 | 配送 | 接口传输 |\n"
    )
    assert made == [("示例快运有限公司", "shared", ("account.name", "account.phone"))]


def test_a_named_company_counts_also_in_a_part_about_something_else() -> None:
    given = "为完成配送，我们会向远山彩虹物流有限公司提供您的联系电话。"
    for title, found in (("七、您的权利", ["远山彩虹物流有限公司"]), ("八、征得同意的例外", [])):
        made = read_statements(policy_of(f"# {title}\n{given}\n")).sharing
        assert [one.recipient for one in made] == found, title
