"""The code stage: what the bytecode can reach, whose code it is, and what cannot be seen."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from hegui.catalogue.apis import apis, carriers
from hegui.facts.package import CallSite
from hegui.readers.apk.embedded import look
from hegui.readers.dex import CodeFacts, Entries, Site, read_code
from hegui.readers.dex.whose import Owners
from hegui.readers.sandbox import Fields, Partial
from hegui.readers.sdk.clues import Clues
from hegui.readers.sdk.embedded import embedded, named_by_shape, shown

STARTUP_PROVIDER = "androidx.startup.InitializationProvider"
_INITIALISER = "androidx.startup"
# Packages of unknown owner that are named; those with fewer classes than these are left out.
_MOST_UNOWNED = 50
_MAIN, _LAUNCHER = "android.intent.action.MAIN", "android.intent.category.LAUNCHER"


def code_facts(
    dex_files: Iterable[tuple[str, Callable[[], bytes | memoryview]]],
    files: Mapping[str, Callable[[], bytes]],
    read: Fields,
) -> Fields | Partial:
    """Call sites, SDKs, addresses and limits of the code. `read` holds the manifest's fields, `files` all entries by name.

    Raises Malformed when no DEX file can be read; one of several makes the result partial.
    """
    told = read.get("components")
    components = [_plain(one) for one in told] if isinstance(told, list | tuple) else []
    entries = _entries(read, components)
    clues = Clues()
    code = read_code(dex_files, entries, apis(), carriers(), tuple(files), partial(look, clues))
    seen = code.coverage
    counts: Mapping[str, int] = seen["dyn_code_why"]["counts"]
    sdks = embedded(clues, shown(read, files), is_packed=seen["packed"])
    hosts = (*filter(None, (entries.application,)), *entries.launchers)
    owners = Owners(str(read.get("name", "")), hosts, named_by_shape(clues, sdks))
    doubtful = frozenset(one.candidate for one in sdks if one.candidate)
    fields: Fields = {
        "callsites": [_fact(site, owners, doubtful) for site in code.sites if not site.shadowed],
        "urls": code.urls,
        "sdks": sdks,
        "unowned_code": _unowned(code, owners),
        "packed": seen["packed"],
        "packer": seen["packer"],
        "why_packed": seen["packed_why"],
        "dyn_code": seen["dyn_code"],
        "why_dyn_code": _why_dynamic(seen["dyn_code_why"]),
        "reflection": counts.get("watch.invoke", 0),
        "obfuscation": seen["obfuscation"],
        "gates_left_out": seen["gates_left_out"],
    }
    return Partial(fields, "MALFORMED", "; ".join(code.faults[:5])) if code.faults else _whole(fields, code)


def _whole(fields: Fields, code: CodeFacts) -> Fields | Partial:
    methods = code.coverage["methods"]
    if methods["failed"]:
        return Partial(fields, "MALFORMED", f"{methods['failed']} of {methods['decoded']} methods cannot be decoded")
    cut = [what for what in ("sites", "reach", "urls") if code.coverage.get(f"{what}_cut")]
    return Partial(fields, "LIMIT_REACHED", f"more than is kept of: {', '.join(cut)}") if cut else fields


def _fact(site: Site, owners: Owners, doubtful: frozenset[str]) -> CallSite:
    """`doubtful` are SDKs of which too little was found to name them: none is blamed, but each stays a candidate."""
    whose = owners.of_site(site.cls, site.reach)
    is_doubtful = whose.origin in doubtful
    return CallSite(
        api=site.api,
        pi_type=site.pi_type,
        perm_group=site.perm_group,
        target=site.target,
        cls=site.cls,
        method=site.method,
        offset=site.offset,
        origin="unknown" if is_doubtful else whose.origin,
        reach=site.reach,
        args=site.args,
        gate=site.gate,
        at=site.at,
        kind=site.kind,
        why_origin=f"{whose.why}, too little of which is there to name it" if is_doubtful else whose.why,
        candidates=whose.candidates,
        started_by=whose.started_by,
    )


def _unowned(code: CodeFacts, owners: Owners) -> tuple[str, ...]:
    """Java packages of unknown owner, to two labels, those with most classes first."""
    counts: Counter[str] = Counter()
    for package, classes in code.packages.items():
        name = package.replace("/", ".")
        if owners.of_class(f"{name}.X" if name else "X")[0] == "unknown":
            counts[".".join(name.split(".")[:2]) or "(default)"] += classes
    return tuple(name for name, _ in counts.most_common(_MOST_UNOWNED))


def _entries(read: Fields, components: list[dict[str, Any]]) -> Entries:
    launchers = [one for one in components if one["kind"].startswith("activity") and _launches(one)]
    providers = [one for one in components if one["kind"] == "provider"]
    startup = next((one for one in providers if one["name"] == STARTUP_PROVIDER), None)
    return Entries(
        application=read.get("application") if isinstance(read.get("application"), str) else None,
        components=tuple(_class(one) for one in components),
        providers=tuple(one["name"] for one in providers),
        initialisers=tuple(
            key for key, value in (startup or {"meta_data": {}})["meta_data"].items() if value == _INITIALISER
        ),
        launchers=tuple(_class(one) for one in launchers),
    )


def _class(component: dict[str, Any]) -> str:
    # An alias has no class of its own: its target runs.
    return str(component.get("target") or component["name"])


def _launches(component: dict[str, Any]) -> bool:
    return any(
        _MAIN in one["actions"] and _LAUNCHER in one["categories"] for one in map(_plain, component.get("filters", ()))
    )


def _why_dynamic(why: dict[str, Any]) -> tuple[str, ...]:
    places = (f"{name} {place}" for name, found in why["places"].items() for place in found[:3])
    return (*(f"plug-in host {host}" for host in why["plugin_hosts"]), *places)


def _plain(record: Any) -> dict[str, Any]:
    """A record's fields; what an earlier child read comes as JSON already."""
    return record if isinstance(record, dict) else vars(record)
