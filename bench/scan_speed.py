#!/usr/bin/env python3
"""Processor time and memory of reading the code of packages: hegui beside androguard and dexllm, same targets, same run.

    python bench/scan_speed.py [--materials ../shared/materials] [--runs 3] [--without androguard] [--out FILE]

Each figure is of a whole process that does only that: user plus system time of the process and its peak resident
memory, the least of `--runs`. Of hegui there is a bare scan (plain call sites, nothing else), full facts (all
kinds, constant arguments, gates, call graph, reachability, coverage), and the whole command `hegui facts`: every target of
the catalogue, SDKs, attribution, manifest and signatures, facts.json written. Of the command the time is that of all its
processes together, and the memory that of the largest of them. Besides: the split of one full reading, and how
time grows from 1 to 20 DEX files.

The large package is assembled in a temporary folder from the DEX files of all packages in the materials, taken twice.
The second time the classes of the packages are renamed (see `renamed`), so that both halves are live code; such files
are not sorted as the format wants, which hegui and androguard do not mind. dexllm refuses them, so it gets plain
copies instead, of the same size.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MATERIALS = Path(__file__).resolve().parents[2] / "shared" / "materials"
SIXTEEN = "appium-uiautomator2-server-v10.6.6.apk"
LARGE_MB = 100
# The components of the package that this process measures.
ENTRIES: list[str] = []
TOOLS = ("hegui bare", "hegui full", "hegui facts", "androguard", "dexllm")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Measure hegui's reading of code beside other tools.")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument(
        "--runs", type=int, default=3, help="runs of each; the least is taken (large: 1 of the others)"
    )
    arguments.add_argument("--without", action="append", default=[], choices=TOOLS)
    arguments.add_argument("--out", type=Path, help="write the figures as JSON")
    arguments.add_argument("--one", nargs=3, metavar=("TOOL", "APK", "TARGETS"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.one:
        print(json.dumps(measured(chosen.one[0], Path(chosen.one[1]), Path(chosen.one[2]))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        figures = compare(chosen, Path(folder))
    if chosen.out:
        chosen.out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


def compare(chosen: argparse.Namespace, folder: Path) -> dict[str, Any]:
    apks = chosen.materials / "apk"
    listed = folder / "targets.json"
    listed.write_text(json.dumps(method_targets(chosen.materials)), "utf-8")
    large, copied = folder / "large.apk", folder / "large-copied.apk"
    assemble(apks, large, rename=True)
    assemble(apks, copied, rename=False)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(json.loads(listed.read_text()))} target methods\n")
    figures: dict[str, Any] = {"tools": {}, "growth": []}
    for label, path, other in (("16 DEX files", apks / SIXTEEN, None), ("assembled", large, copied)):
        figures["tools"][label] = one_package(chosen, label, path, other, listed)
    print("growth from 1 to 20 DEX files, full facts:")
    figures["growth"] = growth(folder, large, listed)
    return figures


def one_package(
    chosen: argparse.Namespace, label: str, path: Path, for_dexllm: Path | None, listed: Path
) -> dict[str, dict[str, Any]]:
    names, size = dex_names(path)
    print(f"{label}: {path.name}, {len(names)} DEX files, {size / 1e6:.1f} MB of bytecode")
    rows: dict[str, dict[str, Any]] = {}
    for tool in TOOLS:
        if tool in chosen.without:
            continue
        taken = for_dexllm if tool == "dexllm" and for_dexllm else path
        slow = for_dexllm is not None and tool == "androguard"
        rows[tool] = least([run(tool, taken, listed) for _ in range(1 if slow else chosen.runs)])
    for tool, row in rows.items():
        if "error" in row:
            print(f"  {tool:12} {row['error']}")
            continue
        ratios = "".join(
            f"   {rows[peer]['cpu_s'] / row['cpu_s']:6.1f}× {peer} CPU, 1/{rows[peer]['peak_mb'] / row['peak_mb']:.0f} memory"
            for peer in ("androguard", "dexllm")
            if tool.startswith("hegui") and "cpu_s" in rows.get(peer, {})
        )
        print(f"  {tool:12} {row['cpu_s']:7.2f} s {row['peak_mb']:6.0f} MB {row['found']:7} sites{ratios}")
    full = rows.get("hegui full", {})
    if "seconds" in full:
        print("  split of hegui full: " + ", ".join(f"{step} {taken:.3f}" for step, taken in full["seconds"].items()))
        print(f"  floor: inflate {full['inflate_s']:.3f}, one pass over it {full['pass_s']:.3f}\n")
    return rows


def growth(folder: Path, large: Path, listed: Path) -> list[dict[str, float]]:
    names, _ = dex_names(large)
    rows = []
    for count in (1, 2, 5, 10, 15, 20, len(names)):
        part = folder / f"part{count}.apk"
        with zipfile.ZipFile(large) as whole, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
            for name in names[:count]:
                out.writestr(name, whole.read(name))
        _, size = dex_names(part)
        row = least([run("hegui full", part, listed) for _ in range(2)])
        rows.append({"dex": count, "mb": size / 1e6, "cpu_s": row["cpu_s"], "peak_mb": row["peak_mb"]})
        per_mb = 1e9 * row["cpu_s"] / size
        print(
            f"  {count:3} DEX {size / 1e6:6.1f} MB {row['cpu_s']:6.2f} s {per_mb:6.1f} ms/MB {row['peak_mb']:5.0f} MB"
        )
    return rows


def least(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return min(rows, key=lambda row: float(row.get("cpu_s", 1e9)))


def run(tool: str, apk: Path, listed: Path) -> dict[str, Any]:
    """One tool over one package in a process of its own; what it printed, and what it took."""
    from hegui.readers.sandbox.children import ENVIRONMENT

    entries = listed.with_name(f"{apk.stem}.components.json")
    if tool == "hegui full" and not entries.exists():
        entries.write_text(json.dumps(every_component(apk)), "utf-8")
    # hegui reads packages in a child that is started so; the whole command sees to that itself.
    environment = {**os.environ, **(ENVIRONMENT if tool in ("hegui bare", "hegui full") else {})}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--one", tool, apk, listed], capture_output=True, text=True, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["failed"])[-1][:200]}
    row: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The floor is measured by the same process, after its work; a command says itself what it took.
    row.setdefault("cpu_s", cpu - row.get("floor_cpu_s", 0.0))
    row["wall_s"] = time.perf_counter() - began
    return row


def measured(tool: str, apk: Path, listed: Path) -> dict[str, Any]:
    """Do the work of one tool in this process. Only what it imports itself is imported."""
    targets = [tuple(pair) for pair in json.loads(listed.read_text("utf-8"))]
    works: dict[str, Callable[[Path, list[tuple[str, str]]], dict[str, Any]]] = {
        "hegui bare": hegui_bare,
        "hegui full": hegui_full,
        "hegui facts": hegui_facts,
        "androguard": with_androguard,
        "dexllm": with_dexllm,
    }
    if tool == "hegui full":
        # Which entries a package has is the manifest's to say, so finding them is not part of what is measured.
        ENTRIES.extend(json.loads(listed.with_name(f"{apk.stem}.components.json").read_text("utf-8")))
    row = works[tool](apk, [(str(cls), str(member)) for cls, member in targets])
    row.setdefault("peak_mb", peak_mb())
    if tool == "hegui full":
        began = time.process_time()
        row |= floor(apk)
        row["floor_cpu_s"] = time.process_time() - began
    return row


def peak_mb() -> float:
    """Peak resident memory of this process. What getrusage says would count the parent's pages of before the exec too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def blobs(apk: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    names, _ = dex_names(apk)
    with zipfile.ZipFile(apk) as package:
        for name in names:
            yield name, partial(inflated, package, package.getinfo(name))


