import pytest

from hegui.facts.queries.frequency import frequency


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("每30秒一次", "interval"),
        ("每隔5分钟", "interval"),
        ("1次/启动", "interval"),
        ("每次扫码时调用一次", "per_use"),
        ("用户点击拍照后", "per_use"),
        ("首次启动时", "once"),
        ("仅一次", "once"),
        ("导航期间", "while_in_use"),
        ("必要时", "as_needed"),
        ("按需", "as_needed"),
        ("用于身份核验", "unclear"),
        ("every 30 seconds", "interval"),
        ("each time you scan", "per_use"),
        ("as needed", "as_needed"),
    ],
)
def test_words_on_frequency_are_sorted(words: str, kind: str) -> None:
    assert frequency(words) == kind
