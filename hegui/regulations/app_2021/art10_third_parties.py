"""Article 10, third-party providers: waking up by themselves."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.queries.self_start import self_starts
from hegui.words import Words


@check("app-2021:10.3", needs=("pkg.components", "pkg.permissions", "pkg.target_sdk", "pkg.min_sdk"))
def sdk_wakes_itself(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A component whose class belongs to a known SDK and that a system event starts (R61, capability only)."""
    if isinstance(facts.pkg, Unread):
        return
    for start in self_starts(facts.pkg):
        who = start.component.origin
        if who in ("manifest", "app"):
            continue
        yield found(
            "risk",
            f"SDK 组件 {start.component.name} 可被系统事件拉起，具备自行唤醒能力",
            f"the SDK component {start.component.name} can be started by a system event and can wake itself",
            shows.component(facts.pkg, start.component, why=" ".join(start.actions)),
            actor=who,
            why_actor=Words(f"组件类名属于 {who}", f"the component's class belongs to {who}"),
            missing=("NO_TRACE",),
        )
