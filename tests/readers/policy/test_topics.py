"""What invented sentences are about, and where they stand. How well it does on real ones: bench/policy_topics.py."""

import json
import tomllib

import pytest

from hegui.facts.policy import Block, Document, Policy, Span, Topic
from hegui.readers.policy.topics import (
    LANGUAGES,
    TOPICS,
    WEIGHTS,
    Model,
    context_features,
    cues,
    grams,
    model,
    passages,
    scores,
    sentences,
)

RULES = """云梦记账隐私政策
一、我们如何收集您的个人信息
当您注册云梦记账账号时，我们会收集您的手机号码和昵称。
当您扫描小票时，我们会申请您的相机权限。
二、我们如何共享、转让、公开披露您的个人信息
我们不会与任何公司、组织和个人共享您的个人信息，但事先获得您明确同意的除外。
三、我们如何存储您的个人信息
我们在中华人民共和国境内存储您的个人信息，保存期限为您使用服务期间。
四、我们如何保护您的个人信息
我们使用加密技术防止您的个人信息遭到未经授权的访问、泄露。
五、您的权利
您可以在“我的-设置”中更正、删除您的个人信息，或注销账号。
六、未成年人保护
如您为未满十四周岁的儿童，请在监护人同意后使用我们的服务。
七、本政策的变更
如我们对本政策作出重大变更，我们会在变更生效前以弹窗方式通知您。
八、停止运营
如我们停止运营，我们将及时停止收集您个人信息，并将停止运营的通知以公告形式通知您。
九、如何联系我们
如有疑问，您可以通过电子邮箱 nobody@example.com 与我们联系。
"""

RULES_EN = """Privacy policy of Cloud Ledger
1. How we collect your personal information
When you register an account, we will collect your mobile phone number and nickname.
2. How we share your personal information
We will not share your personal information with any company, organization or individual without your consent.
3. How we protect your personal information
We use encryption technology to protect your personal information and prevent unauthorized access.
4. Minors
If you are a minor under 14, please use our services with the consent of your guardian.
"""


def about(text: str, lang: str = "zh") -> dict[str, set[Topic]]:
    """The topics of each line that has any."""
    policy = Policy(text, lang=lang)
    found: dict[str, set[Topic]] = {}
    for one in passages(policy):
        found.setdefault(policy.said(one.span), set()).add(one.topic)
    return found


@pytest.mark.parametrize(
    ("begins", "topic"),
    [
        ("当您注册", "collection"),
        ("当您扫描", "permission"),
        ("我们不会与", "sharing"),
        ("我们在中华", "storage"),
        ("我们使用加密", "security"),
        ("您可以在“我的", "management"),
        ("如您为未满", "special"),
        ("如我们对本政策", "revision"),
        ("如我们停止", "cessation"),
        ("如有疑问", "contact"),
    ],
)
def test_a_plain_sentence_is_about_its_topic(begins: str, topic: Topic) -> None:
    (topics,) = [topics for said, topics in about(RULES).items() if said.startswith(begins)]
    assert topic in topics


def test_use_is_found_where_it_is_said_at_length() -> None:
    text = (
        "三、我们如何使用您的个人信息\n"
        "我们会将收集的信息用于改善我们的产品和服务，以及向您推荐您可能感兴趣的内容。\n"
        "我们会使用您的浏览记录，为您提供个性化推荐服务。"
    )
    assert any("use" in topics for topics in about(text).values())


@pytest.mark.parametrize(
    ("begins", "topic"),
    [("When you register", "collection"), ("We will not share", "sharing"), ("We use encryption", "security")],
)
def test_english_is_read_too(begins: str, topic: Topic) -> None:
    (topics,) = [topics for said, topics in about(RULES_EN, "en").items() if said.startswith(begins)]
    assert topic in topics


def test_headings_are_about_nothing() -> None:
    assert not {line for line in RULES.splitlines() if line[1:2] == "、"} & about(RULES).keys()


def test_text_of_something_else_has_no_passages() -> None:
    assert passages(Policy("床前明月光，疑是地上霜。\n举头望明月，低头思故乡。")) == ()


def test_no_text_has_no_passages() -> None:
    assert passages(Policy("")) == ()


def test_passages_stand_in_the_order_of_the_text_with_a_confidence() -> None:
    found = passages(Policy(RULES))
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    assert all(0 < one.conf <= 1 for one in found)
    assert found == passages(Policy(RULES))


