"""A terminal's record of 25,000 to 200,000 entries: reading it, holding a test app's acts against it, and its page.

    python bench/terminal_records.py

Generated: 40 apps in two weeks, every tenth entry an act of the test app; one act in a hundred is left out of the record, so
the recall that is found can be told from the one that was made. CPU is that of the caller and its children together.
"""

import json
import random
import resource
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.catalogue.usage_kinds import READS, STARTS, USAGE_KINDS
from hegui.facts import is_read
from hegui.facts.queries.usage import conformance
from hegui.readers.sandbox.children import SERVER
from hegui.readers.traces import read_traces
from hegui.report.html import usage_to_html

SIZES = (25_000, 50_000, 100_000, 200_000)
_BEGAN = "2026-03-01T00:00:00+08:00"
_MS = 14 * 86_400_000
_KINDS = [kind for kind in USAGE_KINDS if kind not in STARTS and kind != "device_id"]


def main() -> None:
    print(
        "entries\tacts\tleft out\tfound missing\tread cpu s\tpair cpu s\tpage cpu s\tpage MB\tµs an entry\tratio to the first"
    )
    first = 0.0
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            record, acts, left_out = generate(Path(folder), size)
            began = cpu()
            recorded, done = read_traces([record]), read_traces([acts])
            assert is_read(recorded.value)
            assert is_read(done.value)
            # What the confined child used counts once the server that forks it has ended.
            SERVER.stop()
            read_s, began = cpu() - began, cpu()
            runs = [replace(run, meta=replace(run.meta, scenario="S13")) for run in done.value.runs]
            session = conformance(runs, recorded.value.runs)
            pair_s, began = cpu() - began, cpu()
            page = usage_to_html(recorded.value, recorded.inputs, recorded.stages)
            page_s = cpu() - began
        missing = sum(one.entry is None for one in session.pairs)
        each = (read_s + pair_s + page_s) / size * 1e6
        first = first or each
        print(
            f"{size}\t{len(session.pairs)}\t{left_out}\t{missing}\t{read_s:.2f}\t{pair_s:.2f}\t{page_s:.2f}\t"
            f"{len(page.encode()) / 1e6:.1f}\t{each:.1f}\t{each / first:.2f}",
            flush=True,
        )


def generate(folder: Path, size: int) -> tuple[Path, Path, int]:
    """The record, the test app's log, and how many of its acts the record does not hold."""
    chance = random.Random(size)  # noqa: S311 - invented data
    start = datetime.fromisoformat(_BEGAN)
    record, acts, left_out = folder / "record.jsonl", folder / "acts.jsonl", 0
    meta = {"run_id": "acts", "scenario": "S13", "package": "com.example.app0", "started_at": _BEGAN}
    end = (start + timedelta(milliseconds=_MS)).isoformat()
    with record.open("w") as entries, acts.open("w") as log:
        head = {"schema": "hegui/terminal-record@1", "from": _BEGAN, "to": end}
        entries.write(json.dumps(head) + "\n")
        log.write(json.dumps({"schema": "hegui/trace@1", "meta": meta}) + "\n")
        for number in range(size):
            # The test app's acts lie a minute apart or more, so that no entry fits two of them.
            mine = number % 10 == 0
            t_ms = number * (_MS // size) if mine else chance.randrange(_MS)
            kind = chance.choice(_KINDS)
            if mine:
                what = {"pi_type": kind} if kind in READS else {"perm_group": kind}
                log.write(json.dumps({"t_ms": t_ms, "type": "api", "result": "ok", **what}) + "\n")
            if mine and chance.random() < 0.01:
                left_out += 1
                continue
            at = (start + timedelta(milliseconds=t_ms + (chance.randrange(1000) if mine else 0))).isoformat(
                timespec="milliseconds"
            )
            app = 0 if mine else chance.randrange(1, 40)
            state = chance.choice(["foreground", "foreground", "background"])
            told = {"at": at, "package": f"com.example.app{app}", "name": f"应用{app}", "kind": kind, "state": state}
            entries.write(json.dumps(told, ensure_ascii=False) + "\n")
    return record, acts, left_out


def cpu() -> float:
    """User and system seconds of this process and of its children that ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


if __name__ == "__main__":
    main()
