"""Every run-time log of the materials, imported, its rows held against a count of the raw bytes that knows no format.

    python bench/trace_import.py [FOLDER] [--rows]

FOLDER is ../shared/materials/runtime unless named. A row is an event, an unread row, or a row noted as something else;
the three must add up to what the bytes hold, else the exit code is 1. --rows prints each event, for reading by eye.
"""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.facts import is_read
from hegui.readers.traces import read_traces

RUNTIME = Path(__file__).resolve().parents[2] / "shared" / "materials" / "runtime"

# One line each: what the raw bytes hold, told without any reader of the format.
_TIME_IN_UTF16 = re.compile(rb"(?:\d\0){2}-\0(?:\d\0){2} \0(?:\d\0){2}:\0(?:\d\0){2}:\0(?:\d\0){2}\.\0(?:\d\0){3}")
COUNTS: dict[str, tuple[str, Callable[[bytes], int]]] = {
    ".xls": ("times such as 12-26 12:37:26.152 in UTF-16", lambda raw: len(_TIME_IN_UTF16.findall(raw))),
    ".ndjson": ("lines", lambda raw: raw.count(b"\n")),
    ".json": ("originClassName", lambda raw: raw.count(b'"originClassName"')),
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", default=RUNTIME)
    options.add_argument("--rows", action="store_true")
    given = options.parse_args()
    wrong = 0
    print("file\traw count\tof\trows told\tevents\tunread\truns\tstate\tagree")
    for path in sorted(one for part in ("hooklog", "ios_privacy_report") for one in (given.folder / part).iterdir()):
        what, count = COUNTS[path.suffix]
        raw = count(path.read_bytes())
        part = read_traces([path])
        runs = part.value.runs if is_read(part.value) else ()
        rows = sum(run.meta.rows for run in runs)
        sites = re.search(r"(\d+) call sites", part.stages[0].detail)
        told = rows or (int(sites[1]) if sites else 0)
        agree = told == raw
        wrong += not agree
        events, unread = sum(len(run) for run in runs), sum(run.meta.rows_unread for run in runs)
        state = part.stages[0].state
        print(path.name, raw, what, told, events, unread, len(runs), state, "yes" if agree else "NO", sep="\t")
        for run in runs if given.rows else ():
            for event in run.ev:
                one = event.what
                said = (
                    one.type,
                    one.pi_type,
                    one.api_id,
                    one.op,
                    one.act,
                    one.phase,
                    event.origin,
                    one.host,
                    one.behaviour,
                )
                print(f"  {event.line}\t{event.t_ms}\t" + "\t".join(str(value or "") for value in said))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
