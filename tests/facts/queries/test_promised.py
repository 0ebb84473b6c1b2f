import pytest

from hegui.facts.queries.promised import Limit, limit


@pytest.mark.parametrize(
    ("words", "number", "working"),
    [
        ("我们将在15个工作日内答复", 15, True),
        ("十五个工作日", 15, True),
        ("十五（15）个工作日内", 15, True),
        ("三十天内", 30, False),
        ("30日内反馈", 30, False),
        ("48小时内", 2, False),
        ("两周", 14, False),
        ("收到后3日内受理，15个工作日内办结", 15, True),
        ("within 15 business days", 15, True),
        ("within 30 days", 30, False),
    ],
)
def test_a_limit_is_read_with_its_unit(words: str, number: int, working: bool) -> None:
    found = limit(words)
    assert found is not None
    assert (found.number, found.working) == (number, working)


@pytest.mark.parametrize("words", ["尽快处理", "及时答复", ""])
def test_words_without_a_limit_promise_none(words: str) -> None:
    assert limit(words) is None


def test_the_words_are_kept_as_they_stand() -> None:
    assert limit("在 十五个工作日 内") == Limit(15, True, "十五个工作日")
