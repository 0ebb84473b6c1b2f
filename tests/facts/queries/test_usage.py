"""Acts and the entries a terminal made of them."""

import pytest

from hegui.facts.json import adapter
from hegui.facts.queries.usage import Conformance, conformance, is_record, kinds_of, uses
from hegui.facts.trace import Run, What

_STARTED = "2026-03-05T09:00:00+08:00"
_DAY = 86_400_000


def run(*events: dict[str, object], **meta: object) -> Run:
    head = {"run_id": "r", "package": "com.example.probe", "started_at": _STARTED, "clock": "wall", **meta}
    made: Run = adapter(Run).validate_python({"meta": head, "ev": list(events)})
    return made


def sms(t_ms: int, **more: object) -> dict[str, object]:
    return {"t_ms": t_ms, "type": "api", "perm_group": "sms", "result": "ok", **more}


def held(acts: list[dict[str, object]], entries: list[dict[str, object]], merge_ms: int = 0) -> Conformance:
    return conformance([run(*acts)], [run(*entries, covers=["record"])], merge_ms)


def matched(session: Conformance) -> list[bool]:
    return [one.entry is not None for one in session.pairs]


KINDS = {
    "an IMEI is an identifier, read under the phone permission": (
        {"type": "api", "pi_type": "device_id.imei", "perm_group": "phone"}, ("device_id", "phone"),
    ),
    "the end of a use is none": ({"type": "sensor", "perm_group": "camera", "op": "close"}, ()),
    "a photo the user picked is no use of the storage": ({"type": "file", "perm_group": "storage", "via": "picker"}, ()),
    "the user's own start is none": ({"type": "process_start", "cause": "launcher"}, ()),
    "a broadcast starts by itself": ({"type": "process_start", "cause": "broadcast"}, ("self_start",)),
    "a service may have been wanted by another app": (
        {"type": "process_start", "cause": "service"}, ("self_start", "linked_start"),
    ),
    "a request is no use": ({"type": "perm_req", "perm_group": "sms"}, ()),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "kinds"), KINDS.values(), ids=KINDS)
def test_which_kinds_an_event_is(fields: dict[str, str], kinds: tuple[str, ...]) -> None:
    assert kinds_of(What(**fields)) == kinds  # type: ignore[arg-type]


def test_each_act_takes_the_nearest_entry_that_is_left() -> None:
    session = held([sms(0), sms(1000), sms(9000)], [sms(900), sms(100)])
    assert matched(session) == [True, True, False]
    assert [one.entry.use.at_ms - one.act.at_ms for one in session.pairs[:2] if one.entry] == [100, -100]


def test_two_seconds_are_one_moment_and_a_millisecond_more_is_late() -> None:
    assert held([sms(0)], [sms(2000)]).pairs[0].off_ms == 2000
    late = held([sms(0), sms(2001)], [sms(4001)])
    assert matched(late) == [False, True]


def test_an_entry_from_before_the_act_is_not_of_it() -> None:
    assert matched(held([sms(10_000)], [sms(1000)])) == [False]


def test_a_later_entry_nobody_else_explains_is_a_late_one() -> None:
    [one] = held([sms(0)], [sms(_DAY + 60_000)]).pairs
    assert one.late_ms == _DAY + 60_000


def test_an_entry_that_lasts_stands_for_all_within() -> None:
    assert matched(held([sms(0), sms(30_000), sms(59_000), sms(70_000)], [sms(0, lasts_ms=60_000)])) == [
        True,
        True,
        True,
        False,
    ]


def test_published_merging_makes_a_stretch_of_an_entry() -> None:
    acts = [sms(0), sms(59_000)]
    assert matched(held(acts, [sms(0)])) == [True, False]
    assert matched(held(acts, [sms(0)], merge_ms=60_000)) == [True, True]


def test_a_count_without_times_stands_for_as_many_acts_of_the_day() -> None:
    session = held([sms(0), sms(1000), sms(3_600_000)], [sms(1_800_000, count=2)])
    assert matched(session) == [True, True, False]
    assert all(one.entry.untimed for one in session.pairs if one.entry)


def test_an_entry_under_another_app_is_told() -> None:
    other = run(sms(100), package="com.example.other", covers=["record"])
    session = conformance([run(sms(0))], [other])
    assert session.pairs[0].entry is None
    assert session.pairs[0].elsewhere is not None
    assert session.pairs[0].elsewhere.package == "com.example.other"


def test_entries_no_act_explains_count_within_the_run_and_of_its_app_only() -> None:
    mine = run(sms(0), sms(30_000), sms(90_000), covers=["record"])
    other = run(sms(30_000), package="com.example.other", covers=["record"])
    session = conformance([run(sms(0), sms(60_000))], [mine, other])
    assert [one.event.t_ms for one in session.extra] == [30_000]


def test_what_was_refused_or_not_said_to_succeed_is_not_asked_of_the_record() -> None:
    session = held([sms(0, result="denied"), sms(9000, result=None)], [])
    assert session.pairs == []
    assert len(session.unsure) == 1


def test_a_start_that_both_apps_logged_is_one() -> None:
    starter = run({"t_ms": 0, "type": "start_app", "target": "com.example.other/.S", "result": "ok"})
    started = run({"t_ms": 300, "type": "process_start", "cause": "service"}, package="com.example.other")
    record = run({"t_ms": 100, "type": "start_app", "target": "com.example.other", "result": "ok"}, covers=["record"])
    session = conformance([starter, started], [record])
    assert matched(session) == [True]
    assert [one.starter for one in uses(record)] == ["com.example.probe"]


@pytest.mark.parametrize("meta", [{"started_at": ""}, {"started_at": "2026-03-05T09:00:00"}, {"package": ""}])
def test_times_that_cannot_be_compared_leave_the_kind(meta: dict[str, object]) -> None:
    session = conformance([run(sms(0), **meta)], [run(sms(9_000_000), run_id="other", covers=["record"])])
    assert not session.timed
    assert matched(session) == [True]


def test_acts_outside_the_time_of_the_record_are_not_asked_of_it() -> None:
    record = run(sms(0), started_at="2026-03-05T10:00:00+08:00", ended_ms=1000, covers=["record"])
    session = conformance([run(sms(0))], [record])
    assert (session.pairs, len(session.outside)) == ([], 1)


def test_app_ops_keep_the_last_use_only() -> None:
    assert not conformance([run(sms(0))], [run(format="appops", covers=["record"])]).whole
    assert is_record(run(covers=["终端记录"]))
