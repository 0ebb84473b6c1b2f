"""Evidence from runs: where it stands, what was said, and whose log it is."""

from dataclasses import replace

from hegui.audit import trace_evidence as shows
from hegui.facts import Facts, Input
from hegui.facts.trace import Event, Run, Stack, What
from tests.facts.queries.test_timeline import at, run

_HASH = "cd" * 32


def facts(*names: str) -> Facts:
    return Facts(tuple(Input("trace", name, _HASH, 1) for name in names), ())


def first(one: Run) -> Event:
    return next(one.ev)


def test_an_event_is_found_again_by_log_line_and_hash() -> None:
    one = run(
        at(12_345, api_id="id.android_id", pi_type="device_id.android_id", result="ok", line=12), source="demo.xls"
    )
    told = shows.event(facts("demo.xls"), one, first(one))
    assert (told.kind, told.where, told.sha256) == ("runtime_trace", "demo.xls@line 12", _HASH)
    assert told.excerpt == "t=12.345 s api id.android_id (device_id.android_id) ok"


def test_without_a_log_it_is_the_run_and_number_and_without_times_the_order() -> None:
    one = run(at(3), clock="order")
    told = shows.event(facts(), one, first(one))
    assert (told.where, told.sha256, told.excerpt) == ("run r event 1", "", "event 1 api")


def test_two_logs_of_one_name_have_no_hash_to_tell() -> None:
    one = run(at(3), source="a.csv")
    made = facts("a.csv")
    both = Facts((*made.inputs, replace(made.inputs[0], sha256="ef" * 32)), ())
    assert shows.event(both, one, first(one)).sha256 == ""


def test_what_stands_beside_the_log_is_named() -> None:
    one = run(at(3, "consent", act="agree", line=0), source="a.csv")
    assert shows.event(facts("a.csv"), one, first(one)).where == "a.csv.run.toml"


def test_the_frames_around_the_deciding_one_are_shown() -> None:
    frames = (*tuple(f"tool.Frame{number}.call" for number in range(9)), "com.example.A.b", "z.Z.z")
    stack = Stack(frames, origin="app", why="first frame that acts for nobody: com.example.A.b")
    told = shows.event(facts(), run(), Event(1, 0, 1, What("api", count=3), stack))
    assert told.excerpt.endswith("| tool.Frame6.call < tool.Frame7.call < tool.Frame8.call < com.example.A.b < z.Z.z")
    assert "×3" in told.excerpt


def test_a_run_as_a_whole_tells_its_coverage() -> None:
    one = run(at(3), scenario="S1", fresh_install=True, hooks=["id.", "location."], ended_ms=60_000)
    assert shows.whole(facts(), one).excerpt == "run r S1, fresh, 1 events, 60.0 s, hooks: id., location."
    assert "fresh not told" in shows.whole(facts(), run()).excerpt
