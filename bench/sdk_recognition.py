"""SDKs in apps: what is recognised, in which version, under changed names, and where there are none; beside others' rules.

    ./run dev python bench/sdk_recognition.py [--more FOLDER] [--exodus FILE] [--keep FOLDER]

Every SDK binary of ../shared/materials/sdk is put into an app: its classes dexed (bench/dexing.py says how), its native
libraries and assets where an app has them, its activities, services, receivers and providers in the manifest. Then once
more after ProGuard (the Debian package `proguard-cli`, installed by apt when this runs as root; skipped, saying so, without
it): `renamed` keeps the names that every app must keep (components, classes with native methods), `all renamed` not even
those, `shrunk` also removes what neither a component nor a public static method leads to. `only mentioned` is an SDK whose
partners are named in its code but are not there.

--more: a folder of further binaries NAME-VERSION.jar whose builds the catalogue does not know, counted apart.
--exodus: trackers as Exodus Privacy publishes them ({"trackers": …}); its rules are applied as exodus-core does: to every name
in what dexdump prints (Debian package `dexdump`). LibChecker's rules are those of ../shared/materials/catalogue.
--keep: where to leave the packages made.

Counted are SDKs and not files: one binary may hold four. `right`, `unknown` (a candidate without a name), `missed`; `wrong` are
names of SDKs that are not there. `blamed on none`: missed SDKs in whose package no call site of the code put in stands as the
app's or another SDK's.
"""

import argparse
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.dexing import dex_files
from hegui.catalogue.sdks import by_class
from hegui.facts import Unread
from hegui.facts.package import Package, Sdk
from hegui.readers.apk.container import Container
from hegui.readers.dex.tables import read_dex
from hegui.readers.jvm.class_file import ACC_ABSTRACT, ClassFile
from hegui.readers.limits import Limits
from hegui.readers.package import read_package
from hegui.readers.sdk.archive import Jar, jars_of
from tests.readers.apk.make_axml import compile_xml

ROOT = Path(__file__).resolve().parents[1]
MATERIALS = ROOT.parent / "shared" / "materials"
HOST = MATERIALS / "apk" / "ContactManager.apk"
RULES = MATERIALS / "catalogue" / "libchecker" / "rules.db"

# What each binary holds, by hand: the SDK it is called after, then those inside; and words that name them elsewhere.
HOLDS = {
    "detox": ("com.wix.detox", "com.genymotion"),
    "gtc": ("com.getui.gtc",),
    "gtsdk": ("com.getui",),
    "janalytics": ("cn.jiguang.analytics",),
    "jcore": ("cn.jiguang.jcore",),
    "jpush": ("cn.jpush",),
    "jverification": ("cn.jiguang.verifysdk", "com.cmic", "cn.com.chinatelecom", "com.unicom"),
}
WORDS = {
    "com.wix.detox": "Detox",
    "com.genymotion": "Genymotion",
    "com.getui.gtc": "个推|GeTui|Getui",
    "com.getui": "个推|GeTui|Getui|IGexin",
    "cn.jiguang.analytics": "极光|JiGuang|Jiguang|JAnalytics",
    "cn.jiguang.jcore": "极光|JiGuang|Jiguang|JCore|JPush",
    "cn.jpush": "极光|JiGuang|Jiguang|JPush",
    "cn.jiguang.verifysdk": "极光|JiGuang|Jiguang|JVerification",
    "com.cmic": "移动|CMCC|China Mobile|CMIC",
    "cn.com.chinatelecom": "电信|天翼|China Telecom",
    "com.unicom": "联通|Unicom",
}
# LibChecker's labels for libraries and frames, which are no SDKs of a party.
LIBRARIES = re.compile(
    r"Jetpack|AndroidX|Kotlin|OkHttp|OkIO|Android|Support|Startup|Room|Work|Lifecycle|Glide|Fresco|libc\+\+", re.I
)

