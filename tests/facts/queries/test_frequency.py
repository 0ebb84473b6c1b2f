import pytest

from hegui.facts.queries.frequency import Bound, bound, frequency, per_start


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


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("每30秒一次", Bound(1, 30_000)),
        ("每隔 5 分钟", Bound(1, 300_000)),
        ("每分钟不超过10次", Bound(10, 60_000)),
        ("每半小时", Bound(1, 1_800_000)),
        ("10次/分钟", Bound(10, 60_000)),
        ("1次/30秒", Bound(1, 30_000)),
        ("每3至5秒一次", Bound(1, 3000)),
        ("每天最多三次", Bound(3, 86_400_000)),
        ("every 30 seconds", Bound(1, 30_000)),
        ("once per day", Bound(1, 86_400_000)),
        ("4 times per hour", Bound(4, 3_600_000)),
        ("每分钟多次", None),
        ("每次扫码时", None),
        ("每0秒一次", None),
        ("按需", None),
    ],
)
def test_how_often_in_a_length_of_time(words: str, expected: Bound | None) -> None:
    assert bound(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("每次启动读取一次", 1),
        ("每次启动最多2次", 2),
        ("1次/启动", 1),
        ("首次启动时", 1),
        ("仅一次", 1),
        ("once per launch", 1),
        ("每30秒一次", None),
        ("启动后多次", None),
        ("每次扫码时", None),
    ],
)
def test_how_often_in_one_start(words: str, expected: int | None) -> None:
    assert per_start(words) == expected
