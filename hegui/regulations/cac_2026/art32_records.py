"""Article 32, usage records: what a terminal should be able to record about this app's starting by itself."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.queries.self_start import self_starts


@check("cac-2026:32.1.2", needs=("pkg.components", "pkg.permissions"))
def starts_a_terminal_should_record(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Self-start capability is a fact for the terminal's record; the duty is the terminal maker's (A-26)."""
    if isinstance(facts.pkg, Unread):
        return
    for start in self_starts(facts.pkg):
        yield found(
            None,
            f"本应用可由系统事件拉起，终端记录应能看到：{start.component.name}",
            f"this app can be started by a system event, which a terminal's record should show: {start.component.name}",
            shows.component(facts.pkg, start.component, why=" ".join(start.actions)),
            assumptions=("A-26",),
            actor=start.component.origin if start.component.origin != "manifest" else "app",
        )
