"""Every real package, as a new user would run it: exit 0, 1, 2 or 3, no traceback, 260 duties, the same bytes twice.

    ./run dev python bench/every_package.py [FOLDER]

Prints a line per package (exit code, wall seconds, peak memory of the whole command, verdicts) and ends non-zero on any
breach. Bad files are made on the spot. Skips, saying so, where ../shared/materials is absent.
"""

import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT.parent / "shared" / "materials" / "apk"


def audit(package: Path, out: Path) -> tuple[int, str, float]:
    """Exit code, standard error and wall seconds of one audit."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "hegui", "audit", str(package), "--out", str(out), "--as-of", "2026-11-01"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HEGUI_HOME": str(out / "home")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    return done.returncode, done.stderr, time.perf_counter() - began


def faults_of(package: Path, folder: Path) -> tuple[str, list[str]]:
    """A line about the package, and what is wrong with how it went."""
    first, second = folder / "first", folder / "second"
    code, said, seconds = audit(package, first)
    faults = []
    if code not in (0, 1, 2, 3):
        faults.append(f"exit code {code}")
    if "Traceback" in said:
        faults.append("traceback")
    if code == 2:
        if len(said.strip().splitlines()) != 1:
            faults.append(f"not one clear line: {said!r}")
        return f"exit 2  {seconds:5.2f} s  {said.strip()}", faults
    read = json.loads((first / "audit.json").read_text("utf-8"))
    if len(read["duties"]) != 260:
        faults.append(f"{len(read['duties'])} duties")
    audit(package, second)
    faults += [
        f"{name} differs between two runs"
        for name in ("audit.json", "audit.html")
        if (first / name).read_bytes() != (second / name).read_bytes()
    ]
    verdicts = "  ".join(f"{key} {value}" for key, value in read["summary"]["verdicts"].items())
    return f"exit {code}  {seconds:5.2f} s  {verdicts}", faults


def bad_files(folder: Path) -> list[Path]:
    """Files that are no package, one per fault."""
    made = {
        "empty.apk": b"",
        "text.apk": b"this is not a package\n" * 100,
        "truncated.apk": b"PK\x03\x04" + b"\x00" * 60,
        "zeros.apk": bytes(1 << 20),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    (folder / "directory.apk").mkdir()
    with zipfile.ZipFile(folder / "manifest-of-0-bytes.apk", "w") as file:
        file.writestr("AndroidManifest.xml", b"")
    with zipfile.ZipFile(folder / "no-manifest.apk", "w") as file:
        file.writestr("readme.txt", b"hello")
    with zipfile.ZipFile(folder / "bomb.apk", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr("AndroidManifest.xml", bytes(300 << 20))
    claims_10_gb(folder / "claims-10-gb.apk")
    return [*(folder / name for name in made), *sorted(folder.glob("*-*.apk")), folder / "bomb.apk", folder / "directory.apk",
            folder / "absent.apk"]  # fmt: skip


def claims_10_gb(path: Path) -> None:
    """A manifest of a few bytes whose directory entry claims 10 GB through ZIP64."""
    name, data = b"AndroidManifest.xml", zlib.compress(b"x" * 1000)[2:-4]
    huge = 10 << 30
    extra = struct.pack("<HHQQ", 1, 16, huge, len(data))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 8, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra))
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII",
        0x02014B50,
        45,
        45,
        0,
        8,
        0,
        0,
        0,
        0xFFFFFFFF,
        0xFFFFFFFF,
        len(name),
        len(extra),
        0,
        0,
        0,
        0,
        0,
    )
    body = local + name + extra + data
    directory = central + name + extra
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), len(body), 0)
    path.write_bytes(body + directory + end)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGES
    if not folder.is_dir():
        print(f"skipped: no folder {folder}")
        return 0
    broken = 0
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        (work / "bad").mkdir()
        real = sorted(folder.rglob("*.apk"))
        for number, package in enumerate([*real, *bad_files(work / "bad")]):
            line, faults = faults_of(package, work / str(number))
            print(f"{package.name:<52} {line}")
            for fault in faults:
                print(f"    BROKEN: {fault}")
            broken += bool(faults)
            if package.parent == work / "bad" and not line.startswith("exit 2"):
                print("    BROKEN: a file that is no package did not end in exit 2")
                broken += 1
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{len(real)} packages, {broken} broken; the largest process took {peak:.0f} MB")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
