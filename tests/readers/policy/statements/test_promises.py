import pytest

from hegui.facts.policy import Policy
from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import policy_of


def read(text: str) -> Policy:
    return read_statements(policy_of(text + "\n"))


COMPLAINTS = [
    (
        "# 联系我们\n如需投诉，请发送邮件至privacy@qinghe.example，我们将在10个工作日内答复。",
        "privacy@qinghe.example",
        "10个工作日内",
    ),
    ("# 联系我们\n个人信息投诉电话：010-55550123", "010-55550123", None),
    (
        "# 联系我们\n如有疑问或投诉，可通过以下方式联系我们：\n电子邮箱：privacy@qinghe.example",
        "privacy@qinghe.example",
        None,
    ),
    (
        "# Contact us\nFor complaints write to privacy@larkspur.example. We reply within 15 days.",
        "privacy@larkspur.example",
        "15 days",
    ),
    (
        "# 青禾个人信息收集使用规则\n## 十一、投诉与举报\n投诉、举报渠道：投诉邮箱 complaint@qinghe.example。\n"
        "收到投诉、举报后，我们在15个工作日内办结并答复您。",
        "complaint@qinghe.example",
        "15个工作日内",
    ),
    (
        "# 八、投诉与答复\n投诉、举报或者行使权利，请写信至 privacy@qinghe.example。我们在10个工作日内答复。",
        "privacy@qinghe.example",
        "10个工作日内",
    ),
]


@pytest.mark.parametrize(("text", "channel", "limit"), COMPLAINTS)
def test_complaints_have_a_channel_and_a_limit(text: str, channel: str, limit: str | None) -> None:
    found = read(text).complaint
    assert found["channel"].value == channel
    assert (found["limit"].value if "limit" in found else None) == limit


def test_a_court_is_no_channel() -> None:
    assert "channel" not in read("# 联系我们\n您可以向网信部门投诉。").complaint


def test_retention_is_no_limit_for_answers() -> None:
    assert "limit" not in read("# 联系我们\n如需投诉请联系privacy@qinghe.example。\n反馈记录保存180天。").complaint


def test_minors_have_an_age_a_guardian_and_rules() -> None:
    found = read("# 七、未成年人\n未满14周岁的用户应取得监护人同意。详见《青禾儿童个人信息保护规则》。").minor
    assert {key: one.value for key, one in found.items()} == {
        "age": "未满14周岁", "guardian": "未满14周岁的用户应取得监护人同意。", "rules": "《青禾儿童个人信息保护规则》",
    }  # fmt: skip


def test_fourteen_is_preferred_to_eighteen() -> None:
    assert (
        read("# 七、未成年人\n未满18周岁请在监护人指导下使用。\n不满十四周岁须监护人同意。").minor["age"].value
        == "不满十四周岁"
    )


def test_personalisation_has_a_switch_and_an_alternative() -> None:
    found = read(
        "# 六、个性化推荐\n我们会根据您的偏好进行个性化推荐。您可以在“设置-个性化推荐”中关闭，关闭后将展示非个性化内容。"
    ).personal
    assert found["used"].value == "我们会根据您的偏好进行个性化推荐。"
    assert found["switch"].value == "您可以在“设置-个性化推荐”中关闭"
    assert "alternative" in found


def test_personalisation_that_is_not_done_is_no() -> None:
    assert {key: one.value for key, one in read("# 九、个性化推送\n我们不进行个性化推送。").personal.items()} == {
        "used": "否"
    }


USED_ALL_THE_SAME = [
    "我们会进行个性化推送。\n我们不会基于您的健康数据进行个性化推送。",
    "如您不使用个性化推荐，请在“设置-个性化推荐”中关闭。",
    "关闭后，我们不会再向您展示个性化广告。您可以在“设置-个性化广告”中关闭。",
]


@pytest.mark.parametrize("text", USED_ALL_THE_SAME)
def test_a_limit_of_personalisation_is_no_denial_of_it(text: str) -> None:
    assert read(f"# 六、推荐\n{text}").personal["used"].value != "否"


def test_without_a_word_on_it_there_is_none() -> None:
    policy = read("# 一、收集\n我们会收集您的手机号码。")
    assert (policy.personal, policy.minor, policy.change, policy.complaint) == ({}, {}, {}, {})


CHANGES = [
    ("政策更新后，我们会以弹窗方式通知您，并重新征得您的同意。", True, True),
    ("我们可能修订本政策，修订后会在官网公告。", True, False),
    ("We will notify you of changes to this policy by email.", True, False),
    ("所列目的、权限或 SDK 变化时，我们会弹窗逐项告知变化，并重新取得您的同意。", True, True),
    ("修改后的规则一经公布立即生效，恕不另行通知。", False, False),
]


@pytest.mark.parametrize(("text", "how", "consent"), CHANGES)
def test_changes_are_told_and_consented_to(text: str, how: bool, consent: bool) -> None:
    found = read(f"# 八、本政策如何更新\n{text}").change
    assert ("how" in found, "consent" in found) == (how, consent)
