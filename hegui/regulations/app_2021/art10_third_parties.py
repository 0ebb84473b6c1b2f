"""Article 10, third-party providers: waking up, updating and installing by themselves."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.apis import LOADS_BYTECODE
from hegui.facts import Facts, Unread
from hegui.facts.package import CallSite
from hegui.facts.queries.self_start import self_starts
from hegui.regulations.reads import can_read, sites_of
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
    if not isinstance(facts.pkg, Unread):
        loading = [one for one in sites_of(facts.pkg) if one.api in LOADS_BYTECODE and _of_an_sdk(one)]
        yield from can_read(facts.pkg, asked, loading, _says_loads)


# Starting the system's installer, or writing a package into an installation session.
_INSTALLS = ("start.install", "start.install_session")


@check("app-2021:10.3", needs=("pkg.callsites",))
def sdk_installs_packages(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK whose code can have another package installed (R61, limb 3 as capability)."""
    if not isinstance(facts.pkg, Unread):
        installing = [one for one in sites_of(facts.pkg) if one.api in _INSTALLS and _of_an_sdk(one)]
        yield from can_read(facts.pkg, asked, installing, _says_installs)


def _of_an_sdk(site: CallSite) -> bool:
    return site.origin not in ("app", "unknown", "library")


def _says_loads(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可加载其他代码，{places} 处，具备自行更新能力",
        f"{who.en} has code that can load other code in {places} places and so update itself",
    )


def _says_installs(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可调起安装其他应用，{places} 处，是否经用户操作须看运行轨迹",
        f"{who.en} has code that can have other apps installed, in {places} places; whether the user acts takes a trace",
    )
