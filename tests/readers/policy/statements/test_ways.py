import pytest

from hegui.readers.policy.statements.ways import MAIL, PHONE, way

WAYS = [
    ("您可以在“我的-设置-注销”中注销。", "您可以在“我的-设置-注销”中注销"),
    ("路径：我的→设置→隐私", "我的→设置→隐私"),
    ("请发送邮件至privacy@qinghe.example。", "请发送邮件至privacy@qinghe.example"),
    ("您可以联系客服办理。", "您可以联系客服办理"),
    ("Go to Settings > Privacy.", "Go to Settings > Privacy."),
    ("您可以通过以下方式访问您的信息。", None),
    ("“青禾”重视您的隐私。", None),
    ("您有权删除您的个人信息。", None),
    ("您可以向我们提出删除的请求。", None),
]


@pytest.mark.parametrize(("text", "expected"), WAYS)
def test_a_way_is_somewhere_to_go(text: str, expected: str | None) -> None:
    assert way(text) == expected


NUMBERS = [
    ("010-55550123", True),
    ("400-555-0123", True),
    ("13900000000", True),
    ("2026-03-01", False),
    ("京ICP备17000000号", False),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_a_telephone_number(text: str, expected: bool) -> None:
    assert bool(PHONE.search(text)) is expected


def test_a_mail_address_with_a_wide_at_sign() -> None:
    assert MAIL.search("邮箱：privacy＠qinghe.example")
