"""Finding the SDK behind a class, a component, a native library or a host name."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import Any

from hegui.catalogue.sdks.sdk import Sdk, sdk_from_row
from hegui.catalogue.sdks.source import HERE
from hegui.catalogue.sdks.user import sdks_folder
from hegui.errors import HeguiError


@dataclass
class Catalogue:
    """SDKs with their indexes. Where two name the same thing, the one that comes first in `sdks` wins."""

    sdks: tuple[Sdk, ...]
    _prefixes: dict[str, Sdk] = field(default_factory=dict)
    _packages: dict[str, Sdk] = field(default_factory=dict)
    _classes: dict[str, Sdk] = field(default_factory=dict)
    _with_classes: set[str] = field(default_factory=set)
    _components: dict[str, Sdk] = field(default_factory=dict)
    _libraries: dict[str, Sdk] = field(default_factory=dict)
    _library_patterns: list[tuple[re.Pattern[str], Sdk]] = field(default_factory=list)
    _domains: dict[str, Sdk] = field(default_factory=dict)
    _of_package: dict[str, Sdk | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.sdks:
            for prefix in one.prefixes:
                self._prefixes.setdefault(prefix[:-1], one)
            for package in one.packages:
                self._packages.setdefault(package, one)
            for name in one.classes:
                self._classes.setdefault(name, one)
                self._with_classes.add(name.rpartition(".")[0])
            for name in one.components:
                self._components.setdefault(name, one)
            for domain in one.domains:
                self._domains.setdefault(domain, one)
            for library in one.native_libs:
                if "*" in library:
                    self._library_patterns.append((re.compile(translate(library)), one))
                else:
                    self._libraries.setdefault(library, one)

    def by_class(self, name: str) -> Sdk | None:
        """The SDK a class belongs to, by the longest prefix. Takes `a.b.C`, `a/b/C` and `La/b/C;`; `$` marks inner classes."""
        if name.endswith(";"):
            name = name.lstrip("[")[1:-1]
        if "/" in name:
            name = name.replace("/", ".")
        package = name.rpartition(".")[0]
        if package in self._with_classes and (found := self._classes.get(name.partition("$")[0])):
            return found
        try:
            return self._of_package[package]
        except KeyError:
            self._of_package[package] = found = self._search(package)
            return found

    def is_shared(self, package: str) -> bool:
        """Whether single classes of a package are listed, so that only the class's name tells whose it is."""
        return package in self._with_classes

    def _search(self, package: str) -> Sdk | None:
        if package in self._packages:
            return self._packages[package]
        while package:
            if package in self._prefixes:
                return self._prefixes[package]
            package = package.rpartition(".")[0]
        return None

    def by_component(self, name: str) -> Sdk | None:
        """The SDK that brings a manifest component, by its class name: listed by name, else by prefix."""
        return self._components.get(name) or self.by_class(name)

    def by_native_lib(self, name: str) -> Sdk | None:
        """The SDK that brings a native library, by its file name."""
        name = name.rpartition("/")[2]
        if name in self._libraries:
            return self._libraries[name]
        return next((one for pattern, one in self._library_patterns if pattern.match(name)), None)

    def by_domain(self, host: str) -> Sdk | None:
        """The SDK whose servers a host name is among: the name itself, or a domain above it."""
        host = host.lower().rstrip(".")
        while host:
            if host in self._domains:
                return self._domains[host]
            host = host.partition(".")[2]
        return None

    def get(self, id: str) -> Sdk | None:
        return next((one for one in self.sdks if one.id == id), None)


def catalogue(folder: Path | None = None) -> Catalogue:
    """The shipped SDKs with those of the user layer (default: under home_folder()) laid over them."""
    return _catalogue(sdks_folder() if folder is None else folder)


def forget() -> None:
    """Read the user layer again at the next question: something was written to it."""
    _catalogue.cache_clear()


def sdks() -> tuple[Sdk, ...]:
    """Every SDK known: the user's own, the shipped, the imported."""
    return catalogue().sdks


def sdk(id: str) -> Sdk | None:
    return catalogue().get(id)


def by_class(name: str) -> Sdk | None:
    """See Catalogue.by_class. For many names take `catalogue().by_class`, which looks for the user layer only once."""
    return catalogue().by_class(name)


def by_component(name: str) -> Sdk | None:
    return catalogue().by_component(name)


def by_native_lib(name: str) -> Sdk | None:
    return catalogue().by_native_lib(name)


def by_domain(host: str) -> Sdk | None:
    return catalogue().by_domain(host)


@cache
def _catalogue(folder: Path) -> Catalogue:
    own, imported = read_layer(folder)
    known = {one.id: one for one in (*own, *(one for one in shipped_sdks() if one.id not in {mine.id for mine in own}))}
    for one in imported:
        known[one.id] = _with_keys_of(one, known[one.id]) if one.id in known else one
    return Catalogue(tuple(known.values()))


def _with_keys_of(more: Sdk, sdk: Sdk) -> Sdk:
    """An SDK with the keys that an import adds to it."""
    return replace(
        sdk,
        prefixes=sdk.prefixes + more.prefixes,
        components=sdk.components + more.components,
        native_libs=sdk.native_libs + more.native_libs,
        domains=sdk.domains + more.domains,
    )


@cache
def shipped_sdks() -> tuple[Sdk, ...]:
    """The SDKs that come with hegui, without any user layer."""
    return tuple(sdk_from_row(row) for row in json.loads((HERE / "sdks.json").read_text("utf-8"))["sdks"])


def read_layer(folder: Path) -> tuple[tuple[Sdk, ...], tuple[Sdk, ...]]:
    """The user's own SDKs (TOML, one each) and the imported ones (JSON). Raises HeguiError on a file that is not right."""
    own = [sdk for path in _files(folder, "*.toml") for sdk in _read(path, [_toml(path)], "user")]
    imported = [sdk for path in _files(folder, "*.json") for sdk in _read(path, _json(path), "imported")]
    return tuple(own), tuple(imported)


def _files(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _read(path: Path, rows: Iterable[dict[str, Any]], layer: str) -> list[Sdk]:
    try:
        return [sdk_from_row(row, layer) for row in rows]
    except (KeyError, TypeError, AttributeError) as error:
        raise _bad(path, f"{type(error).__name__}: {error}") from None


def _toml(path: Path) -> dict[str, Any]:
    # Only the user layer is in TOML, and importing this takes as long as parsing much of it.
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _bad(path, str(error)) from None


def _json(path: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8-sig"))["sdks"]
        return rows
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise _bad(path, f"{type(error).__name__}: {error}") from None


def _bad(path: Path, why: str) -> HeguiError:
    return HeguiError(
        f"用户层的 SDK 文件 {path} 不合格式（{why}）；改正或移走它，格式见 hegui/catalogue/sdks 中任一文件",
        f"{path} in the user layer is not an SDK file ({why}); correct or remove it, any file in hegui/catalogue/sdks is a model",
    )
