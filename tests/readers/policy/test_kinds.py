import pytest

from hegui.readers.policy.kinds import kind_of


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("甲应用隐私政策", "rules"),
        ("甲应用个人信息保护指引", "rules"),
        ("Privacy Policy", "rules"),
        ("第三方SDK目录", "sdk_list"),
        ("接入第三方SDK清单", "sdk_list"),
        ("与第三方共享个人信息清单", "sharing_list"),
        ("已收集个人信息清单", "collected_list"),
        ("儿童个人信息保护规则及监护人须知", "children"),
        ("隐私政策摘要", "summary"),
        ("用户服务协议", "other"),
    ],
)
def test_the_title_tells(title: str, kind: str) -> None:
    assert kind_of(title, (), "a.html", "") == kind


def test_without_a_title_headings_name_and_text_tell() -> None:
    assert kind_of("", ("SDK列表",), "a.html", "") == "sdk_list"
    assert kind_of("", (), "sdk_list.html", "") == "sdk_list"
    assert kind_of("", (), "a.html", "我们保护个人信息。" * 3) == "rules"


def test_rules_with_a_summary_at_their_head_are_rules() -> None:
    assert kind_of("隐私政策摘要", (), "a.html", "个人信息" * 2_000) == "rules"
