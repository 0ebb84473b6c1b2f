"""The counting of bench/policy_topics.py, and whose labels it is about."""

from pathlib import Path

import pytest

from bench.policy_labels import capp
from bench.policy_labels.capp import CORPUS, Labelled, Row, labelled_documents, plain
from bench.policy_topics import Counts, count, found_by_hegui, found_by_keywords
from hegui.facts.policy import Topic


def test_counts_give_precision_recall_and_f1() -> None:
    labelled: list[frozenset[Topic]] = [frozenset({"use", "storage"}), frozenset({"use"}), frozenset()]
    found: list[frozenset[Topic]] = [frozenset({"use"}), frozenset({"storage"}), frozenset({"use"})]
    assert count(labelled, found, ["use"]) == Counts(1, 1, 1)
    both = count(labelled, found, ["use", "storage"])
    assert both == Counts(1, 2, 2)
    assert both.precision == both.recall == both.f1 == pytest.approx(1 / 3)


def test_counts_of_nothing_are_zero() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (0.0, 0.0, 0.0)


def test_a_sentence_has_the_topics_of_the_passages_in_it() -> None:
    rows = tuple(
        Row(said, frozenset(), False)
        for said in (
            "六、未成年人",
            "如您为儿童，请在监护人同意后使用。请监护人指导儿童。",
            "当您注册时，我们会收集您的手机号码。",
        )
    )
    heading, minor, register = found_by_hegui(Labelled("云梦", rows), "zh")
    assert heading == frozenset()
    assert "special" in minor
    assert "collection" in register


def test_keywords_are_found_in_both_languages() -> None:
    assert found_by_keywords("您可以注销账号。") == {"management"}
    assert "special" in found_by_keywords("Children need their guardian.")


def test_every_annotation_file_belongs_to_one_policy(materials: Path) -> None:
    if not (materials / CORPUS).is_dir():
        pytest.skip(f"{CORPUS} is absent")
    documents = {one.name for one in labelled_documents(materials)}
    assert documents == {path.stem for path in (materials / CORPUS / "Original_policies").glob("*.txt")}
    assert capp.test_documents() < documents


def test_white_space_and_commas_do_not_tell_sentences_apart() -> None:
    assert plain("1.1,当您 注册，") == plain("1.1 当您注册")
