"""How often: the gaps between reads, and what the rules say of them."""

from typing import Any

from hegui.facts.policy import Function, Policy
from hegui.facts.trace import Run
from hegui.report.often import ENDS, often
from tests.report.example_screens import first_run, run

RULES = Policy("", functions=(Function("提醒", types=("location.precise",), freq="每30秒一次"),))


def reads(*times: int, **more: Any) -> Run:
    return run(
        "r",
        "S3",
        [{"t_ms": at, "type": "api", "pi_type": "contacts", "origin": "app", "result": "ok", **more} for at in times],
    )


def test_gaps_stand_beside_the_interval_the_rules_state() -> None:
    by_kind = {one.kind.zh: one for one in often(first_run(), RULES)}
    one = by_kind["精确位置"]
    assert (one.reads, one.median_ms, one.stated, one.faster) == (14, 4000, "每30秒一次", 13)
    assert one.gaps[1] == 13
    assert one.limit == 4.0
    assert by_kind["Android ID"].stated == ""


def test_calls_within_a_second_are_one_read() -> None:
    (one,) = often(reads(0, 300, 900, 10_000, 20_000, 30_000, 40_000), None)
    assert one.reads == 5
    assert sum(one.gaps) == 4


def test_few_reads_make_no_picture() -> None:
    assert often(reads(0, 10_000, 20_000), None) == ()


def test_rows_that_sum_up_or_were_denied_tell_no_times() -> None:
    assert often(reads(*range(0, 90_000, 9000), count=3), None) == ()
    assert often(reads(*range(0, 90_000, 9000), result="denied"), None) == ()


def test_the_last_column_holds_all_that_is_longer() -> None:
    (one,) = often(reads(*range(0, 100_000_000, 20_000_000)), None)
    assert one.gaps == (0,) * len(ENDS) + (4,)
