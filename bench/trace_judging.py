"""Time and memory of reading, attributing and judging a log of our own: 100,000 to 1,000,000 events, and whether time is linear.

    python bench/trace_judging.py [--stacks 5000] [--sdks 40]
    python bench/trace_judging.py --show LOG…

The log is generated: the app and SDKs of the catalogue read personal information, with screens, acts, permission requests,
sessions of camera, microphone and location, and changes between front and background; one event in fifty is unlike any
other. All checks of both drafts run. Each size runs in a process of its own; CPU is that of the caller and its children
together, since wall time tells of whatever else the machine does. --show judges given logs and prints every finding that
rests on them, for reading by eye.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.trace_scale import write_stacks
from hegui.audit import Audit, judge
from hegui.catalogue.sdks import sdks
from hegui.facts import Facts, is_read
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.sandbox.children import SERVER
from hegui.readers.traces import read_traces
from hegui.regulations import load_checks

SIZES = (100_000, 200_000, 500_000, 1_000_000)
APP = "com.example.lantern"
DAY = date(2026, 11, 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stacks", type=int, default=5000)
    options.add_argument("--sdks", type=int, default=40)
    options.add_argument("--read", type=Path)
    options.add_argument("--show", type=Path, nargs="+")
    given = options.parse_args()
    if given.show:
        show(given.show)
        return
    if given.read:
        print(json.dumps(measure(given.read)))
        return
    with tempfile.TemporaryDirectory() as folder:
        first = 0.0
        print(
            "events\tMB\tcpu s\tjudging cpu s\tcaller MB\tchild MB\tfindings\tviolations\tµs an event\tratio to the first"
        )
        for size in SIZES:
            log = Path(folder) / f"{size}.jsonl"
            generate(log, size, given.stacks, given.sdks)
            run = subprocess.run(
                [sys.executable, __file__, "--read", str(log)], check=True, capture_output=True, text=True
            )
            got = json.loads(run.stdout)
            each = got["cpu_s"] / size * 1e6
            first = first or each
            print(
                f"{size}\t{log.stat().st_size / 1e6:.0f}\t{got['cpu_s']:.2f}\t{got['judging_s']:.2f}\t{got['caller_mb']:.0f}\t"
                f"{got['child_mb']:.0f}\t{got['findings']}\t{got['violations']}\t{each:.2f}\t{each / first:.2f}",
                flush=True,
            )
            log.unlink()


def measure(log: Path) -> dict[str, float]:
    part = read_traces([log], package=APP)
    assert is_read(part.value), part.stages
    began = time.process_time()
    audit = judged(Facts(part.inputs, part.stages, trace=part.value))
    judging = time.process_time() - began
    assert not [stage for stage in audit.stages if stage.state == "failed"], audit.stages
    # Ended, so that its times count as those of a child.
    SERVER.stop()
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_s": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "judging_s": judging,
        "caller_mb": own.ru_maxrss / 1024,
        "child_mb": children.ru_maxrss / 1024,
        "findings": sum(len(one.findings) for one in audit.judgements),
        "violations": sum(one.verdict == "violation" for one in audit.judgements),
    }


def judged(facts: Facts) -> Audit:
    return judge(facts, shipped(), load_checks(), {name: knob.value for name, knob in shipped_knobs().items()}, DAY)


def show(logs: list[Path]) -> None:
    part = read_traces(logs)
    assert is_read(part.value), part.stages
    for one in judged(Facts(part.inputs, part.stages, trace=part.value)).judgements:
        told = [each for each in one.findings if any(item.kind == "runtime_trace" for item in each.evidence)]
        for each in told:
            lacking = " ".join(each.missing)
            print(f"{one.duty.id}\t{each.verdict or 'seen'}\t{each.actor}\t{each.says.zh}\t{lacking}")
            for item in each.evidence[:3]:
                print(f"    {item.where}  {item.excerpt}")


def generate(log: Path, size: int, stacks: int, parties: int) -> None:
    chance = random.Random(20260112)  # noqa: S311 (a repeatable log, nothing secret)
    named = [one.prefixes[0].rstrip(".") for one in sdks() if one.prefixes]
    owners = chance.sample(named, min(parties, len(named))) + [APP, "a.b.c"] * (parties // 4 + 1)
    with log.open("w", encoding="utf-8") as file:
        meta = {"run_id": "scale", "scenario": "S3", "fresh_install": True, "package": APP, "has_ui": True}
        file.write(json.dumps({"schema": "hegui/trace@1", "meta": meta}) + "\n")
        calls = write_stacks(file, chance, stacks, owners)
        t_ms = 0
        for seq in range(1, size + 1):
            t_ms += chance.randint(0, 40)
            event = {"seq": seq, "t_ms": t_ms} | (around(seq) or read(chance, calls, seq))
            file.write(json.dumps(event) + "\n")


def read(chance: random.Random, calls: list[tuple[str, str]], seq: int) -> dict[str, object]:
    api_id, stack = chance.choice(calls)
    event: dict[str, object] = {"type": "api", "api_id": api_id, "stack": stack, "result": "ok"}
    return event | ({"args": [f"argument {seq}"]} if seq % 50 == 0 else {})


def around(seq: int) -> dict[str, object] | None:
    """One event in ten is about the user, the screen, the state of the app, a permission or a sensor."""
    kinds: tuple[dict[str, object], ...] = (
        {"type": "ui", "action": "click", "node_text": "扫一扫"},
        {"type": "screen", "page": f"Page{seq % 7}"},
        {"type": "sensor", "kind": "camera", "op": "open", "result": "ok", "origin": "app", "pi_type": "photo"},
        {"type": "perm_req", "groups": ["location"], "origin": "app"},
        {"type": "sensor", "kind": "camera", "op": "close", "origin": "app"},
        {"type": "perm_res", "perm": "android.permission.ACCESS_FINE_LOCATION", "result": "denied"},
        {"type": "loc", "op": "fix", "pi_type": "location.precise", "result": "ok", "origin": "app"},
        {"type": "bg"},
        {"type": "fg"},
        {"type": "start_app", "target": "com.example.other/.Main", "origin": "app"},
    )
    if seq == 1000:
        return {"type": "consent", "scope": "rules", "act": "agree"}
    return kinds[seq // 10 % len(kinds)] if seq % 10 == 0 else None


if __name__ == "__main__":
    main()