COMPONENTS = {
    b"android/app/Activity": "activity",
    b"android/app/Service": "service",
    b"android/app/IntentService": "service",
    b"android/app/job/JobService": "service",
    b"android/content/BroadcastReceiver": "receiver",
    b"android/content/ContentProvider": "provider",
}
# Not optimised: ProGuard does that only with the platform's own classes, of which Debian has no package.
PROGUARD = (
    "-dontoptimize",
    "-dontpreverify",
    "-dontwarn",
    "-dontnote",
    "-ignorewarnings",
    "-repackageclasses",
    "'x'",
    "-allowaccessmodification",
)
KEPT = ("-keepclasseswithmembernames,includedescriptorclasses class * { native <methods>; }",)
RENAME = ("-dontshrink",)
SHRINK = ("-keep,allowobfuscation public class * { public static <methods>; }",)
# ProGuard asks for something to keep.
NOTHING = ("-keep class no.such.Name",)
# The newest class files that ProGuard 6.2.2 takes: those of Java 13. Newer ones are told to be such, which it did not mind.
NEWEST = 57


@dataclass(frozen=True)
class Case:
    """A package made, with the SDKs that are in it and the version of the first. `known`: the catalogue knows the build."""

    variant: str
    name: str
    path: Path
    holds: tuple[str, ...]
    version: str
    known: bool


@dataclass(frozen=True)
class Verdict:
    """What a tool said of a case: SDKs rightly named, left unknown, and names of what is not there."""

    right: tuple[str, ...]
    unknown: tuple[str, ...]
    wrong: tuple[str, ...]
    version: str = ""
    # Call sites of the code that was put in, by whose they are said to be.
    sites: Counter[str] = field(default_factory=Counter)


def classes_of(path: Path) -> list[ClassFile]:
    container = Container.open(path, Limits())
    jars = (
        [Jar("", container)] if path.suffix == ".jar" else [one for one in jars_of(container) if isinstance(one, Jar)]
    )
    found: dict[bytes, ClassFile] = {}
    for jar in jars:
        for name in jar.class_names():
            one = ClassFile(jar.content(name), name)
            found.setdefault(one.name, one)
    return list(found.values())


def components_of(classes: Iterable[ClassFile]) -> dict[str, str]:
    """Class names to the tag they need in a manifest: the classes that extend one of the platform's."""
    by_name = {one.name: one for one in classes}
    found = {}
    for one in by_name.values():
        above = one
        while above.super_name in by_name:
            above = by_name[above.super_name]
        kind = COMPONENTS.get(above.super_name or b"")
        if kind and not one.access & ACC_ABSTRACT and b"$" not in one.name:
            found[one.name.decode().replace("/", ".")] = kind
    return found


def manifest(components: dict[str, str]) -> bytes:
    lines = "".join(
        f'<{kind} android:name="{name}"' + (f' android:authorities="host.{i}"' if kind == "provider" else "") + "/>"
        for i, (name, kind) in enumerate(sorted(components.items()))
    )
    return compile_xml(
        '<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.host">'
        '<uses-sdk android:minSdkVersion="21" android:targetSdkVersion="33"/>'
        f"<application>{lines}</application></manifest>"
    )


