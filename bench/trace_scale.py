"""Time and memory of reading and attributing a log of our own: 100,000 to 1,000,000 events, and whether time is linear.

    python bench/trace_scale.py [--stacks 5000]

The log is generated: SDKs' and the app's frames from the shipped catalogue, about one event in fifty unlike any before.
Each size runs in a process of its own; CPU is that of the caller and its children together, since wall time tells of
whatever else the machine does. Peak memory is the larger of the caller and the confined child.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.catalogue.apis import apis
from hegui.catalogue.sdks import sdks
from hegui.facts import is_read
from hegui.readers.sandbox.children import SERVER
from hegui.readers.traces import read_traces

SIZES = (100_000, 200_000, 500_000, 1_000_000)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--stacks", type=int, default=5000)
    options.add_argument("--read", type=Path)
    given = options.parse_args()
    if given.read:
        print(json.dumps(measure(given.read)))
        return
    with tempfile.TemporaryDirectory() as folder:
        base: dict[str, float] = {}
        print(
            "events\tMB\tcpu s\twall s\tcaller MB\tchild MB\tattribution s\twalk s\tunknown %\tµs an event\tratio to the first"
        )
        for size in SIZES:
            log = Path(folder) / f"{size}.jsonl"
            generate(log, size, given.stacks)
            run = subprocess.run(
                [sys.executable, __file__, "--read", str(log)], check=True, capture_output=True, text=True
            )
            got = json.loads(run.stdout)
            each = got["cpu_s"] / size * 1e6
            base = base or {"each": each}
            print(
                f"{size}\t{log.stat().st_size / 1e6:.0f}\t{got['cpu_s']:.2f}\t{got['wall_s']:.2f}\t{got['caller_mb']:.0f}\t"
                f"{got['child_mb']:.0f}\t{got['attribution_s']:.2f}\t{got['walk_s']:.2f}\t{got['unknown']:.1%}\t{each:.2f}\t"
                f"{each / base['each']:.2f}",
                flush=True,
            )
            log.unlink()


def measure(log: Path) -> dict[str, float]:
    began = time.perf_counter()
    part = read_traces([log], package="com.example.lantern")
    wall = time.perf_counter() - began
    assert is_read(part.value), part.stages
    (run,) = part.value.runs
    assert [stage.state for stage in part.stages] == ["done", "done"], part.stages
    walked = time.perf_counter()
    unknown = sum(event.origin == "unknown" for event in run.ev)
    walk = time.perf_counter() - walked
    # Ended, so that its times count as those of a child.
    SERVER.stop()
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall_s": wall,
        "walk_s": walk,
        "cpu_s": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "caller_mb": own.ru_maxrss / 1024,
        "child_mb": children.ru_maxrss / 1024,
        "attribution_s": part.seconds["trace attribution"],
        "unknown": unknown / len(run),
    }


def write_stacks(file: TextIO, chance: random.Random, stacks: int, owners: list[str]) -> list[tuple[str, str]]:
    """Write stacks that end in calls of the catalogue, through classes of `owners`; each as (api_id, stack_id)."""
    reads = [api for api in apis() if api.kind == "method" and api.pi_type]
    calls = []
    for number in range(stacks):
        api = chance.choice(reads)
        call = api.targets[0].partition("(")[0][1:].replace(";->", ".").replace("/", ".")
        frames = [call]
        for _ in range(chance.randint(4, 30)):
            frames.append(f"{chance.choice(owners)}.Class{chance.randint(0, 99)}.method{chance.randint(0, 9)}")
        frames += ["android.os.Handler.dispatchMessage", "android.os.Looper.loop", "android.app.ActivityThread.main"]
        file.write(json.dumps({"stack_id": str(number), "frames": frames}) + "\n")
        calls.append((api.id, str(number)))
    return calls


def generate(log: Path, size: int, stacks: int) -> None:
    chance = random.Random(20260112)  # noqa: S311 (a repeatable log, nothing secret)
    owners = [one.prefixes[0].rstrip(".") for one in sdks() if one.prefixes] + ["com.example.lantern", "a.b.c"] * 20
    with log.open("w", encoding="utf-8") as file:
        meta = {"run_id": "scale", "scenario": "S3", "fresh_install": True, "package": "com.example.lantern"}
        file.write(json.dumps({"schema": "hegui/trace@1", "meta": meta}) + "\n")
        calls = write_stacks(file, chance, stacks, owners)
        t_ms = 0
        for seq in range(1, size + 1):
            t_ms += chance.randint(0, 40)
            api_id, stack = chance.choice(calls)
            event = {"seq": seq, "t_ms": t_ms, "type": "api", "api_id": api_id, "stack": stack, "result": "ok"}
            if seq % 50 == 0:
                event["args"] = [f"argument {seq}"]
            file.write(json.dumps(event) + "\n")


if __name__ == "__main__":
    main()
