"""Article 10, third-party providers: waking up by themselves."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.apis import LOADS_BYTECODE
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


@check("app-2021:10.3", needs=("pkg.callsites",))
def sdk_loads_code(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK whose code can load further code, by which it can update itself (R61, limb 2 as capability)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.callsites, Unread):
        return
    loading = [one for one in pkg.callsites if one.api in LOADS_BYTECODE]
    # A common library that loads code, such as the one for more DEX files on old systems, is nobody's SDK.
    for owner in sorted({one.origin for one in loading} - {"app", "unknown", "library"}):
        sites = [one for one in loading if one.origin == owner]
        yield found(
            "risk",
            f"SDK {owner} 的代码可加载其他代码，{len(sites)} 处，具备自行更新能力",
            f"the code of the SDK {owner} can load other code in {len(sites)} places and so update itself",
            *(shows.callsite(pkg, one) for one in sites[:5]),
            actor=owner,
            why_actor=Words(sites[0].why_origin, sites[0].why_origin),
            missing=("NO_TRACE",),
        )
