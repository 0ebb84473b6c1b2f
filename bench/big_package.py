#!/usr/bin/env python3
"""A package of 500 MB: memory that judging it takes, and how cost grows with the number of DEX files.

    python bench/big_package.py [--mb 500] [--dex-mb 200] [--materials ../shared/materials] [--out FILE]

The package is made in a temporary folder of the DEX files in the materials, stored and not deflated, over and over as
classesN.dex until they fill --dex-mb; native libraries of random bytes fill the rest. In each round the package's own
classes get another first letter (see scan_speed.renamed), so that no class is defined twice and all code counts. Beside
them stand the manifest and resource table of one of our examples. `hegui facts` and `hegui audit` are then run as a user
would; memory is the sum over all their processes, taken from /proc every 20 ms: proportional set size, once without and
once with pages of mapped files, which the system takes back when it needs them.

Growth is measured on one DEX file of 8 MB in 1, 2, 5, 10 and 20 renamed copies: processor seconds of `hegui facts` beyond
those without any DEX file, by the copy.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from string import ascii_letters
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.scan_speed import MATERIALS, SIXTEEN, renamed

ROOT = Path(__file__).resolve().parents[1]
MB = 1_000_000
MEMORY_MB = 1024
COPIES = (1, 2, 5, 10, 20)
SMALL = ROOT / "examples" / "lantern-good.apk"


def main() -> int:
    arguments = argparse.ArgumentParser(description="Judge a generated package of 500 MB.")
    arguments.add_argument("--mb", type=int, default=500, help="size of the package")
    arguments.add_argument("--dex-mb", type=int, default=200, help="of which bytecode; large apps have 100 to 200")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--out", type=Path, help="write the figures as JSON")
    chosen = arguments.parse_args()
    if not (chosen.materials / "apk").is_dir():
        print(f"skipped: no folder {chosen.materials / 'apk'}")
        return 0
    figures: dict[str, Any] = {"commands": {}, "growth": []}
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "big.apk"
        number = write_package(package, rounds(dex_of(chosen.materials)), chosen.dex_mb * MB, chosen.mb * MB)
        print(f"{package.stat().st_size / MB:.0f} MB, of which {chosen.dex_mb} MB in {number} DEX files")
        for command in (("facts", "-o", f"{folder}/facts.json"), ("audit", "--out", f"{folder}/out")):
            row = figures["commands"][command[0]] = run(package, *command)
            told = f"{row['cpu_s']:6.1f} s CPU, {row['wall_s']:6.1f} s wall, {row['memory_mb']:5.0f} MB"
            print(
                f"  hegui {command[0]:6} exit {row['exit']}: {told}, with mapped files {row['mapped_too_mb']:5.0f} MB"
            )
        stages = json.loads((Path(folder) / "facts.json").read_text("utf-8"))["stages"]
        print(
            "  stages: " + ", ".join(f"{stage['name']} {stage['state']} {stage['detail']}".strip() for stage in stages)
        )
        package.unlink()
        figures["growth"] = growth(package, chosen.materials)
    if chosen.out:
        chosen.out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    within = all(row["exit"] in (0, 1) and row["memory_mb"] <= MEMORY_MB for row in figures["commands"].values())
    print("within 1 GB" if within else "NOT within 1 GB, or not judged")
    return 0 if within else 1


def growth(package: Path, materials: Path) -> list[dict[str, float]]:
    """Processor seconds and memory by the number of DEX files, all of one size."""
    one = min(dex_of(materials), key=lambda content: abs(len(content) - 8 * MB))
    write_package(package, iter(()), 0)
    base = min(run(package, "facts", "-o", os.devnull)["cpu_s"] for _ in range(3))
    print(f"growth, {len(one) / MB:.1f} MB each; without any {base:.2f} s CPU")
    rows = []
    for copies in COPIES:
        write_package(package, rounds([one]), copies * len(one))
        taken = min((run(package, "facts", "-o", os.devnull) for _ in range(2)), key=lambda row: float(row["cpu_s"]))
        each = (taken["cpu_s"] - base) / copies
        rows.append({"dex": copies, "s_per_dex": each, "memory_mb": taken["memory_mb"]})
        print(f"  {copies:3} DEX {taken['cpu_s']:6.2f} s CPU, {each:5.3f} s per DEX, {taken['memory_mb']:4.0f} MB")
    return rows


def dex_of(materials: Path) -> list[bytes]:
    """The DEX files of 1 MB and more in all packages of the materials, each content once."""
    found: dict[bytes, None] = {}
    for path in sorted((materials / "apk").rglob("*.apk")):
        try:
            with zipfile.ZipFile(path) as package:
                for info in package.infolist():
                    if re.fullmatch(r"classes\d*\.dex", info.filename) and info.file_size >= MB:
                        found[package.read(info)] = None
        except zipfile.BadZipFile:
            continue
    return list(found) or [zipfile.ZipFile(materials / "apk" / SIXTEEN).read("classes.dex")]


def rounds(contents: list[bytes]) -> Iterator[bytes]:
    """The files over and over, in each round with another first letter of all classes of their own."""
    for letter in cycle(ascii_letters):
        for content in contents:
            yield renamed(content, letter.encode())


def write_package(path: Path, dex_files: Iterator[bytes], dex_size: int, size: int = 0) -> int:
    """A package with DEX files of `dex_size` bytes together, or a little more, of `size` bytes; how many DEX files."""
    number = written = 0
    with zipfile.ZipFile(path, "w") as package, zipfile.ZipFile(SMALL) as small:
        for name in ("AndroidManifest.xml", "resources.arsc"):
            package.writestr(name, small.read(name))
        while written < dex_size:
            content = next(dex_files)
            number += 1
            package.writestr(f"classes{number if number > 1 else ''}.dex", content)
            written += len(content)
        for library in range(-(-max(0, size - written) // (20 * MB))):
            package.writestr(f"lib/arm64-v8a/libfiller{library}.so", os.urandom(20 * MB))
    return number


def run(package: Path, command: str, *options: str) -> dict[str, Any]:
    """A command of hegui over a package: its exit code, processor and wall seconds, and peak memory of all processes."""
    before, began = os.times(), time.perf_counter()
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "hegui", command, str(package), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT), "HEGUI_HOME": home},
        )
        anonymous = mapped_too = 0.0
        while process.poll() is None:
            sizes = [memory_mb(pid) for pid in descendants(process.pid)]
            anonymous = max(anonymous, sum(size for size, _ in sizes))
            mapped_too = max(mapped_too, sum(size for _, size in sizes))
            time.sleep(0.02)
    after = os.times()
    return {
        "exit": process.returncode,
        "cpu_s": after.children_user + after.children_system - before.children_user - before.children_system,
        "wall_s": time.perf_counter() - began,
        "memory_mb": anonymous,
        "mapped_too_mb": mapped_too,
    }


def descendants(pid: int) -> Iterator[int]:
    """A process and all that descend from it, as far as they still run."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from descendants(int(child))
    except OSError:
        return


def memory_mb(pid: int) -> tuple[float, float]:
    """The proportional set size of a process: what no file stands behind, and all of it."""
    try:
        told = dict(re.findall(r"(\w+):\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")))
        return int(told["Pss_Anon"]) / 1024, int(told["Pss"]) / 1024
    except (OSError, KeyError):
        return 0.0, 0.0


if __name__ == "__main__":
    sys.exit(main())
