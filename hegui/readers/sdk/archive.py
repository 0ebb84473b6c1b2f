"""The archives of an SDK: the file itself, and the JARs inside an AAR, opened from memory."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hegui.readers.apk.container import DEFLATED, Container
from hegui.readers.apk.window import Window
from hegui.readers.errors import Malformed, ReadError
from hegui.readers.limits import MIB, Limits

CLASSES_JAR: Final = "classes.jar"
# A class file holds at most 65,535 constants of 65,535 bytes; real ones stay below 1 MiB.
MOST_CLASS_BYTES: Final = 16 * MIB

_CLASS = ".class"


@dataclass(frozen=True)
class Jar:
    """A JAR of the SDK. `name` is its name inside the AAR, "" where the SDK itself is a JAR."""

    name: str
    container: Container

    def place(self, entry: str) -> str:
        """Where an entry stands: `libs/a.jar!com/x/A.class`, or the entry alone."""
        return f"{self.name}!{entry}" if self.name else entry

    def class_names(self) -> Iterator[str]:
        """The entries that become code of an app.

        Not those below META-INF, which are for other Java releases ("Multi-release JAR files") and which the build
        tools of Android leave out, nor descriptions of modules and packages.
        """
        for name in self.container.by_name:
            if name.endswith(_CLASS) and not name.startswith("META-INF/"):
                last = name.rpartition("/")[2]
                if last not in ("module-info.class", "package-info.class"):
                    yield name

    def left_out(self) -> int:
        """How many classes stand below META-INF."""
        return sum(name.endswith(_CLASS) for name in self.container.names("META-INF/"))

    def content(self, name: str, most: int = MOST_CLASS_BYTES) -> bytes:
        """The bytes of an entry. Raises ReadError as Container.read does.

        The usual entry is inflated in one go: there are thousands, and Container.read takes 256 KiB of the map each.
        """
        container = self.container
        entry = container.by_name.get(name)
        if entry is not None and entry.method == DEFLATED and entry.size <= most:
            start = container.data_offset(entry)
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = inflater.decompress(container.data[start : start + entry.compressed_size], most)
            except zlib.error:
                content = b""
            if inflater.eof:
                return content
        return container.read(name, most)


def jars_of(container: Container) -> Iterator[Jar | ReadError]:
    """classes.jar and libs/*.jar of an AAR, in this order; a JAR that cannot be opened is given as what is wrong."""
    inside = sorted(
        name
        for name in container.by_name
        if name.startswith("libs/") and name.endswith(".jar") and name.count("/") == 1
    )
    for name in (CLASSES_JAR, *inside):
        if name in container.by_name:
            try:
                opened = nested(container, name)
                opened.refuse_bomb()
                yield Jar(name, opened)
            except ReadError as error:
                yield error


def nested(container: Container, name: str, limits: Limits | None = None) -> Container:
    """A ZIP inside a ZIP, held in memory. Raises ReadError; one that is no ZIP is Malformed here."""
    limits = limits or container.limits
    content = container.read(name)
    label = f"{container.path.name}!{name.rpartition('/')[2]}"
    if len(content) < 22 or content.rfind(b"PK\x05\x06") < 0:
        raise Malformed(
            f"{container.path.name}：{name} 不是 ZIP（{len(content)} 字节）；请重新获取文件",
            f"{container.path.name}: {name} is no ZIP ({len(content)} bytes); get the file again",
        )
    return Container(Path(label), Window(memoryview(content)), limits)
