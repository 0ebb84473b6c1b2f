#!/usr/bin/env python3
"""Call sites against androguard's cross references: equal as sets of (caller class, caller method, target, offset).

    python bench/callsites_oracle.py [--materials ../shared/materials] [--every] [--out FILE]

For the methods of the whole catalogue (and a list of its own when there is none), or with --every for every platform
method that androguard finds called, on every APK that can be read. Every difference is printed with the instruction
at that place; those of a known and named kind are counted apart, any other makes the exit code 1. What hegui finds
besides, under other kinds than "call", is counted too: it is not part of the comparison.

Offsets are code units here and bytes in androguard, which is all that is converted.
"""

import argparse
import gc
import json
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.readers.dex import Entries, Target, read_code, scan_calls
from hegui.readers.dex.code import Body
from hegui.readers.dex.tables import Dex, Methods, mutf8, read_dex
from hegui.readers.errors import ReadError

MATERIALS = Path(__file__).resolve().parents[2] / "shared" / "materials"
PLATFORM = ("Landroid/", "Ljava/", "Ljavax/", "Ldalvik/", "Lorg/apache/http/")

# Caller class, caller method, target, offset in code units.
Site = tuple[str, str, str, int]


@dataclass
class Compared:
    """One package: how many sites are equal, the differences with their explanation, and what else hegui tells."""

    name: str
    equal: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    other_kinds: Counter[str] = field(default_factory=Counter)
    skipped: str = ""
    seconds: tuple[float, float] = (0.0, 0.0)


def main() -> int:
    arguments = argparse.ArgumentParser(description="Compare call sites with androguard's cross references.")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--every", action="store_true", help="all platform methods called, not just the catalogue's")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--out", type=Path, help="write the figures as JSON")
    chosen = arguments.parse_args()
    targets = None if chosen.every else catalogue_targets(chosen.materials)
    print(f"targets: {'every platform method called' if targets is None else len(targets)}")
    paths = sorted((chosen.materials / "apk").rglob("*.apk"))
    with ProcessPoolExecutor(chosen.jobs) as pool:
        compared = list(pool.map(compare, paths, [targets] * len(paths)))
    for one in compared:
        if one.skipped:
            print(f"{one.name:50} not compared: {one.skipped}")
            continue
        note = ", ".join(f"{count} {why}" for why, count in sorted(one.explained.items()))
        print(f"{one.name:50} {one.equal:6} equal{'; ' + note if note else ''}")
        for line in one.unexplained:
            print(f"    UNEXPLAINED {line}")
    total = sum(one.equal for one in compared)
    kinds = sum((one.other_kinds for one in compared), Counter[str]())
    explained = sum((one.explained for one in compared), Counter[str]())
    wrong = sum(len(one.unexplained) for one in compared)
    read = sum(not one.skipped for one in compared)
    print(f"\n{read} packages, {total} sites equal, {sum(explained.values())} differences explained, {wrong} not")
    print(
        "besides, of other kinds: " + (", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none")
    )
    ours, theirs = (sum(one.seconds[i] for one in compared) for i in (0, 1))
    print(f"processor time: hegui {ours:.2f} s, androguard {theirs:.2f} s")
    if chosen.out:
        figures: dict[str, Any] = {
            "packages": read,
            "equal": total,
            "explained": explained,
            "unexplained": wrong,
            "kinds": kinds,
        }
        chosen.out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 1 if wrong else 0


