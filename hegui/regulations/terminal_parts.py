"""What the checks on a terminal share: the conformance run (S13), what it was held against, and the screens shown in it.

The duties are the maker's. Nothing here looks at a run or a screen that is not of a conformance run, so that an audit of an
app alone says nothing about the phone it was made on.
"""

from collections.abc import Iterator
from functools import lru_cache

from hegui.catalogue.lexicons.screens.terminal import groups_named
from hegui.facts import Facts, is_read
from hegui.facts.declaration import TerminalDeclaration
from hegui.facts.queries.timeline import timeline
from hegui.facts.queries.usage import SCENARIO, Conformance, conformance, is_record
from hegui.facts.screens import Screen
from hegui.facts.trace import Event, Run, What
from hegui.regulations.trace_parts import all_runs, asked_groups

_GRANTED = ("granted", "ok")


def acts(facts: Facts) -> tuple[Run, ...]:
    """The test apps' own logs of a conformance run."""
    return tuple(run for run in all_runs(facts) if run.meta.scenario == SCENARIO and not is_record(run))


def records(facts: Facts) -> tuple[Run, ...]:
    """What the terminal recorded."""
    return tuple(run for run in all_runs(facts) if is_record(run))


def declared(facts: Facts) -> TerminalDeclaration:
    return facts.decl.terminal if is_read(facts.decl) else TerminalDeclaration()


def held(facts: Facts) -> Conformance:
    """The acts with their entries. Merging counts only as far as published rules tell of it."""
    said = declared(facts)
    merge_s = (said.merge_interval_s or 0) if said.rules_url else 0
    return _held(acts(facts), records(facts), round(merge_s * 1000))


# Several duties ask the same of the same session, one after the other.
@lru_cache(maxsize=1)
def _held(done: tuple[Run, ...], recorded: tuple[Run, ...], merge_ms: int) -> Conformance:
    return conformance(done, recorded, merge_ms)


def session_screens(facts: Facts) -> tuple[Screen, ...]:
    """The screens dumped in a conformance run, in order: those whose index names its run."""
    ids = {run.meta.run_id for run in acts(facts)}
    return tuple(one for one in facts.ui.screens if one.run_id in ids) if is_read(facts.ui) else ()


def explored(facts: Facts, *screens: Screen) -> bool:
    """Whether a person ticked every phase of these screens complete, or a crawl was (RULES D9); False for none."""
    return bool(screens) and is_read(facts.ui) and all(facts.ui.explored.get(one.phase, False) for one in screens)


def texts(screen: Screen) -> tuple[str, ...]:
    return tuple(node.text for node in screen.nodes if node.visible and node.text)


def of_system(facts: Facts) -> tuple[Screen, ...]:
    """The screens of the session that no test app drew."""
    tested = {run.meta.package for run in acts(facts)} | {""}
    return tuple(one for one in session_screens(facts) if one.owner not in tested)


def boxes(facts: Facts) -> Iterator[tuple[Screen, tuple[str, ...]]]:
    """The system's permission boxes of the session, each with the groups it asks for."""
    for screen in of_system(facts):
        if screen.of("system_permission"):
            longest = max(texts(screen), key=len, default="")
            yield screen, tuple(dict.fromkeys((*screen.of("system_permission")[0].groups, *groups_named(longest))))


def grants(run: Run) -> Iterator[tuple[Event, str]]:
    """Each grant of a permission in a run, with its group."""

    def granted(what: What) -> bool:
        return what.type == "perm_res" and what.result in _GRANTED and not what.derived

    for one in timeline(run).events(granted):
        for group in asked_groups(one.what):
            yield one, group
