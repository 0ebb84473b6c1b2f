"""The recorded runs of the demo apps: the bad one is caught at what its code does, the good one at nothing."""

from datetime import date
from functools import cache
from pathlib import Path

from hegui.audit import Audit, judge
from hegui.cli.audit import with_declarations, with_policies, with_screens, with_traces, with_traffic
from hegui.facts import is_read
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.package import read_package
from hegui.regulations import load_checks

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
OF_RUNS = {"runtime_trace", "ui_dump", "network_capture"}


@cache
def audit_of(side: str) -> Audit:
    run = EXAMPLES / "runs" / side
    facts = read_package(EXAMPLES / f"lantern-{side}.apk")
    facts = with_declarations(facts, [EXAMPLES / f"{side}.toml"])
    facts = with_policies(facts, [EXAMPLES / side / "rules.html"])
    facts = with_traces(facts, [run / "first-launch.jsonl"])
    facts = with_screens(facts, [run / "screens"])
    facts = with_traffic(facts, sorted(run.glob("*.har")))
    assert all(stage.state == "done" for stage in facts.stages), facts.stages
    assert is_read(facts.trace)
    assert all(not one.meta.rows_unclear for one in facts.trace.runs)
    knobs = {knob.name: knob.value for knob in shipped_knobs().values()}
    return judge(facts, shipped(), load_checks(), knobs, date(2026, 11, 22))


def observed(side: str, *verdicts: str) -> set[str]:
    """The duties with such a finding that rests on the run, the screens or the capture."""
    return {
        one.duty.id
        for one in audit_of(side).judgements
        for answer in one.answers
        for finding in answer.findings
        if finding.verdict in verdicts and any(each.kind in OF_RUNS for each in finding.evidence)
    }


def test_the_bad_run_is_caught_at_what_the_code_does() -> None:
    assert observed("bad", "violation") >= {
        "cac-2026:3.2.1", "cac-2026:13.1.1", "app-2021:6.3.1",  # before consent
        "cac-2026:9.1.2", "app-2021:6.2",  # the box is ticked in advance
        "cac-2026:7.1.0.2",  # reads what its rules deny
        "cac-2026:10.1",  # contacts, call log and messages
        "cac-2026:13.2.3", "cac-2026:14.1.1", "cac-2026:14.1.2",  # location and microphone in the background
        "app-2021:7.4",  # wakes other apps
        "cac-2026:36.1.2",  # in clear
    }  # fmt: skip


def test_the_good_run_breaks_nothing_but_the_duty_to_show_what_was_collected() -> None:
    assert observed("good", "violation") == {"app-2021:8.1.2"}
    assert observed("good", "compliant") >= {"cac-2026:9.1.1", "cac-2026:9.1.2", "cac-2026:9.2.2", "cac-2026:9.2.3"}