def compare(path: Path, targets: set[str] | None) -> Compared:
    result = Compared(path.name)
    try:
        contents = list(dex_files(path))
    except (OSError, zipfile.BadZipFile) as error:
        result.skipped = str(error)
        return result
    began = time.process_time()
    theirs = of_androguard(contents)
    androguard_s = time.process_time() - began
    # What androguard leaves behind is not for hegui to pay.
    gc.collect()
    if targets is not None:
        # A target without prototype means every overload.
        theirs = {site for site in theirs if site[2] in targets or site[2].partition("(")[0] in targets}
    wanted = {site[2] for site in theirs if not site[2].startswith("[")} if targets is None else targets
    apis = [Target(target, "method", (target,)) for target in sorted(wanted)]
    blobs: list[tuple[str, Callable[[], bytes]]] = [(name, partial(bytes, content)) for name, content in contents]
    began = time.process_time()
    try:
        ours = {(cls, method, target, offset) for _, cls, method, target, offset in scan_calls(blobs, apis)}
        result.seconds = (time.process_time() - began, androguard_s)
        facts = read_code(blobs, Entries(), apis)
    except ReadError as error:
        result.skipped = error.words.en
        return result
    plain = {(site.cls, site.method, site.target, site.offset) for site in facts.sites if site.kind == "call"}
    result.other_kinds = Counter(site.kind for site in facts.sites if site.kind != "call")
    result.other_kinds["shadowed (also plain)"] = sum(site.shadowed for site in facts.sites)
    for site in sorted(plain ^ ours):
        result.unexplained.append(f"full facts and bare scan differ: {site}")
    result.equal = len(ours & theirs)
    for side, differing in (("androguard only", theirs - ours), ("hegui only", ours - theirs)):
        for site in sorted(differing):
            shown = instruction_at(contents, site)
            why = explanation(side, site, shown)
            if why:
                result.explained[why] += 1
            else:
                result.unexplained.append(f"{side}: {site}: {'; '.join(shown) or 'no such instruction'}")
    return result


def explanation(side: str, site: Site, shown: list[str]) -> str:
    """Why a difference is none of ours, by what the instruction itself says. Empty when it is not known."""
    on_array = any(line.startswith("[") and line.lstrip("[") == site[2] for line in shown)
    if side == "androguard only" and on_array:
        return "on an array type, which androguard files under its element type"
    return ""


def instruction_at(contents: list[tuple[str, bytes]], site: Site) -> list[str]:
    """The method that the instruction at a place names, in each DEX file that defines the caller."""
    found = []
    for name, content in contents:
        for dex in read_dex(name, content):
            methods = Methods(dex)
            for index, code_off in zip(methods.index, methods.code_off, strict=True):
                if code_off and described(dex, index) == (site[0], site[1]):
                    body = Body(dex, code_off)
                    if site[3] in body.at:
                        named = body.units[site[3] + 1]
                        if named < dex.methods_n:
                            found.append("->".join(described(dex, named)))
    return found


def described(dex: Dex, method: int) -> tuple[str, str]:
    return mutf8(dex.type_name(dex.method_class[method])), mutf8(dex.signature(method))


def of_androguard(contents: list[tuple[str, bytes]]) -> set[Site]:
    """Every cross reference to a method of the platform, as AnalyzeAPK makes them."""
    from androguard.core.analysis.analysis import Analysis  # type: ignore[import-untyped,unused-ignore]
    from androguard.core.dex import DEX  # type: ignore[import-untyped,unused-ignore]
    from loguru import logger

    logger.remove()
    analysis = Analysis()
    for _, content in contents:
        analysis.add(DEX(content))
    analysis.create_xref()
    found: set[Site] = set()
    for method in analysis.get_methods():
        if not method.class_name.lstrip("[").startswith(PLATFORM):
            continue
        target = f"{method.class_name}->{method.name}{method.descriptor.replace(' ', '')}"
        for _, caller, offset in method.get_xref_from():
            written = f"{caller.name}{caller.descriptor.replace(' ', '')}"
            found.add((caller.class_name, written, target, offset // 2))
    return found


def dex_files(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if re.fullmatch(r"classes\d*\.dex", name)]
        for name in sorted(names, key=lambda name: int(re.sub(r"\D", "", name) or 1)):
            yield name, package.read(name)


def catalogue_targets(materials: Path) -> set[str]:
    """The platform methods of the API catalogue, of carriers too, and those of the permission map."""
    found = set()
    try:
        from hegui.catalogue.apis import apis, carriers

        found |= {target for api in apis() if api.kind == "method" for target in api.targets}
        found |= {carrier.target for carrier in carriers()}
    except (ImportError, OSError) as error:
        print(f"no API catalogue ({error}); the permission map alone is used", file=sys.stderr)
    mapped = json.loads((materials / "catalogue/androguard/api_permission_mappings/permissions_25.json").read_text())
    for key in mapped:
        cls, name, descriptor = key.split("-", 2)
        found.add(f"{cls}->{name}{descriptor.replace(' ', '')}")
    return {target for target in found if target.startswith(PLATFORM)}


if __name__ == "__main__":
    sys.exit(main())
