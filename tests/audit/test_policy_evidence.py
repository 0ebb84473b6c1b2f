from hegui.audit import policy_evidence as shows
from tests.policies import SHA256, policy, span

RULES = policy("我们收集您的位置。" + "长" * 400)


def test_a_sentence_is_shown_with_its_place_and_the_hash_of_its_document() -> None:
    one = shows.sentence(RULES, span(RULES, "收集您的位置"))
    assert (one.kind, one.where, one.excerpt, one.sha256) == ("policy_text", "rules.txt@2-8", "收集您的位置", SHA256)


def test_a_longer_passage_is_cut_and_says_so() -> None:
    assert shows.sentence(RULES, span(RULES, "长" * 400)).excerpt == "长" * 300 + "…"


def test_what_is_absent_is_shown_for_the_rules_as_a_whole() -> None:
    one = shows.whole(RULES, "没有“注销”")
    assert (one.where, one.sha256) == ("rules.txt", SHA256)
