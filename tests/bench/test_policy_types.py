"""The counting of bench/policy_types.py, and that its labels are whole."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from bench.policy_labels import draw
from bench.policy_types import Label, Reading, Scores, agree, compare, label_of, reading
from hegui.catalogue.pi_types import PI_TYPES
from hegui.facts.policy import Policy, Span, Stated, StatedPermission, StatedType

BENCH = Path(__file__).resolve().parents[2] / "bench"
RAW = [json.loads(line) for line in (BENCH / "policy_labels/labels.jsonl").read_text(encoding="utf-8").splitlines()]
TEXT = "第一条 甲\n我们收集手机号 和设备信息，用于登录。\n第二条"
SENTENCE = "我们收集手机号 和设备信息，用于登录。"
PHONE = ("手机号", "account.phone")


def test_every_label_is_of_the_closed_list_and_lies_within_its_sentence() -> None:
    groups = {code.partition(".")[0] for code in PI_TYPES}
    documents = (BENCH / "policy_labels/test_documents.txt").read_text(encoding="utf-8").split()
    assert len(RAW) == 300
    for one in RAW:
        assert one["doc"] in documents
        assert (one["actor"] is not None) == bool(one["types"])
        places = [(mention["start"], mention["end"]) for mention in one["types"]]
        for start, end in (*places, *(one["purpose"] or ()), *([one["function"]] if one["function"] else ())):
            assert one["start"] <= start < end <= one["end"]
        assert {mention["type"] for mention in one["types"]} <= PI_TYPES.keys() | groups


def test_the_labelled_sentences_are_those_that_are_drawn(materials: Path) -> None:
    folder = materials / draw.CORPUS
    documents = draw.test_documents(folder)
    assert (BENCH / "policy_labels/test_documents.txt").read_text(encoding="utf-8").splitlines() == documents
    drawn = [(one.doc, one.start, one.end, one.sha256) for one in draw.draw(folder, documents)]
    assert [(one["doc"], one["start"], one["end"], one["sha256"]) for one in RAW] == drawn


def test_a_sentence_ends_at_its_mark_outside_brackets_and_at_the_line() -> None:
    text = "  我们收集信息（手机号；邮箱。）用于登录。您可以（随时关闭\n短。此处另起一行的一个句子"
    found = [one.text for one in draw.sentences("a", text)]
    assert found == ["我们收集信息（手机号；邮箱。）用于登录。", "您可以（随时关闭", "此处另起一行的一个句子"]


def label(*mentions: tuple[str, str], optional: bool = False, permission: bool = False, **changed: Any) -> Label:
    """A label of SENTENCE in TEXT; mentions are (words, type)."""
    start = TEXT.index(SENTENCE)
    types = [
        {"type": code, "start": TEXT.index(words), "end": TEXT.index(words) + len(words)}
        | {"optional": optional, "permission": permission}
        for words, code in mentions
    ]
    sha256 = hashlib.sha256(SENTENCE.encode()).hexdigest()
    raw = {"doc": "a", "start": start, "end": start + len(SENTENCE), "sha256": sha256, "types": types}
    rest: dict[str, Any] = {"purpose": None, "function": None, "actor": "app", "names": [], "negated": False}
    return label_of(raw | rest | changed, TEXT)


def read(wanted: Label, *types: tuple[str, str], actor: str = "app", purpose: str | None = None) -> Reading:
    """What a reader found that set the text anew, with other white space."""
    text = TEXT.replace(" ", "").replace("\n", "\n\n")
    found = tuple(
        StatedType(
            code, span=Span("a", text.index(words), text.index(words) + len(words)), actor=actor, purpose=purpose
        )
        for words, code in types
    )
    return reading(Policy(text, types=found), wanted, TEXT)


def counts(wanted: Label, seen: Reading, name: str) -> tuple[int, int, int, int]:
    """Right, wrong, found, missed."""
    scores = Scores()
    compare(wanted, seen, scores)
    one = scores.of(name)
    return one.right, one.wrong, one.found, one.missed


@pytest.mark.parametrize(
    ("case", "wanted", "types", "expected"),
    [
        ("the type at its place is right", label(PHONE), [PHONE], (1, 0, 1, 0)),
        ("a type twice counts once", label(PHONE), [PHONE, PHONE], (1, 0, 1, 0)),
        ("another type is wrong and the labelled one missed", label(PHONE), [("手机号", "sms")], (0, 1, 0, 1)),
        ("the type at another place is wrong", label(PHONE), [("设备信息", "account.phone")], (0, 1, 0, 1)),
        ("a type outside the sentence is not of it", label(PHONE), [("第一条", "sms"), PHONE], (1, 0, 1, 0)),
        ("nothing read is missed", label(PHONE), [], (0, 0, 0, 1)),
        ("any type meets its bare group", label(("手机号", "account")), [PHONE], (1, 0, 1, 0)),
        ("a bare group read does not meet an exact label", label(PHONE), [("手机号", "account")], (0, 1, 0, 1)),
        ("an optional mention met is neither", label(PHONE, optional=True), [PHONE], (0, 0, 0, 0)),
        ("an optional mention missed is neither", label(PHONE, optional=True), [], (0, 0, 0, 0)),
        ("stated where it is denied is wrong", label(PHONE, negated=True), [PHONE], (0, 1, 0, 0)),
    ],
)
def test_types(case: str, wanted: Label, types: list[tuple[str, str]], expected: tuple[int, int, int, int]) -> None:
    assert counts(wanted, read(wanted, *types), "type") == expected, case


def test_group_and_optional_are_scored_apart() -> None:
    wanted = label(PHONE)
    assert counts(wanted, read(wanted, ("手机号", "account.email")), "group") == (1, 0, 1, 0)
    wanted = label(PHONE, optional=True)
    assert counts(wanted, read(wanted), "type, optional too") == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("labelled", "names", "actor", "right"),
    [
        ("app", [], "app", True),
        ("app", [], "某推送SDK", False),
        ("app", ["某银行"], "某银行", True),
        ("sdk", ["某推送"], "某推送SDK", True),
        ("sdk", ["某推送"], "app", False),
        ("sdk", ["某推送"], "另一公司", False),
    ],
)
def test_actor(labelled: str, names: list[str], actor: str, right: bool) -> None:
    wanted = label(PHONE, actor=labelled, names=names)
    seen = read(wanted, PHONE, actor=actor)
    assert counts(wanted, seen, "type and actor") == ((1, 0, 1, 0) if right else (0, 1, 0, 1))


def test_a_permission_finds_the_mention_that_names_it() -> None:
    wanted = label(PHONE, permission=True)
    at = TEXT.index("手机号")
    policy = Policy(TEXT, permissions=(StatedPermission("READ_PHONE_STATE", span=Span("a", at, at + 3)),))
    assert counts(wanted, reading(policy, wanted, TEXT), "type") == (0, 0, 1, 0)
    assert counts(label(PHONE), reading(policy, wanted, TEXT), "type") == (0, 0, 0, 1)


def test_a_denial_is_found_among_the_negatives_that_lie_in_the_sentence() -> None:
    wanted = label(PHONE, negated=True)
    at = TEXT.index("手机号")
    inside, outside = (Policy(TEXT, negatives=(Stated("", Span("a", *span)),)) for span in ((at, at + 3), (0, 3)))
    assert counts(wanted, reading(inside, wanted, TEXT), "negatives") == (1, 0, 1, 0)
    assert counts(wanted, reading(outside, wanted, TEXT), "negatives") == (0, 0, 0, 1)


def test_purpose() -> None:
    at = TEXT.index("登录")
    wanted = label(PHONE, purpose=[[at, at + 2]])
    assert counts(wanted, read(wanted, PHONE, purpose="登录"), "purpose") == (1, 0, 1, 0)
    assert counts(wanted, read(wanted, PHONE), "purpose") == (0, 0, 0, 1)
    assert counts(wanted, read(wanted, PHONE, purpose="广告推送"), "purpose") == (0, 1, 0, 1)
    situation = label(PHONE, function=[at, at + 2])
    assert counts(situation, read(situation, PHONE, purpose="登录"), "purpose") == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("said", "wanted", "expected"),
    [
        ("完成登录", "登录", True),
        ("保障账号安全", "保障账号安全、优化服务、统计与分析并改进产品体验", True),
        ("用于我们为您提供各种各样服务以及登录", "登录", False),
        ("", "登录", False),
        ("登录", "", False),
    ],
)
def test_purposes_agree(said: str, wanted: str, expected: bool) -> None:
    assert agree(said, wanted) is expected


def test_a_sentence_that_was_not_read_counts_as_missed() -> None:
    wanted = label(PHONE)
    seen = reading(Policy("别的文字"), wanted, TEXT)
    assert not seen.at
    assert counts(wanted, seen, "type") == (0, 0, 0, 1)
