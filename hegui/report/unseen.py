"""What cannot be seen (看不到的部分): packing, loading, reflection, native code, renaming; and addresses in the code."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from hegui.catalogue.frames.packers import packers
from hegui.facts.library import Library
from hegui.facts.package import CallSite, Flags, Package, Place
from hegui.facts.unread import Unread, is_read
from hegui.report.catalogued import api_name, loads_bytecode, loads_other_code, reflects
from hegui.report.reading import Owners
from hegui.words import Words

MOST_PLACES = 20
MOST_HOSTS = 200
# From here on so many names are changed that what is looked for by name may be missed. A class counts as renamed when
# its name is one or two letters, so small apps with honest short names stay below.
MUCH_OBFUSCATED = 0.2


@dataclass(frozen=True)
class Hiding:
    """Calls by which code or its effect escapes reading: how many by name and by actor, and the first places."""

    sites: int
    calls: tuple[tuple[Words, int], ...]
    actors: tuple[tuple[Words, int], ...]
    places: tuple[tuple[CallSite, Words], ...]


@dataclass(frozen=True)
class Host:
    """A host that addresses in the code name. `plain`: at least one of them is not encrypted."""

    name: str
    addresses: int
    plain: bool


@dataclass(frozen=True)
class Unseen:
    """What limits the reading of one package. The three kinds of calls are None when call sites were not read.

    `reflections` counts uses of reflection: the larger of what the reader counted and what call sites show.
    `gates_left_out` counts methods with call sites that are too large to look for guards in.
    """

    packer: Words | None
    bytecode: Hiding | None
    other_code: Hiding | None
    reflection: Hiding | None
    reflections: int | Unread
    gates_left_out: int | Unread


def unseen(pkg: Package) -> Unseen:
    sites = pkg.callsites if is_read(pkg.callsites) else None
    owners = Owners(pkg)

    def hiding(asked: Callable[[CallSite], bool]) -> Hiding | None:
        if sites is None:
            return None
        some = [site for site in sites if asked(site)]
        return Hiding(
            len(some),
            _counted(map(api_name, some)),
            _counted(owners.name(owners.id_of(site)) for site in some),
            tuple((site, owners.name(owners.id_of(site))) for site in some[:MOST_PLACES]),
        )

    reflection = hiding(reflects)
    counted = pkg.flags.reflection
    if reflection and reflection.sites and not (is_read(counted) and counted > reflection.sites):
        counted = reflection.sites
    left_out = pkg.library.coverage.gates_left_out if isinstance(pkg.library, Library) else pkg.flags.gates_left_out
    return Unseen(_packer(pkg.flags), hiding(loads_bytecode), hiding(loads_other_code), reflection, counted, left_out)


def limits(pkg: Package | Unread) -> Words:
    """The sentence that stands beside every count: what was in the way, and what that means for the numbers."""
    if isinstance(pkg, Unread):
        return Words("没有读取安装包，以下数目不成立。", "The package was not read, so the counts below do not hold.")
    flags, found = pkg.flags, unseen(pkg)
    said = (_of_packing(flags, found.packer), *_of_calls(flags, found), _of_libraries(flags), _of_names(flags))
    if flags.packed is True:
        means = Words("以下只是外壳的代码，不代表应用", "what follows is the code of the shell, not of the app")
    elif _hindered(flags, found):
        means = Words("以下数目可能偏少", "the counts below may be too low")
    else:
        means = Words(
            "以下是静态读到的全部，能够发生不等于已经发生",
            "this is all that can be read statically: possible, not proven",
        )
    english = "; ".join(one.en for one in said)
    return Words(
        f"{'、'.join(one.zh for one in said)}：{means.zh}。", f"{english[0].upper()}{english[1:]}: {means.en}."
    )


def hosts(urls: Iterable[str]) -> tuple[tuple[Host, ...], int]:
    """The hosts of addresses, unencrypted first and then by name, and how many more there are."""
    counted: Counter[str] = Counter()
    plain: set[str] = set()
    for url in urls:
        try:
            parts = urlsplit(url)
            host = parts.hostname or url
        except ValueError:
            # What a package calls an address need not be one.
            host, scheme = url, ""
        else:
            scheme = parts.scheme
        counted[host] += 1
        if scheme == "http":
            plain.add(host)
    ordered = sorted(counted, key=lambda host: (host not in plain, host))
    return tuple(Host(one, counted[one], one in plain) for one in ordered[:MOST_HOSTS]), len(ordered[MOST_HOSTS:])


def _hindered(flags: Flags, found: Unseen) -> bool:
    renamed = flags.obfuscation
    return (
        flags.packed is not False
        or flags.dyn_code is not False
        or not is_read(flags.native_libs)
        or bool(flags.native_libs)
        or isinstance(renamed, Unread)
        or (renamed is not None and renamed >= MUCH_OBFUSCATED)
        or found.reflections != 0
    )


def _of_packing(flags: Flags, packer: Words | None) -> Words:
    if isinstance(flags.packed, Unread):
        return Words("是否加固未读取", "whether it is packed was not read")
    if flags.packed:
        return Words(
            "代码已加固" + (f"（{packer.zh}）" if packer else ""),
            "the code is packed" + (f" ({packer.en})" if packer else ""),
        )
    return Words("代码未加固", "the code is not packed")


def _of_calls(flags: Flags, found: Unseen) -> tuple[Words, ...]:
    loads = found.bytecode.sites if found.bytecode else 0
    said = []
    if loads and flags.dyn_code is False:
        said.append(
            Words(
                f"未见动态加载（{loads} 处加载字节码的调用只用于包内代码）",
                f"no dynamic loading seen ({_many(loads, 'call that loads', 'calls that load')} bytecode of the package only)",
            )
        )
    elif loads:
        said.append(Words(f"有 {loads} 处动态加载", f"{_many(loads, 'place loads', 'places load')} code"))
    elif isinstance(flags.dyn_code, Unread):
        said.append(Words("动态加载未读取", "dynamic loading was not read"))
    elif flags.dyn_code:
        said.append(Words("有动态加载", "code is loaded dynamically"))
    else:
        said.append(Words("未见动态加载", "no dynamic loading seen"))
    if isinstance(found.reflections, Unread):
        said.append(Words("反射未读取", "reflection was not counted"))
    elif found.reflections:
        said.append(Words(f"{found.reflections} 处反射", f"{_many(found.reflections, 'use', 'uses')} of reflection"))
    return tuple(said)


def _of_libraries(flags: Flags) -> Words:
    if isinstance(flags.native_libs, Unread):
        return Words("原生库未读取", "native libraries were not read")
    many = len({one.name for one in flags.native_libs})
    if many:
        return Words(
            f"{many} 个原生库的内部不读",
            f"the inside of {_many(many, 'native library', 'native libraries')} is not read",
        )
    return Words("没有原生库", "no native library")


def _of_names(flags: Flags) -> Words:
    if isinstance(flags.obfuscation, Unread):
        return Words("混淆程度未读取", "obfuscation was not measured")
    if flags.obfuscation is None:
        return Words("没有可测混淆的类", "no class whose name could tell of obfuscation")
    share = f"{flags.obfuscation:.0%}"
    return Words(f"混淆约 {share}", f"about {share} of classes renamed")


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _packer(flags: Flags) -> Words | None:
    if flags.packer is None:
        return None
    return next((one.name for one in packers() if one.id == flags.packer), Words(flags.packer, flags.packer))


def place_of(site: CallSite) -> Place:
    """`cls->method @offset`, by contract."""
    return f"{site.cls}->{site.method} @{site.offset:#06x}"


def _counted(words: Iterable[Words]) -> tuple[tuple[Words, int], ...]:
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0].zh, pair[0].en)))