def inflated(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """An entry as hegui inflates it. Its Container would import all facts, for which the bare scan has no use."""
    from isal import isal_zlib

    file = package.fp
    assert file is not None
    file.seek(info.header_offset + 26)
    name_size, extra_size = struct.unpack("<HH", file.read(4))
    file.seek(name_size + extra_size, os.SEEK_CUR)
    packed = file.read(info.compress_size)
    return packed if info.compress_type == zipfile.ZIP_STORED else isal_zlib.decompress(packed, -15, info.file_size)


def hegui_bare(apk: Path, targets: list[tuple[str, str]]) -> dict[str, Any]:
    from hegui.readers.dex import Target, scan_calls

    apis = [Target(f"{cls}->{member}", "method", (f"{cls}->{member}",)) for cls, member in targets]
    return {"found": sum(1 for _ in scan_calls(blobs(apk), apis))}


def hegui_full(apk: Path, targets: list[tuple[str, str]]) -> dict[str, Any]:
    from hegui.readers.dex import Entries, Target, read_code

    apis = [Target(f"{cls}->{member}", "method", (f"{cls}->{member}",)) for cls, member in targets]
    facts = read_code(blobs(apk), Entries(components=tuple(ENTRIES)), apis)
    return {
        "found": sum(site.kind == "call" for site in facts.sites),
        "seconds": {step: round(taken, 4) for step, taken in facts.seconds.items()},
        "reached": sum(site.reach != ("unreached",) for site in facts.sites),
    }


def hegui_facts(apk: Path, targets: list[tuple[str, str]]) -> dict[str, Any]:
    """The command as users run it. It looks for what the catalogue lists, whatever the targets of the others."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "facts.json")
        command = [sys.executable, "-m", "hegui", "facts", str(apk), "-o", str(written)]
        subprocess.run(command, check=True, cwd=Path(__file__).resolve().parents[1])
        took = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = len(json.loads(written.read_text("utf-8"))["pkg"]["callsites"])
    return {"found": found, "cpu_s": took.ru_utime + took.ru_stime, "peak_mb": took.ru_maxrss / 1024}


def with_androguard(apk: Path, targets: list[tuple[str, str]]) -> dict[str, Any]:
    from androguard.misc import AnalyzeAPK  # type: ignore[import-untyped,unused-ignore]
    from loguru import logger

    logger.remove()
    _, _, analysis = AnalyzeAPK(str(apk))
    wanted = {f"{cls}->{member}" for cls, member in targets}
    found = 0
    for method in analysis.get_methods():
        if f"{method.class_name}->{method.name}" in wanted and method.is_external():
            found += len(set(method.get_xref_from()))
    return {"found": found}


def with_dexllm(apk: Path, targets: list[tuple[str, str]]) -> dict[str, Any]:
    import dexllm  # type: ignore[import-not-found,unused-ignore]

    kit = dexllm.DexKit(str(apk))
    wanted = {f"{cls}->{member}" for cls, member in targets}
    found = 0
    for ref in kit.list_external_method_refs(framework_only=False):
        if ref.descriptor.partition("(")[0] in wanted:
            found += len(kit.find_call_sites_to(ref.descriptor))
    return {"found": found}


def floor(apk: Path) -> dict[str, float]:
    """The least any reader can take: inflating the files, and one pass over the bytes."""
    began = time.process_time()
    passed = 0.0
    for _, content in blobs(apk):
        data = content()
        inflated = time.process_time()
        data.count(b"\xff\xfe\xfd")
        passed += time.process_time() - inflated
    return {"inflate_s": time.process_time() - began - passed, "pass_s": passed}


def every_component(apk: Path) -> list[str]:
    """Every defined class that extends an Activity, Service, receiver or provider: the most an entry list can be."""
    from hegui.readers.dex.graph import NONE, Graph
    from hegui.readers.dex.handles import read_handles
    from hegui.readers.dex.tables import Methods, read_dex

    graph = Graph()
    for name, content in blobs(apk):
        for dex in read_dex(name, content()):
            graph.add(dex, Methods(dex), read_handles(dex))
    bases = {graph.class_number(f"Landroid/{name};".encode()) for name in (
        "app/Activity", "app/Service", "app/Application", "app/Instrumentation",
        "content/BroadcastReceiver", "content/ContentProvider",
    )}  # fmt: skip
    return [
        name[1:-1].decode().replace("/", ".")
        for cls, name in enumerate(list(graph.classes.all))
        if graph.first[cls] != NONE and bases.intersection(graph.ancestors(cls))
    ]


def dex_names(apk: Path) -> tuple[list[str], int]:
    """The DEX files of a package in load order, and their size together in bytes."""
    with zipfile.ZipFile(apk) as package:
        sizes = {info.filename: info.file_size for info in package.infolist()}
    names = sorted(
        (name for name in sizes if re.fullmatch(r"classes\d*\.dex", name)),
        key=lambda name: int(re.sub(r"\D", "", name) or 1),
    )
    return names, sum(sizes[name] for name in names)


def method_targets(materials: Path) -> list[tuple[str, str]]:
    """About 200 methods as class and name, every overload meant: of the permission map, those apps are likely to call."""
    mapped = json.loads((materials / "catalogue/androguard/api_permission_mappings/permissions_25.json").read_text())
    found = {tuple(key.split("-", 2)[:2]) for key in mapped}
    likely = (
        "Landroid/accounts/", "Landroid/app/ActivityManager;", "Landroid/app/WallpaperManager;", "Landroid/bluetooth/",
        "Landroid/hardware/fingerprint/", "Landroid/location/LocationManager;", "Landroid/media/", "Landroid/net/",
        "Landroid/telephony/", "Landroid/os/PowerManager", "Landroid/provider/", "Landroid/content/ContentResolver;",
    )  # fmt: skip
    chosen = sorted((cls, name) for cls, name in found if cls.startswith(likely))[:180]
    extra = (
        ("Landroid/content/pm/PackageManager;", "getInstalledPackages"),
        ("Landroid/content/pm/PackageManager;", "getPackageInfo"),
        ("Landroid/net/wifi/WifiInfo;", "getMacAddress"),
        ("Landroid/net/wifi/WifiInfo;", "getSSID"),
        ("Landroid/content/ClipboardManager;", "getPrimaryClip"),
        ("Landroid/hardware/SensorManager;", "registerListener"),
        ("Landroid/os/Environment;", "getExternalStorageDirectory"),
        ("Landroid/provider/Settings$Secure;", "getString"),
        ("Landroid/content/ContentResolver;", "query"),
        ("Landroid/content/Context;", "getSystemService"),
        ("Landroid/content/Context;", "checkCallingOrSelfPermission"),
        ("Landroid/telephony/TelephonyManager;", "getDeviceId"),
        ("Ljava/net/NetworkInterface;", "getHardwareAddress"),
        ("Ljava/net/NetworkInterface;", "getNetworkInterfaces"),
        ("Ljava/util/Locale;", "getDefault"),
        ("Ljava/util/TimeZone;", "getDefault"),
        ("Ljava/lang/Runtime;", "exec"),
        ("Ljava/lang/Class;", "forName"),
        ("Ljava/lang/reflect/Method;", "invoke"),
        ("Landroid/app/Activity;", "requestPermissions"),
    )
    return sorted({*chosen, *extra})


def assemble(apks: Path, target: Path, rename: bool) -> None:
    """A package with the DEX files of all packages, twice, in one sequence of classesN.dex, and a small manifest."""
    seen: set[int] = set()
    contents: list[bytes] = []
    manifest = b""
    for path in sorted(apks.rglob("*.apk")):
        try:
            names, _ = dex_names(path)
            with zipfile.ZipFile(path) as package:
                manifest = manifest or package.read("AndroidManifest.xml")
                for name in names:
                    content = package.read(name)
                    if hash(content) not in seen and len(content) > 200_000:
                        seen.add(hash(content))
                        contents.append(content)
        except (OSError, zipfile.BadZipFile, KeyError):
            continue
    again = [renamed(content, b"q") if rename else content for content in contents]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        out.writestr("AndroidManifest.xml", manifest)
        written = 0
        for number, content in enumerate([*contents, *again], start=1):
            if written < LARGE_MB * 1_000_000:
                out.writestr(f"classes{number if number > 1 else ''}.dex", content)
                written += len(content)


_PLATFORM = re.compile(rb"(Landroid/(?!support/|arch/)|Ljavax?/|Ldalvik/)")


def renamed(content: bytes, letter: bytes) -> bytes:
    """The same code with other class names: in descriptors of the package's own classes the first letter is changed."""
    from hegui.readers.dex.tables import Dex

    dex = Dex("renamed", content)
    changed = bytearray(content)
    for string in dex.type_strings:
        at = dex.string_offs[string]
        while content[at] > 0x7F:
            at += 1
        at += 1
        name = dex.string(string)
        inner = len(name) - len(name.lstrip(b"["))
        if name[inner : inner + 1] == b"L" and not _PLATFORM.match(name, inner) and len(name) > inner + 3:
            changed[at + inner + 1 : at + inner + 2] = letter
    # androguard checks the checksum, and a checksum covers the signature.
    changed[12:32] = hashlib.sha1(changed[32:], usedforsecurity=False).digest()
    changed[8:12] = zlib.adler32(changed[12:]).to_bytes(4, "little")
    return bytes(changed)


if __name__ == "__main__":
    sys.exit(main())
