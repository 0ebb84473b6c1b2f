"""What limits the reading of the code: loading of other code, reflection, packers, renamed classes (加固、动态加载、混淆)."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hegui.readers.dex.reach import Entries
from hegui.readers.dex.targets import Target

# Ids of what is watched for itself, whatever the catalogue lists.
LOADS_CODE, LOADS_DEX_FILE, LOADS_LIBRARY, EXECUTES, REFLECTS, NAMES_CLASS = (
    "watch.class_loader", "watch.dex_file", "watch.native_load", "watch.exec", "watch.invoke", "watch.class_for_name",
)  # fmt: skip
WATCHED = (
    Target(
        LOADS_CODE,
        "method",
        (
            "Ldalvik/system/DexClassLoader;-><init>",
            "Ldalvik/system/PathClassLoader;-><init>",
            "Ldalvik/system/InMemoryDexClassLoader;-><init>",
            "Ldalvik/system/DelegateLastClassLoader;-><init>",
            "Ldalvik/system/BaseDexClassLoader;-><init>",
        ),
    ),
    Target(LOADS_DEX_FILE, "method", ("Ldalvik/system/DexFile;->loadDex", "Ldalvik/system/DexFile;-><init>")),
    Target(LOADS_LIBRARY, "method", ("Ljava/lang/System;->load", "Ljava/lang/Runtime;->load")),
    Target(EXECUTES, "method", ("Ljava/lang/Runtime;->exec", "Ljava/lang/ProcessBuilder;->start")),
    Target(REFLECTS, "method", ("Ljava/lang/reflect/Method;->invoke",)),
    Target(NAMES_CLASS, "method", ("Ljava/lang/Class;->forName", "Ljava/lang/ClassLoader;->loadClass")),
)
WATCHED_IDS = frozenset(target.id for target in WATCHED)

# Loading by these is of the package's own code: more DEX files on old platforms, or a support library's own lookups.
_OWN_LOADERS = ("Landroidx/multidex/", "Landroid/support/multidex/", "Landroidx/test/", "Lcom/android/tools/")

# Packages whose class names are written by their makers and seldom tell whether the app is obfuscated.
_FRAMEWORKS = (
    b"Landroid/", b"Landroidx/", b"Lkotlin/", b"Lkotlinx/", b"Ljava/", b"Ljavax/", b"Lorg/apache/", b"Lorg/json/",
    b"Lorg/intellij/", b"Lorg/jetbrains/", b"Lcom/google/", b"Lcom/android/", b"Lokhttp3/", b"Lokio/", b"Lretrofit2/",
    b"Lio/reactivex/", b"Lorg/bouncycastle/",
)  # fmt: skip
_PLACES = 20
_SYSTEM_LIBRARY = re.compile(r"/(system|vendor|apex|product)/")
_R_CLASS = re.compile(rb"R(\$.*)?|BuildConfig")


@dataclass(slots=True)
class Watch:
    """Counts, and the first places, of what is watched. One per package, filled as its DEX files are read."""

    counts: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[str]] = field(default_factory=dict)
    own_loading: int = 0
    class_names: Counter[str] = field(default_factory=Counter)

    def saw(self, api: str, cls: str, place: str, constants: Sequence[str]) -> None:
        """A use of something watched: by which class, where, and the constants passed to its first parameter."""
        name = api
        if api in (LOADS_CODE, LOADS_DEX_FILE) and cls.startswith(_OWN_LOADERS):
            self.own_loading += 1
            return
        if api == NAMES_CLASS:
            name = f"{api}.{'constant' if constants else 'unknown'}"
        elif api == LOADS_LIBRARY:
            known = bool(constants) and all(_SYSTEM_LIBRARY.match(constant) for constant in constants)
            name = f"{api}.{'system' if known else 'elsewhere'}"
        self.counts[name] += 1
        places = self.places.setdefault(name, [])
        if len(places) < _PLACES:
            places.append(f"{cls} {place}")


def coverage(
    watch: Watch,
    defined: Collection[bytes],
    packages: dict[str, int],
    entries: Entries,
    files: Sequence[str],
    decoded: int,
    failed: int,
) -> dict[str, Any]:
    """What was read and what limits it, JSON-ready. `defined` are the descriptors of the classes of the package.

    methods          {decoded, failed}: with code, over all DEX files
    packed, packer   whether the app's own code is hidden, and by whom (None: not known); packed_why says from what
    dyn_code         whether code from outside the package can run: class loaders, plugin hosts, hot fixes
    dyn_code_why     {count of each thing watched}, plugin_hosts, own_loading (multidex), places: the first of each
    obfuscation      share of classes outside known frameworks whose name is one or two letters; None without classes
    missing          components of the manifest whose class no DEX file defines
    """
    components = sorted({*entries.components, *entries.launchers, *entries.providers})
    missing = [name for name in components if _descriptor(name) not in defined]
    packed, packer, why = _packed(entries, defined, files, components, missing)
    hosts = _plugin_hosts(packages)
    counts = dict(sorted(watch.counts.items()))
    return {
        "methods": {"decoded": decoded, "failed": failed},
        "packed": packed,
        "packer": packer,
        "packed_why": why,
        "dyn_code": bool(watch.counts[LOADS_CODE] or watch.counts[LOADS_DEX_FILE] or hosts or packed),
        "dyn_code_why": {
            "counts": counts,
            "plugin_hosts": hosts,
            "own_loading": watch.own_loading,
            "places": {name: list(places) for name, places in sorted(watch.places.items())},
        },
        "obfuscation": _obfuscation(defined),
        "missing": missing,
    }


def _packed(
    entries: Entries, defined: Collection[bytes], files: Sequence[str], components: list[str], missing: list[str]
) -> tuple[bool, str | None, list[str]]:
    # The table is parsed when it is first asked for, and so imported then.
    from hegui.catalogue.frames.packers import packer_by_application, packer_by_class, packer_by_file

    why = []
    packer = packer_by_application(entries.application) if entries.application else None
    if packer is not None:
        why.append(f"Application {entries.application} is the stub of {packer.id}")
    by_file = packer_by_file(files)
    if by_file is not None:
        why.append(f"{by_file[1]} belongs to {by_file[0].id}")
        packer = packer or by_file[0]
    hidden = bool(entries.application) and _descriptor(str(entries.application)) not in defined
    if hidden:
        why.append(f"Application {entries.application} is in no DEX file")
    if hidden and packer is None:
        for name in sorted(defined):
            packer = packer_by_class(name[1:-1].decode("utf-8", "replace").replace("/", "."))
            if packer is not None:
                why.append(f"{name.decode('utf-8', 'replace')} belongs to {packer.id}")
                break
    # A few components can be missing for honest reasons: a feature module, or a leftover in the manifest.
    many_missing = len(missing) >= 3 and 2 * len(missing) > len(components)
    if many_missing:
        why.append(f"{len(missing)} of {len(components)} components are in no DEX file")
    packed = hidden or many_missing or (packer is not None and packer.hides_code)
    return packed, packer.id if packer else None, why


def _obfuscation(defined: Iterable[bytes]) -> float | None:
    total = short = 0
    for name in defined:
        if name.startswith(_FRAMEWORKS):
            continue
        simple = name[1:-1].rpartition(b"/")[2]
        if simple.startswith((b"R", b"B")) and _R_CLASS.fullmatch(simple):
            continue
        total += 1
        # Anonymous and synthetic classes are numbered after the class around them, which decides.
        own = simple if b"$" not in simple else next((one for one in simple.split(b"$") if not one.isdigit()), simple)
        short += len(own) <= 2
    return round(short / total, 4) if total else None


def _plugin_hosts(packages: Iterable[str]) -> list[str]:
    """The frames for code from elsewhere that have a package (a/b/c) here."""
    # The table is parsed when it is first asked for, and so imported then.
    from hegui.catalogue.frames.plugin_hosts import plugin_host

    found = (plugin_host(f"{name.replace('/', '.')}.X") for name in packages)
    return sorted({host.name for host in found if host is not None})


def _descriptor(name: str) -> bytes:
    return f"L{name.replace('.', '/')};".encode("utf-8", "surrogatepass")
