"""Runs as columns."""

import pytest

from hegui.facts import Facts
from hegui.facts.json import adapter, from_json, to_json
from hegui.facts.trace import Run, Trace, TraceMeta, What

ONE_RUN = {
    "meta": {"run_id": "r", "scenario": "S1"},
    "ev": [
        {"seq": 2, "t_ms": 30, "type": "api", "pi_type": "clipboard", "stack": ["a.b.C.m"], "args": ["x"]},
        {"seq": 1, "t_ms": 10, "type": "fg"},
        {"seq": 3, "t_ms": 40, "type": "api", "pi_type": "clipboard", "stack": ["a.b.C.m"], "args": ["x"]},
    ],
}


def trace() -> Trace:
    made: Trace = adapter(Trace).validate_python(ONE_RUN)
    return made


def test_events_written_one_by_one_become_one_run_in_order_of_time() -> None:
    (run,) = trace().runs
    assert [(event.seq, event.t_ms, event.line, event.what.type) for event in run.ev] == [
        (1, 10, 2, "fg"),
        (2, 30, 1, "api"),
        (3, 40, 3, "api"),
    ]
    assert (len(run.whats), len(run.stacks)) == (2, 1)


def test_a_trace_comes_back_from_json_as_it_was() -> None:
    facts = Facts((), (), trace=trace())
    assert from_json(to_json(facts)) == facts


def test_where_asks_once_per_record_and_gives_every_event() -> None:
    asked: list[What] = []

    def test(what: What) -> bool:
        asked.append(what)
        return what.pi_type == "clipboard"

    (run,) = trace().runs
    assert [event.t_ms for event in run.where(test)] == [30, 40]
    assert len(asked) == 2


def test_nobody_known_is_unknown() -> None:
    assert {event.origin for event in trace().runs[0].ev} == {"unknown"}


@pytest.mark.parametrize(
    "columns",
    [
        {"t_ms": (1,), "line": (), "what": (0,)},
        {"t_ms": (1,), "line": (1,), "what": (7,)},
        {"whats": (What("fg", stack=0),), "t_ms": (1,), "line": (1,), "what": (0,)},
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: dict[str, tuple[object, ...]]) -> None:
    with pytest.raises(ValueError, match=r"columns|unknown"):
        Run(TraceMeta("r"), **{"whats": (What("fg"),), **columns})  # type: ignore[arg-type]