def test_the_span_names_the_document_and_the_language_is_that_of_the_document() -> None:
    documents = (
        Document("rules.txt", "rules", "", 0, len(RULES), "text"),
        Document("rules_en.txt", "rules", "", len(RULES), len(RULES) + len(RULES_EN), "text", "en"),
    )
    policy = Policy(RULES + RULES_EN, documents=documents)
    found = passages(policy)
    assert {one.span.document for one in found} == {"rules.txt", "rules_en.txt"}
    assert [one.topic for one in found if one.span.document == "rules.txt"] == [
        one.topic for one in passages(Policy(RULES))
    ]


def test_what_is_hidden_is_left_out() -> None:
    said = "我们会收集您的手机号码。"
    text = f"{said}\n{said}"
    whole = (Span("", 0, len(said)),), (Span("", len(said) + 1, len(text)),)
    blocks = (Block("paragraph", whole[0], hidden=True), Block("paragraph", whole[1]))
    assert {one.span.start for one in passages(Policy(text, blocks=blocks))} == {len(said) + 1}


def test_hidden_blocks_may_lie_in_one_another() -> None:
    said = "我们会收集您的手机号码。"
    text = "\n".join([said] * 3)
    inner = Block("cell", (Span("", 0, 3),), hidden=True)
    outer = Block("table", (Span("", 0, 2 * len(said) + 1),), hidden=True)
    starts = {one.span.start for one in passages(Policy(text, blocks=(inner, outer)))}
    assert starts == {2 * len(said) + 2}


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh", "甲。乙；丙！\n 丁 \n\n戊", ["甲。", "乙；", "丙！", "丁", "戊"]),
        ("zh", "“甲。”乙", ["“甲。”", "乙"]),
        ("zh", "姓名\t手机号\n张某\t无", ["姓名\t手机号", "张某\t无"]),
        (
            "en",
            "We use v1.2 of it. Really? Yes; see a.b.\nEnd",
            ["We use v1.2 of it.", "Really?", "Yes; see a.b.", "End"],
        ),
        ("en", "...", ["..."]),
        ("zh", "。。", ["。。"]),
        ("zh", "", []),
    ],
)
def test_sentences(lang: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, 0, len(text), lang)] == expected


def test_sentences_of_a_document_stay_inside_it() -> None:
    assert list(sentences("甲。乙丙。丁", 2, 4, "zh")) == [(2, 4)]


def test_grams_hold_no_commas_numbers_or_case() -> None:
    assert grams("A, 23", (1, 2)) == {"^", "a", "0", "$", "^a", "a0", "0$"}
    assert "t a" in grams("GET, a 5", (3, 3))


def test_cues_are_words_of_one_topic_in_either_language() -> None:
    assert cues("如您为儿童，请由监护人联系我们。") == {"special", "contact"}
    assert cues("Your Guardian may WITHDRAW consent.") == {"special", "management"}
    assert cues("一、总则") == frozenset()


def test_no_cue_belongs_to_two_topics() -> None:
    words = tomllib.loads((WEIGHTS / "cues.toml").read_text("utf-8"))["words"]
    assert list(words) == list(TOPICS)
    every = [word for of_topic in words.values() for word in of_topic]
    assert len(set(every)) == len(every)
    assert [word.lower() for word in every] == every


def test_scores_are_the_bias_where_nothing_is_known() -> None:
    bias = tuple(float(at) for at in range(len(TOPICS)))
    weights = (2,) + (0,) * (len(TOPICS) - 1)
    used = Model((1, 1), 0.5, bias, {"收": weights}, (), (), ())
    assert scores(used, "无") == bias
    assert scores(used, "收收") == (1.0, *bias[1:])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_weights_fit_what_the_reader_counts(lang: str) -> None:
    used = model(lang)
    (row,) = context_features(["一"], [(0.0,) * len(TOPICS)])
    assert {len(weights) for weights in used.context} == {len(features) for features in row}
    assert len(used.context) == len(used.thresholds) == len(used.bias) == len(TOPICS)
    assert {len(weights) for weights in used.grams.values()} == {len(TOPICS)}


def test_weights_are_small_and_hold_no_sentences() -> None:
    assert sum((WEIGHTS / f"{lang}.json").stat().st_size for lang in LANGUAGES) < 600_000
    for lang in LANGUAGES:
        read = json.loads((WEIGHTS / f"{lang}.json").read_text("utf-8"))
        assert read["topics"] == list(TOPICS)
        assert max(map(len, read["grams"])) <= 4
