from dataclasses import replace

from hegui.facts import Facts, Stage
from hegui.facts.policy import Block, Mark, Policy
from hegui.facts.queries.policy_text import emphasis, fully_read, list_elsewhere, plainness
from tests.policies import policy, span


def test_rules_are_fully_read_when_every_stage_is_done() -> None:
    rules = policy("规则")
    assert fully_read(Facts((), (Stage("policy document rules.txt", "done"),), policy=rules))
    assert not fully_read(Facts((), (Stage("policy document rules.txt", "partial", "LIMIT_REACHED"),), policy=rules))
    assert not fully_read(Facts((), ()))


def test_a_list_in_another_document_is_seen() -> None:
    rules = policy("接入的 SDK 详见《灯笼第三方SDK目录》。")
    found = list_elsewhere(rules, "sdk_list")
    assert found is not None
    assert rules.said(found) == "《灯笼第三方SDK目录》"


def test_a_list_that_was_given_is_not_elsewhere() -> None:
    rules = policy("详见《灯笼第三方SDK目录》。")
    given = replace(rules.documents[0], name="sdks.txt", kind="sdk_list")
    assert list_elsewhere(replace(rules, documents=(*rules.documents, given)), "sdk_list") is None


def test_plainness_counts_sentences_and_vague_words() -> None:
    measured = plainness(policy("我们可能会收集位置。必要时收集相关信息。"))
    assert measured.sentences == 2
    assert measured.mean_length == 10
    assert [one.end - one.start for one in measured.vague] == [3, 3, 4]
    assert measured.vague_ratio == 3 / 10


def test_a_text_without_chinese_is_not_measured() -> None:
    assert plainness(policy("We may collect things.")).sentences == 0


def styled(*marks: Mark) -> Policy:
    rules = policy("标题\n收集人脸信息。")
    heading = Block("heading", (span(rules, "标题"),), marks=(Mark("bold", 0, 2),))
    return Policy(
        rules.text, documents=rules.documents, styled=True,
        blocks=(heading, Block("paragraph", (span(rules, "收集人脸信息。"),), marks=marks)),
    )  # fmt: skip


def test_bold_large_and_coloured_text_stands_out() -> None:
    for mark in (Mark("bold", 5, 7), Mark("size", 5, 7, "1.15"), Mark("colour", 5, 7, "30")):
        seen = emphasis(styled(mark))
        assert [(one.start, one.end) for one in seen.spans] == [(5, 7)]
        assert seen.share == 2 / 7


def test_links_small_deviations_and_headings_do_not() -> None:
    seen = emphasis(
        styled(Mark("underline", 5, 7), Mark("size", 5, 7, "1.1"), Mark("colour", 5, 7, "12"), Mark("link", 5, 7))
    )
    assert seen.spans == ()


def test_marks_side_by_side_are_one_stretch() -> None:
    seen = emphasis(styled(Mark("bold", 3, 6), Mark("colour", 5, 8, "60")))
    assert [(one.start, one.end) for one in seen.spans] == [(3, 8)]
