import pytest

from hegui.facts.policy import Document, Policy, Span
from hegui.facts.queries.policy_places import at, place
from tests.policies import SHA256

TEXT = "我们收集您的位置。\n\n名称：灯笼推送"
TWO = Policy(
    TEXT,
    documents=(
        Document("rules@v2.html", "rules", SHA256, 0, 9, "html"),
        Document("sdks.txt", "sdk_list", SHA256, 11, 18, "text"),
    ),
)


def test_a_place_counts_within_its_own_document() -> None:
    assert place(TWO, Span("sdks.txt", 14, 18)) == "sdks.txt@3-7"


@pytest.mark.parametrize("span", [Span("rules@v2.html", 2, 9), Span("sdks.txt", 11, 18)])
def test_a_place_leads_back_to_its_span(span: Span) -> None:
    assert at(TWO, place(TWO, span)) == span


@pytest.mark.parametrize(
    "where", ["sdks.txt@3-70", "other.txt@0-1", "sdks.txt", "sdks.txt@5-3", "AndroidManifest.xml@0x01a4"]
)
def test_what_names_no_place_of_these_rules_is_none(where: str) -> None:
    assert at(TWO, where) is None
