import pytest

from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import policy_of

Kept = tuple[str, str | None, str | None, str | None]


def kept(text: str) -> list[Kept]:
    made = read_statements(policy_of(f"# 三、我们如何存储您的个人信息\n{text}\n")).retention
    return [(one.scope, one.period, one.method, one.expiry) for one in made]


STATED: list[tuple[str, list[Kept]]] = [
    ("订单信息保存3年，到期后删除。", [("订单信息", "3年", None, "到期后删除")]),
    ("网络日志留存不少于六个月。", [("网络日志", "不少于六个月", None, None)]),
    ("您的手机号码将保存至您注销账号之日。", [("手机号码", "至您注销账号之日", None, None)]),
    (
        "我们仅在实现目的所必需的最短期限内保留您的个人信息。超出期限后，我们将删除或匿名化处理。",
        [("个人信息", None, "在实现目的所必需的最短期限", "超出期限后，我们将删除或匿名化处理")],
    ),
    (
        "您注销账号或者我们终止运营的，我们将对您的个人信息进行删除或匿名化处理。",
        [("个人信息", None, None, "您注销账号或者我们终止运营的，我们将对您的个人信息进行删除或匿名化处理")],
    ),
    ("注销账号后，我们将删除您的个人信息。", [("个人信息", None, None, "注销账号后，我们将删除您的个人信息")]),
    (
        "We retain your account information for as long as your account exists.",
        [("account information", "for as long as your account exists", None, None)],
    ),
    ("Logs are kept for 6 months and then deleted.", [("Logs", "6 months", None, None)]),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_period_method_and_end(text: str, expected: list[Kept]) -> None:
    assert kept(text) == expected


NONE = [
    "您的个人信息存储于中华人民共和国境内。",
    "我们会在15个工作日内答复您的请求。",
    "我们采取加密措施存储您的个人信息。",
    "《电子商务法》自2019年1月1日起施行。",
]


@pytest.mark.parametrize("text", NONE)
def test_a_place_or_an_answer_is_no_period(text: str) -> None:
    assert kept(text) == []


def test_a_table_of_periods() -> None:
    assert kept("| 信息种类 | 保存期限 | 到期处理 |\n| 手机号码 | 至您注销账号 | 删除 |\n") == [
        ("手机号码", "至您注销账号", None, "删除")
    ]