def package(path: Path, classes: list[ClassFile], components: dict[str, str], sdk: Path) -> Path:
    """An APK: the host's own code and resources, the SDK's classes, libraries and assets."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("AndroidManifest.xml", manifest(components))
        with zipfile.ZipFile(HOST) as host:
            for name in host.namelist():
                if name != "AndroidManifest.xml" and not name.startswith("META-INF/"):
                    made.writestr(name, host.read(name))
        for number, dex in enumerate(dex_files(classes), 2):
            made.writestr(f"classes{number}.dex", dex)
        with zipfile.ZipFile(sdk) as inside:
            for name in inside.namelist():
                if re.match(r"(?:jni|lib)/[^/]+/[^/]+\.so$", name):
                    made.writestr(f"lib/{name.partition('/')[2]}", inside.read(name))
                elif name.startswith("assets/") and not name.endswith("/"):
                    made.writestr(name, inside.read(name))
    return path


def proguard(classes: list[ClassFile], options: Iterable[str], folder: Path, name: str) -> list[ClassFile] | str:
    """The classes after ProGuard, or why there are none."""
    before, after = folder / f"{name}.in.jar", folder / f"{name}.out.jar"
    with zipfile.ZipFile(before, "w") as jar:
        for one in classes:
            data = one.data if one.major <= NEWEST else one.data[:6] + NEWEST.to_bytes(2) + one.data[8:]
            jar.writestr(f"{one.name.decode()}.class", data)
    # Without the platform's own classes the superclasses are unknown to it, which it is told not to mind.
    done = subprocess.run(
        ["proguard", "-injars", str(before), "-outjars", str(after), *PROGUARD, *options],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode or not after.is_file():
        return (done.stdout + done.stderr).strip().splitlines()[-1]
    return classes_of(after)


def cases(files: list[Path], known: bool, folder: Path, says: Callable[[str], None]) -> Iterator[Case]:
    can_rename = has("proguard", "proguard-cli", says)
    for path in files:
        stem, _, rest = path.stem.partition("-")
        holds, version = HOLDS[stem], rest.removeprefix("android-")
        classes = classes_of(path)
        # A binary of another version may hold fewer.
        owners = {owner.id for one in classes if (owner := by_class(one.name.decode()))}
        holds = tuple(one for one in holds if one in owners)
        components = components_of(classes)
        tag = "" if known else "more-"

        variants: list[tuple[str, list[ClassFile], dict[str, str], tuple[str, ...]]]
        variants = [("as is", classes, components, holds)]
        if len(holds) > 1:
            alone = [one for one in classes if (owner := by_class(one.name.decode())) and owner.id == holds[0]]
            variants.append(("only mentioned", alone, components, holds[:1]))
        kept = (*KEPT, *(f"-keep class {name}" for name in components))
        for variant, options, listed in (
            (
                ("renamed", (*RENAME, *kept), components),
                ("all renamed", (*RENAME, *NOTHING), {}),
                ("shrunk", (*SHRINK, *kept), components),
            )
            if can_rename
            else ()
        ):
            renamed = proguard(classes, options, folder, f"{tag}{path.stem}.{variant.replace(' ', '-')}")
            if isinstance(renamed, str):
                says(f"skipped: {variant} {path.name}: {renamed}")
            else:
                variants.append((variant, renamed, listed, holds))
        for variant, some, listed, held in variants:
            apk = package(folder / f"{tag}{path.stem}.{variant.replace(' ', '-')}.apk", some, listed, path)
            yield Case(variant, path.name, apk, held, version, known)


def has(command: str, debian: str, says: Callable[[str], None]) -> bool:
    if shutil.which(command) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", debian], capture_output=True, check=False)
    if shutil.which(command) is None:
        says(f"skipped: no {command}; on Debian it is in the package {debian}")
        return False
    return True


def ours(case: Case) -> Verdict:
    pkg = package_of(case.path)
    assert not isinstance(pkg.sdks, Unread)
    assert not isinstance(pkg.callsites, Unread)
    sdks = pkg.sdks
    sites = Counter(
        _whose(case, one.origin) for one in pkg.callsites if one.cls[1:-1].replace("/", ".") not in of_host()
    )
    named = [one for one in sdks if not one.candidate]
    first = next((one for one in named if one.sdk_id == case.holds[0]), None)
    version = first.version if first and isinstance(first.version, str) else ""
    return Verdict(
        tuple(one.sdk_id for one in named if one.sdk_id in case.holds),
        tuple(one.candidate for one in sdks if one.candidate in case.holds),
        tuple(one.sdk_id for one in named if one.sdk_id not in case.holds),
        version,
        sites,
    )


def _whose(case: Case, origin: str) -> str:
    return origin if origin in ("app", "unknown", "library") else "named" if origin in case.holds else "another"


@cache
def of_host() -> set[str]:
    return defined(HOST)


def package_of(path: Path) -> Package:
    pkg = read_package(path).pkg
    if isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread) or isinstance(pkg.callsites, Unread):
        raise SystemExit(f"{path}: the code cannot be read")
    return pkg


def sdks_of(path: Path) -> tuple[Sdk, ...]:
    sdks = package_of(path).sdks
    assert not isinstance(sdks, Unread)
    return sdks


def by_labels(labels: Iterable[str], holds: tuple[str, ...]) -> Verdict:
    """Other tools' names, held against the words by which the SDKs of a case are called."""
    labels = sorted(set(labels))
    right = tuple(one for one in holds if any(re.search(WORDS[one], label) for label in labels))
    words = "|".join(WORDS[one] for one in holds) or "$^"
    wrong = tuple(label for label in labels if not re.search(words, label) and not LIBRARIES.search(label))
    return Verdict(right, (), wrong)


