"""The parts of a package: one APK, the APKs of a set, or the modules of a bundle, behind one face.

A part shows its files under the names they have in an APK, whatever the archive calls them, and turns a place in such a
file into a place a stranger can find: "split_camera.apk!AndroidManifest.xml@0x01a4" in a set of APKs,
"camera/manifest/AndroidManifest.xml@0x01a4" in a bundle.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from hegui.facts.package import Entry
from hegui.readers.apk.axml import XmlTree, read_xml
from hegui.readers.apk.container import Container, ZipEntry
from hegui.readers.bundle.lists import Listing, listing
from hegui.readers.bundle.proto_xml import read_proto_xml
from hegui.readers.errors import LimitReached, Malformed, ReadError
from hegui.readers.kinds import SETS, WORDS, Kind
from hegui.readers.limits import MIB, Limits
from hegui.readers.sdk.recognise import MANIFEST, kind_of

TABLE = "resources.arsc"
# In the folder of a module.
MODULE_MANIFEST = "manifest/AndroidManifest.xml"
MODULE_TABLE = "resources.pb"
MAX_MANIFEST_BYTES = 32 << 20
# A store may cut an app by 4 ABIs, 7 densities and 100 languages, each module for itself.
MAX_PARTS = 2_000


class Part:
    """An APK, or a module of a bundle.

    `name` is that of its file in the set, or of the module; "" for a package that is one APK. `root` is the folder of a
    module in its bundle, with a slash at its end; "" for an APK.
    """

    def __init__(self, name: str, container: Container, root: str = "") -> None:
        self.name = name
        self.container = container
        self.root = root

    @cached_property
    def files(self) -> dict[str, ZipEntry]:
        """The files by the names they have in an APK (App Bundle format: manifest/, dex/ and root/ are moved)."""
        if not self.root:
            return self.container.by_name
        found: dict[str, ZipEntry] = {}
        for name, entry in self.container.by_name.items():
            if name.startswith(self.root) and not name.endswith("/"):
                found.setdefault(_name_in_apk(name.removeprefix(self.root)), entry)
        return found

    def has(self, name: str) -> bool:
        return name in self.files

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The content of a file. Raises ReadError as Container.read does."""
        entry = self.files.get(name)
        return self.container.read(entry.name if entry else self.root + name, limit)

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a file. Raises ReadError as Container.head does."""
        entry = self.files.get(name)
        return self.container.head(entry.name if entry else self.root + name, size)

    def place(self, at: str) -> str:
        """A place in a file of this part as a place in the package."""
        if self.root:
            name, sign, offset = at.partition("@")
            entry = self.files.get(name)
            return f"{entry.name if entry else self.root + name}{sign}{offset}"
        return f"{self.name}!{at}" if self.name and at else at or self.name

    def xml(self, data: bytes, name: str) -> XmlTree:
        """Read an XML file of this part; the manifest, which several ask for, once. Raises ReadError."""
        if name == MANIFEST:
            return self.manifest
        return (read_proto_xml if self.root else read_xml)(data, name)

    @cached_property
    def manifest(self) -> XmlTree:
        """The manifest. Raises ReadError when there is none that can be read."""
        return (read_proto_xml if self.root else read_xml)(self.read(MANIFEST, MAX_MANIFEST_BYTES), MANIFEST)

    def odd(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Oddities of this part, each under its place in the package."""
        return tuple(replace(entry, name=self.place(entry.name)) for entry in entries)


def _name_in_apk(name: str) -> str:
    if name in (MANIFEST, TABLE):
        # Not where the format wants them: no build tool takes these for what they would be in an APK.
        return f"./{name}"
    if name == MODULE_MANIFEST:
        return MANIFEST
    if name == MODULE_TABLE:
        return TABLE
    for folder in ("dex/", "root/"):
        if name.startswith(folder):
            return name.removeprefix(folder)
    return name


@dataclass
class Opened:
    """An opened package. `unreadable`: parts that could not be opened, by name, and why."""

    kind: Kind
    parts: tuple[Part, ...]
    unreadable: dict[str, ReadError] = field(default_factory=dict)
    listing: Listing = field(default_factory=lambda: Listing(()))
    outer: Container | None = None

    def refuse_bomb(self, limits: Limits) -> None:
        """Raise LimitReached when the archive claims what a zip bomb does; a part that does is taken as unreadable."""
        if self.outer is not None:
            self.outer.refuse_bomb()
        kept, claimed, entries = [], 0, 0
        for part in self.parts:
            if part.container is not self.outer:
                try:
                    part.container.refuse_bomb()
                    claimed += sum(entry.size for entry in part.container.required)
                    entries += len(part.container.entries)
                    if claimed > limits.total_mb * MIB or entries > limits.entries:
                        raise _too_much(part.name)
                except LimitReached as error:
                    self.unreadable[part.name] = error
                    continue
            kept.append(part)
        self.parts = tuple(kept)
        if not kept and self.unreadable:
            raise next(iter(self.unreadable.values()))


