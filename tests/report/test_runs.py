"""Whose acts a run holds."""

from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Run, Stack, TraceMeta, What
from hegui.report.runs import actor_name, actor_of, is_nobody, takings

WHATS = (
    What("api", pi_type="contacts", origin="app"),
    What("api", pi_type="contacts", stack=0, origin="app"),
    What("api", pi_type="contacts", origin="app", result="denied"),
    What("api", pi_type="contacts", process="com.example.keyboard:ui"),
    What("api", pi_type="contacts", origin="system"),
    What("net", host="x", pi=("ip", "clipboard"), origin="app"),
    What("api", pi_type="model", origin="app"),
)
RUN = Run(
    TraceMeta("r", package="com.example.notes"), WHATS, (Stack(("a.B.c",), "com.example.push"),),
    tuple(range(7)), tuple(range(1, 8)), tuple(range(7)),
)  # fmt: skip


def test_a_stack_outweighs_what_the_source_says_and_another_process_both() -> None:
    line = timeline(RUN)
    assert [actor_of(line, *line.row(row)) for row in range(5)] == [
        "app", "com.example.push", "app", "process:com.example.keyboard", "system",
    ]  # fmt: skip


def test_only_what_a_party_took_and_got_is_counted() -> None:
    assert takings(timeline(RUN)) == {
        ("app", "contacts"): [0],
        ("com.example.push", "contacts"): [1],
        ("app", "clipboard"): [5],
    }


def test_names() -> None:
    assert actor_name("process:com.example.keyboard").zh == "其他应用 com.example.keyboard"
    assert actor_name("unknown").zh == "主体不明"
    assert is_nobody("system")
    assert not is_nobody("app")
