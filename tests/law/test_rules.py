"""Rules, open questions, workflows and features are complete, and everything the duties name exists."""

import pytest

from hegui.law.duty import Duty
from hegui.law.packs import shipped_duties
from hegui.law.rules import ambiguities, features, rules, workflows


def test_the_numbers_are_in_series() -> None:
    assert list(rules()) == [f"R{n:02}" for n in range(79)]
    assert list(ambiguities()) == [f"A-{n:02}" for n in range(37)]
    assert list(features()) == [f"F-{n:02}" for n in range(1, 36)]
    assert len(workflows()) == 16


@pytest.mark.parametrize("duty", shipped_duties().values(), ids=lambda duty: duty.id)
def test_what_a_duty_names_exists(duty: Duty) -> None:
    assert set(duty.rules) <= set(rules())
    assert set(duty.ambiguities) <= set(ambiguities())
    assert set(duty.workflows) <= set(workflows())
    assert set(duty.features) <= set(features())
    assert set(duty.related) <= set(shipped_duties())


def test_every_text_is_there_in_both_languages() -> None:
    for rule in rules().values():
        assert rule.title.zh
        assert rule.title.en
        assert rule.inputs
        for words in (rule.compliant, rule.violation, rule.risk, rule.not_applicable, rule.guards):
            assert bool(words.zh) == bool(words.en), rule.id
    for question in ambiguities().values():
        assert question.default.zh
        assert question.default.en