def open_package(path: Path, limits: Limits) -> Opened:
    """Open a package of any form that is read here. One of another kind has no parts. Raises ReadError when it is none."""
    if path.is_dir():
        return _open_folder(path, limits)
    container = Container.open(path, limits)
    kind = kind_of(container)
    if kind in SETS:
        return _open_set(kind, container, limits)
    if kind == "aab":
        names = [name for name in container.by_name if name.partition("/")[2] == MODULE_MANIFEST]
        modules = tuple(Part(root, container, f"{root}/") for root in (name.partition("/")[0] for name in names))
        if not any(part.name == "base" for part in modules):
            raise Malformed(
                f"{path.name}：看来是 {WORDS[kind].zh}，但没有 base/{MODULE_MANIFEST}；请提供完整的文件",
                f"{path.name}: it looks to be {WORDS[kind].en}, but there is no base/{MODULE_MANIFEST}; give the whole file",
            )
        return Opened(kind, modules, outer=container)
    return Opened(kind, (Part("", container),) if kind == "apk" else (), outer=container)


def _open_set(kind: Kind, container: Container, limits: Limits) -> Opened:
    listed = listing(container)
    opened = Opened(kind, (), listing=listed, outer=container)
    # What is stored is read where it stands; what must be inflated is kept, so that all of it together is bounded.
    room = limits.memory_mb * MIB // 3
    parts = []
    for name in _bounded(container.path.name, listed.apks):
        try:
            part = Part(name, container.nested(name, room))
        except ReadError as error:
            opened.unreadable[name] = error
            continue
        if container.by_name[name].method:
            room -= part.container.size
        parts.append(part)
    opened.parts = tuple(parts)
    _require_parts(container.path.name, opened)
    return opened


def _open_folder(path: Path, limits: Limits) -> Opened:
    """The APKs that lie in a folder, not in folders below it. Symbolic links are not followed: they may lead out."""
    opened = Opened("folder", ())
    names = sorted(entry.name for entry in os.scandir(path) if entry.is_file(follow_symlinks=False))
    parts = []
    for name in _bounded(path.name, names):
        is_named_so = name.lower().endswith(".apk")
        try:
            container = Container.open(path / name, limits)
        except ReadError as error:
            if is_named_so:
                opened.unreadable[name] = error
            continue
        if container.has(MANIFEST) or is_named_so:
            parts.append(Part(name, container))
        else:
            container.close()
    opened.parts = tuple(parts)
    _require_parts(path.name, opened)
    return opened


def _bounded(name: str, several: Iterable[str]) -> Iterator[str]:
    for number, each in enumerate(several):
        if number >= MAX_PARTS:
            raise LimitReached(
                f"{name}：文件超过 {MAX_PARTS} 个；请给出只含一个应用的安装包的文件或目录",
                f"{name}: more than {MAX_PARTS} files; name what holds the packages of one app only",
            )
        yield each


def _require_parts(name: str, opened: Opened) -> None:
    if opened.parts:
        return
    what = WORDS[opened.kind]
    if opened.unreadable:
        error = next(iter(opened.unreadable.values()))
        raise type(error)(
            f"{name}：是{what.zh}，其中的 APK 都无法读取：{error.words.zh}",
            f"{name}: {what.en} in which no APK can be read: {error.words.en}",
        )
    raise Malformed(
        f"{name}：是{what.zh}，其中没有 APK；请给出 .apk 文件或含有应用全部 .apk 的目录",
        f"{name}: {what.en} without an APK in it; name an .apk file, or a directory with all the .apk files of one app",
    )


def _too_much(name: str) -> LimitReached:
    return LimitReached(
        f"{name}：连同之前的分包，声称的文件数或解压后大小超过上限，疑为压缩炸弹；请核实文件来源",
        f"{name}: with the parts before it, it claims more files or bytes than the limits allow (a zip bomb?); check its origin",
    )