@cache
def libchecker_rules() -> tuple[tuple[str, str, int, bool], ...]:
    with sqlite3.connect(f"file:{RULES}?mode=ro", uri=True) as rules:
        return tuple(rules.execute("select name, label, type, isRegexRule from rules_table"))


def libchecker(path: Path) -> set[str]:
    """The labels of the rules that match: native libraries, components by kind, and packages of classes."""
    pkg = read_package(path).pkg
    assert not isinstance(pkg, Unread)
    kinds = {"service": 1, "activity": 2, "receiver": 3, "provider": 4}
    components = () if isinstance(pkg.components, Unread) else pkg.components
    libraries = () if isinstance(pkg.flags.native_libs, Unread) else pkg.flags.native_libs
    names: dict[int, set[str]] = {
        0: {one.name for one in libraries},
        5: {name.rpartition(".")[0] for name in defined(path)},
    }
    for one in components:
        names.setdefault(kinds.get(one.kind, -1), set()).add(one.name)
    found = set()
    for rule, label, kind, is_pattern in libchecker_rules():
        some = names.get(kind, set())
        by_pattern = is_pattern and any(re.fullmatch(rule, name) for name in some)
        by_package = kind == 5 and any(name.startswith(rule + ".") for name in some)
        if rule in some or by_pattern or by_package:
            found.add(label)
    return found


def defined(path: Path) -> set[str]:
    found = set()
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if re.fullmatch(r"classes\d*\.dex", name):
                for dex in read_dex(name, package.read(name)):
                    found |= {
                        dex.type_name(index)[1:-1].decode("utf-8", "replace").replace("/", ".")
                        for index in dex.class_defs[0::8]
                    }
    return found


def exodus(path: Path, trackers: list[tuple[str, re.Pattern[str]]]) -> set[str]:
    """The trackers whose signature matches a name in what dexdump prints, defined or not: that is exodus-core's own way."""
    names: set[str] = set()
    with zipfile.ZipFile(path) as package, tempfile.TemporaryDirectory() as folder:
        for name in package.namelist():
            if re.fullmatch(r"classes\d*\.dex", name):
                done = subprocess.run(["dexdump", package.extract(name, folder)], capture_output=True, check=False)
                names |= set(re.findall(r"[A-Z]+((?:\w+/)+\w+)", done.stdout.decode(errors="ignore")))
    dotted = {name.replace("/", ".") for name in names}
    return {label for label, pattern in trackers if any(pattern.search(name) for name in dotted)}


def exodus_trackers(path: Path) -> list[tuple[str, re.Pattern[str]]]:
    listed = json.loads(path.read_text("utf-8"))["trackers"]
    return [
        (one["name"], re.compile(one["code_signature"]))
        for one in (listed.values() if isinstance(listed, dict) else listed)
        if len(one["code_signature"]) > 3
    ]


def table(title: str, rows: list[tuple[Case, Verdict]], in_full: bool = False) -> None:
    """A line per variant: SDKs right, unknown, missed, wrong names, and versions of the SDK the file is called after.

    `in_full`: also each that is not right, how many of the missed stand in packages where no call site of the code put in
    is said to be the app's or another SDK's, and whose all those call sites are said to be.
    """
    print(f"\n{title}")
    print(f"  {'variant':16}{'SDKs':>6}{'right':>7}{'unknown':>9}{'missed':>8}{'wrong':>7}{'versions':>10}", end="")
    print(f"{'blamed on none':>16}  call sites" if in_full else "")
    for variant in dict.fromkeys(case.variant for case, _ in rows):
        count: Counter[str] = Counter()
        sites: Counter[str] = Counter()
        for case, verdict in rows:
            if case.variant == variant:
                missing = len(case.holds) - len(verdict.right) - len(verdict.unknown)
                count["blamed on none"] += 0 if verdict.sites["app"] or verdict.sites["another"] else missing
                sites += verdict.sites
                count["SDKs"] += len(case.holds)
                count["right"] += len(verdict.right)
                count["unknown"] += len(verdict.unknown)
                count["wrong"] += len(verdict.wrong)
                count["files"] += 1
                count["versions"] += verdict.version == case.version
        missed = count["SDKs"] - count["right"] - count["unknown"]
        versions = f"{count['versions']}/{count['files']}"
        print(f"  {variant:16}{count['SDKs']:>6}{count['right']:>7}{count['unknown']:>9}", end="")
        print(f"{missed:>8}{count['wrong']:>7}{versions:>10}", end="")
        told = ", ".join(f"{sites[whose]} {whose}" for whose in ("named", "unknown", "library", "app", "another"))
        blamed = f"{count['blamed on none']} of {missed}"
        print(f"{blamed:>16}  {told}" if in_full else "")
    for case, verdict in rows:
        if verdict.wrong:
            print(f"    wrong in {case.name}, {case.variant}: {', '.join(verdict.wrong)}")
        for id in case.holds if in_full else ():
            if id not in verdict.right:
                print(f"    {'unknown' if id in verdict.unknown else 'missed'} in {case.name}, {case.variant}: {id}")
    right, wrong = sum(len(one.right) for _, one in rows), sum(len(one.wrong) for _, one in rows)
    recall = right / sum(len(case.holds) for case, _ in rows)
    precision = right / (right + wrong) if right + wrong else 1.0
    print(f"  all: recall {recall:.2f}, precision {precision:.2f}")


