import pytest

from hegui.facts.policy import Policy
from hegui.readers.policy.statements.reading import Reading, topic_of
from tests.readers.policy.statements.policies import policy_of


def test_spaces_of_layout_go_and_places_stay() -> None:
    policy = Policy(text="我们 会收集 信 息和 IP 地址，used by us.")
    reading = Reading(policy)
    assert reading.text.strip() == "我们会收集信息和IP地址，used by us."
    start = reading.text.index("信息")
    assert policy.said(reading.span(start, start + 2)) == "信 息"


def test_hidden_text_is_not_read() -> None:
    policy = policy_of("我们会收集您的IMEI。\n")
    hidden = Policy(
        text=policy.text, blocks=tuple(type(one)(one.kind, one.spans, hidden=True) for one in policy.blocks)
    )
    assert Reading(hidden).lines == []


def test_numbers_rank_headings_in_plain_text() -> None:
    reading = Reading(Policy(text="一、收集\n（一）注册\n1、手机注册\n我们收集手机号码。\n（二）支付\n二、共享\n"))
    assert [(one.title, one.depth) for one in reading.sections[1:]] == [
        ("收集", 1), ("注册", 2), ("手机注册", 3), ("支付", 2), ("共享", 1),
    ]  # fmt: skip


def test_a_part_keeps_the_topic_of_what_it_stands_in() -> None:
    reading = Reading(policy_of("# 一、我们如何收集信息\n## 1、账号安全\n## 2、第三方登录\n## 3、共享\n# 二、其他\n"))
    assert [one.topic for one in reading.sections[1:]] == ["collect", "collect", "collect", "share", ""]


def test_a_title_above_all_names_the_rules_not_their_part_on_collecting() -> None:
    text = "# 青禾个人信息收集使用规则\n## 一、个人信息收集使用规则\n## 二、投诉与举报\n"
    assert [one.topic for one in Reading(policy_of(text)).sections[1:]] == ["", "collect", "contact"]


GAPS = [
    ("运营者：【请填写：运营者全称】。", "运营者：。"),
    ("由[公司名称]运营。", "由运营。"),
    ("XXX有限公司", "有限公司"),
    ("联系电话：________", "联系电话："),
    ("20XX年XX月XX日生效", "20年月日生效"),
]


@pytest.mark.parametrize(("text", "said"), GAPS)
def test_what_a_draft_leaves_open_is_blank(text: str, said: str) -> None:
    reading = Reading(Policy(text=text))
    assert reading.text.replace(" ", "").strip() == said
    assert len(reading.text) == len(text) + 1


NO_GAPS = [
    "【我的-设置-填写资料】",
    "【15】个工作日",
    "【联系方式】：客服",
    "MAXX手机",
    "[1]",
    "https://a.example/a__b",
]


@pytest.mark.parametrize("text", NO_GAPS)
def test_brackets_in_use_are_no_gaps(text: str) -> None:
    assert Reading(Policy(text=text)).text.strip() == text


TITLES = [
    ("我们如何收集和使用您的个人信息", "collect"),
    ("我们如何共享、转让、公开披露您的个人信息", "share"),
    ("我们如何保护未成年人的个人信息", "minor"),
    ("您如何管理您的个人信息", "rights"),
    ("我们如何保存您的个人信息", "retention"),
    ("本政策如何更新", "change"),
    ("如何联系我们", "contact"),
    ("征得授权同意的例外", "exempt"),
    ("青禾记账隐私政策", ""),
    ("青禾个人信息保护政策", ""),
    ("Information we collect", "collect"),
    ("Your rights", "rights"),
]


@pytest.mark.parametrize(("title", "topic"), TITLES)
def test_a_title_tells_the_topic(title: str, topic: str) -> None:
    assert topic_of(title) == topic


def test_items_know_the_words_that_introduce_them() -> None:
    reading = Reading(
        Policy(
            text="我们会收集：\n1）IMEI；\n2）手机号码。\n另外一段话在这里，它与上面的列表没有任何关系，只是说明我们十分重视您的隐私与信息安全，也会持续改进，谢谢。\n"
        )
    )
    leads = [one.lead for one in reading.sentences]
    assert leads[:3] == [None, 0, 0]
    assert leads[3] is None


def test_a_sentence_ends_where_a_reader_ends_it() -> None:
    reading = Reading(Policy(text="我们收集A；也收集B。We use it. You may ask e.g. us."))
    assert [reading.said(one).strip() for one in reading.sentences] == [
        "我们收集A；", "也收集B。", "We use it.", "You may ask e.g. us.",
    ]  # fmt: skip
