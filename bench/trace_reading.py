"""276 rows of real logs and captures, labelled one by one, held against what hegui understood of each.

    python bench/trace_reading.py [FOLDER]

FOLDER is ../shared/materials/runtime unless named. The labels stand in bench/log_labels, which says how they were made.
Precision and recall of whose act it is (or whose host), of the kinds of personal information, and of the side of the
agreement; then every mistake. Exit code 1 when a row that was labelled is not found in what was read.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.catalogue.pi_types import WEAK_TRAITS
from hegui.catalogue.sdks import by_domain, sdk
from hegui.facts import is_read
from hegui.facts.queries.consent import Consents
from hegui.facts.trace import Event, Run
from hegui.facts.traffic import Flow
from hegui.facts.unread import Unread
from hegui.readers.traces import read_traces
from hegui.readers.traffics import read_traffic

RUNTIME = Path(__file__).resolve().parents[2] / "shared" / "materials" / "runtime"
LABELS = Path(__file__).resolve().parent / "log_labels"
NOBODY = "unknown"
_SIDES = {"before": "before", "refused": "before", "after": "after", "unsure": NOBODY}


@dataclass(frozen=True)
class Said:
    """What hegui says of a row. `actor`: "app", "bundle:ID", "sdk:ID" or "unknown", several separated by blanks."""

    actor: str
    types: frozenset[str]
    phase: str = NOBODY


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", default=RUNTIME)
    folder = options.parse_args().folder
    paths = {path.name: path for path in folder.glob("*/*")}
    labels = [
        row
        for file in sorted(LABELS.glob("*.tsv"))
        for row in csv.DictReader(file.read_text("utf-8").splitlines(), delimiter="\t")
    ]
    said = {(name, row): one for name in {row["file"] for row in labels} for row, one in _read(paths[name])}
    counts: Counter[str] = Counter()
    mistakes: list[str] = []
    lost = [f"{row['file']} {row['row']}" for row in labels if (row["file"], row["row"]) not in said]
    for row in labels:
        if one := said.get((row["file"], row["row"])):
            place = f"{row['file']} {row['row']}"
            _compare_actor(row["actor"].split(), one.actor.split(), place, counts, mistakes)
            _compare_types(row["types"], one.types, place, counts, mistakes)
            _compare_phase(row["phase"], one.phase, place, counts, mistakes)
    print("what\tright\tsaid\tlabelled\tprecision\trecall")
    for what in ("party", "host", "strong types", "weak types", "phase", "not decrypted"):
        right, told, labelled = (counts[f"{what} {column}"] for column in ("right", "said", "labelled"))
        print(what, right, told, labelled, _ratio(right, told), _ratio(right, labelled), sep="\t")
    print(
        f"{len(labels)} rows, {len(lost)} not found{': ' + ', '.join(lost[:9]) if lost else ''}; {len(mistakes)} mistakes"
    )
    print(*(f"  {mistake}" for mistake in mistakes), sep="\n")
    return 1 if lost else 0


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _read(path: Path) -> Iterator[tuple[str, Said]]:
    if path.suffix in (".har", ".pcap"):
        net = read_traffic([path]).value
        if is_read(net):
            for flow in net.flows:
                types = frozenset() if isinstance(flow.hits, Unread) else frozenset(hit.pi_type for hit in flow.hits)
                closed = isinstance(flow.hits, Unread)
                yield _place(flow), Said(_whose_host(flow.host), frozenset({"encrypted"}) if closed else types)
            for lookup in net.lookups:
                yield lookup.place.rpartition(" ")[2], Said(_whose_host(lookup.host), frozenset())
        return
    # The demo app's own id, which its log does not tell.
    package = "com.yl.lib.privacysentry" if "privacysentry" in path.name else ""
    trace = read_traces([path], package=package).value
    for run in trace.runs if is_read(trace) else ():
        for event in run.ev:
            yield str(event.line), _of_event(run, event)


def _place(flow: Flow) -> str:
    """ "…#entry 3" → 3; "…#packet 7, TCP port 80, request 2" → 7.2."""
    parts = flow.place.partition("#")[2].split(", ")
    first = parts[0].split()[1]
    return f"{first}.{parts[2].split()[1]}" if len(parts) == 3 else first


def _of_event(run: Run, event: Event) -> Said:
    what = event.what
    told = Consents(run)
    side = next(
        (
            one.side
            for one in told.stretches(what)
            if one.start < one.end and run.t_ms[one.start] <= event.t_ms <= run.t_ms[one.end - 1]
        ),
        "unsure",
    )
    phase = "consent" if what.type == "consent" else _SIDES[side] if told.tells else NOBODY
    actors = [f"bundle:{run.meta.package}"] if run.meta.platform == "ios" else [event.origin]
    if what.host and (host := _whose_host(what.host)) != NOBODY:
        actors.append(host)
    return Said(" ".join(actors), frozenset({what.pi_type} if what.pi_type and what.op != "write" else ()), phase)


def _whose_host(host: str) -> str:
    known = by_domain(host)
    return f"sdk:{known.id}" if known else NOBODY


def _compare_actor(labelled: list[str], told: list[str], place: str, counts: Counter[str], mistakes: list[str]) -> None:
    """The party (app, user, bundle) and the host apart: of a host, only one that serves an SDK is expected to be named."""
    party, wanted = [one for one in labelled if one == "app" or one.startswith("bundle:")], _sdk_of(labelled)
    for one in party:
        counts["party labelled"] += 1
        said = [each for each in told if each != NOBODY and not each.startswith("sdk:")]
        counts["party said"] += bool(said)
        counts["party right"] += said == [one]
        if said != [one]:
            mistakes.append(f"{place}\tparty\t{one}\t{' '.join(said) or NOBODY}")
    said_sdk = _sdk_of(told)
    right = bool(wanted and said_sdk) and _is_of(wanted, said_sdk)
    counts["host labelled"] += bool(wanted)
    counts["host said"] += bool(said_sdk)
    counts["host right"] += right
    if not right and (wanted or said_sdk):
        mistakes.append(f"{place}\thost\t{' '.join(labelled)}\t{said_sdk or NOBODY}")


def _sdk_of(actors: list[str]) -> str:
    return next((one.removeprefix("sdk:") for one in actors if one.startswith("sdk:")), "")


def _is_of(label: str, id: str) -> bool:
    """Whether an SDK of the catalogue is, by its id, its name or its operator, the one that was labelled."""
    known = sdk(id)
    names = (known.id, known.name.zh, known.name.en, known.operator) if known else ()
    return any(label in name.lower() for name in names)


def _compare_types(labelled: str, told: frozenset[str], place: str, counts: Counter[str], mistakes: list[str]) -> None:
    """Kinds joined by "|" are each right: the row does not tell which."""
    wanted = set() if labelled == "-" else set(labelled.split(","))
    wanted = {next((kind for kind in one.split("|") if kind in told), one.partition("|")[0]) for one in wanted}
    for kind in wanted | told:
        what = "not decrypted" if kind == "encrypted" else "weak types" if kind in WEAK_TRAITS else "strong types"
        counts[f"{what} labelled"] += kind in wanted
        counts[f"{what} said"] += kind in told
        counts[f"{what} right"] += kind in wanted and kind in told
        if (kind in wanted) != (kind in told):
            mistakes.append(f"{place}\t{what}\t{kind if kind in wanted else '-'}\t{kind if kind in told else '-'}")


def _compare_phase(labelled: str, told: str, place: str, counts: Counter[str], mistakes: list[str]) -> None:
    counts["phase labelled"] += labelled != NOBODY
    counts["phase said"] += told != NOBODY
    counts["phase right"] += labelled == told != NOBODY
    if labelled != told:
        mistakes.append(f"{place}\tphase\t{labelled}\t{told}")


if __name__ == "__main__":
    sys.exit(main())
