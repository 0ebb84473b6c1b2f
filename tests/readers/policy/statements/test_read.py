"""All statements of invented policies, kept in golden files; ./run golden writes them anew."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.facts.policy import Policy
from hegui.readers.policy.statements import prepare, read_statements
from tests.readers.policy.statements.policies import example, policy_of

GOLDEN = Path(__file__).parent / "golden"
LEFT_OUT = ("text", "blocks", "documents", "passages", "url", "styled")


def lines(policy: Policy, value: Any, name: str = "") -> list[str]:
    """The statements as lines of text, with the words at each span."""
    if isinstance(value, dict) and set(value) == {"document", "start", "end"}:
        return [f"{name} = {' '.join(policy.text[value['start'] : value['end']].split())[:60]!r}"]
    if isinstance(value, dict):
        return [line for key, one in value.items() for line in lines(policy, one, f"{name}.{key}".lstrip("."))]
    if isinstance(value, tuple) and value and not isinstance(value[0], str):
        return [line for index, one in enumerate(value) for line in lines(policy, one, f"{name}[{index}]")]
    return [] if value in (None, (), {}) else [f"{name} = {value!r}"]


@pytest.mark.parametrize("name", ["table", "prose", "english", "bad"])
def test_what_a_whole_policy_states(name: str, request: pytest.FixtureRequest) -> None:
    policy = read_statements(example(name))
    told = {key: value for key, value in asdict(policy).items() if key not in LEFT_OUT}
    found = "\n".join(lines(policy, told)) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if request.config.getoption("--golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")


def test_the_text_and_the_blocks_stay() -> None:
    before = example("table")
    after = read_statements(before)
    assert (after.text, after.blocks, after.documents) == (before.text, before.blocks, before.documents)


def test_an_empty_policy_states_nothing() -> None:
    assert read_statements(Policy(text="")) == Policy(text="")


def test_gaps_of_a_draft_state_nothing() -> None:
    policy = read_statements(
        policy_of(
            "# 青禾个人信息收集使用规则\n运营者：【请填写：全称，如示例市青禾软件有限公司】\n"
            "联系方式：【请填写：邮箱，如 privacy@qinghe.example】。\n"
            "我们会收集【请填写：如手机号码】，保存【请填写：如3年】。\n"
            "| 功能 | 目的 | 个人信息种类 |\n| 注册 | 【请填写：目的】 | 【请填写：如昵称】 |\n"
        )
    )
    assert (policy.operator.name, policy.operator.contacts, policy.types, policy.retention) == (None, (), (), ())
    assert [(one.name, one.purpose, one.said_types) for one in policy.functions] == [("注册", None, ())]


def test_the_same_text_twice_gives_the_same() -> None:
    prepare()
    assert read_statements(example("table")) == read_statements(example("table"))


WORDS = st.from_regex(
    r"(# |\| | \||我们|不会|收集|您的|手机号码|IMEI|，|。|：|“|”|-|SDK|权限|相机|\n|保存|3年|注销|将|提供给|第三方|公司"
    r"|《|》|（|）|1、|一、| |【请填写|】|XXX|we |collect |14周岁|2026年3月1日|a@b\.example|使用目的|为了"
    r"|如您|未经|同意|敏感个人信息){0,60}",
    fullmatch=True,
)


@given(WORDS)
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    policy = read_statements(policy_of(text))

    def check(value: Any) -> None:
        if isinstance(value, dict):
            if set(value) == {"document", "start", "end"}:
                assert 0 <= value["start"] <= value["end"] <= len(text)
            for one in value.values():
                check(one)
        elif isinstance(value, tuple):
            for one in value:
                check(one)

    check({key: value for key, value in asdict(policy).items() if key not in ("blocks", "documents")})