def plain_packages() -> list[Path]:
    """The packages in which whoever put the materials together detected no SDK."""
    found = []
    for line in (MATERIALS / "INDEX.tsv").read_text("utf-8").splitlines():
        cells = line.split("\t")
        if cells[0].startswith("apk/") and cells[7] == "none detected" and (MATERIALS / cells[0]).is_file():
            found.append(MATERIALS / cells[0])
    return found


def alone(files: list[Path]) -> None:
    print("Audited alone, as a library")
    for path in files:
        pkg = read_package(path).pkg
        assert not isinstance(pkg, Unread)
        assert not isinstance(pkg.sdks, Unread)
        wanted = path.stem.rpartition("-")[2]
        said = pkg.version_name if isinstance(pkg.version_name, str) else "?"
        print(f"  {path.name:34} {said:12} {'as its name says' if said == wanted else 'NOT as its name says'}")
        for one in pkg.sdks:
            version = one.version if isinstance(one.version, str) else "?"
            print(f"      {one.sdk_id or one.candidate:24} {version:10} {one.version_src}")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--more", type=Path)
    parser.add_argument("--exodus", type=Path)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(arguments)
    if not MATERIALS.is_dir():
        print("skipped: ../shared/materials is not there")
        return
    files = sorted(one for one in (MATERIALS / "sdk").iterdir() if one.suffix in (".jar", ".aar"))
    more = sorted(one for one in options.more.iterdir() if one.suffix in (".jar", ".aar")) if options.more else []
    alone([*files, *more])
    tools: dict[str, Callable[[Path], set[str]]] = {"LibChecker's rules": libchecker}
    if options.exodus and has("dexdump", "dexdump", print):
        trackers = exodus_trackers(options.exodus)
        tools["exodus-core's way with the trackers given"] = lambda path: exodus(path, trackers)
    else:
        print("skipped: exodus-core's rules, for its trackers come from the network; give them with --exodus")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        made = [*cases(files, True, folder, print), *cases(more, False, folder, print)]
        for known, said in ((True, ""), (False, ", builds the catalogue does not know")):
            if some := [case for case in made if case.known is known]:
                table(f"hegui{said}", [(case, ours(case)) for case in some], in_full=True)
                for name, tool in tools.items():
                    table(f"{name}{said}", [(case, by_labels(tool(case.path), case.holds)) for case in some])
    print("\nPackages without SDKs: what is named")
    found: Counter[str] = Counter()
    for path in plain_packages():
        for one in sdks_of(path):
            found["hegui, unknown" if one.candidate else "hegui"] += 1
            print(f"  {path.name}: hegui: {one.sdk_id} {one.candidate}")
        for name, tool in tools.items():
            if names := by_labels(tool(path), ()).wrong:
                found[name] += len(names)
                print(f"  {path.name}: {name}: {', '.join(names)}")
    print(
        f"  of {len(plain_packages())} packages: "
        + ", ".join(f"{name} {found[name]}" for name in ("hegui", "hegui, unknown", *tools))
    )


if __name__ == "__main__":
    main(sys.argv[1:])
