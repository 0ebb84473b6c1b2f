"""A small compiler for tests: XML text to compiled XML, and a resource table from a plain dict, with faults on request.

Written from the structures in AOSP's ResourceTypes.h; it shares nothing with our readers but the attribute ids.
"""

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field

from hegui.readers.apk.manifest_names import ATTR

ANDROID = "http://schemas.android.com/apk/res/android"
NONE = 0xFFFFFFFF

# The bytes of an empty chunk of a type nobody knows, as protectors strew them.
JUNK_0000 = struct.pack("<HHI", 0x0000, 8, 8)
JUNK_0080 = struct.pack("<HHIII", 0x0080, 16, 16, 0, 0)


def chunk(kind: int, head: bytes, body: bytes, *, size: int | None = None) -> bytes:
    whole = 8 + len(head) + len(body)
    return struct.pack("<HHI", kind, 8 + len(head), whole if size is None else size) + head + body


def string_pool(
    strings: list[str],
    *,
    utf8: bool = False,
    count: int | None = None,
    sorted_flag: bool = False,
    terminate: bool = True,
) -> bytes:
    """A ResStringPool. `count` replaces the true count; `terminate` False leaves out the zeros behind each string."""
    body, offsets = b"", []
    for text in strings:
        offsets.append(len(body))
        if utf8:
            raw = text.encode("utf-8", "surrogatepass")
            body += _length8(len(text)) + _length8(len(raw)) + raw + (b"\0" if terminate else b"")
        else:
            raw = text.encode("utf-16-le", "surrogatepass")
            units = len(raw) // 2
            length = (
                struct.pack("<H", units) if units < 0x8000 else struct.pack("<HH", units >> 16 | 0x8000, units & 0xFFFF)
            )
            body += length + raw + (b"\0\0" if terminate else b"")
    body += b"\0" * (-len(body) % 4)
    index = struct.pack(f"<{len(offsets)}I", *offsets)
    flags = (0x100 if utf8 else 0) | (1 if sorted_flag else 0)
    head = struct.pack("<5I", len(strings) if count is None else count, 0, flags, 28 + len(index), 0)
    return chunk(0x0001, head, index + body)


def _length8(size: int) -> bytes:
    return bytes([size]) if size < 0x80 else bytes([size >> 8 & 0x7F | 0x80, size & 0xFF])


@dataclass
class Faults:
    """What to do differently from a well-behaved compiler. Each is seen in the wild, or taken by the runtime."""

    utf8: bool = False
    file_type: int = 0x0003
    file_size: int | None = None
    blank_names: bool = False
    namespace: str = ANDROID
    resource_map: bool = True
    attribute_size: int = 20
    attribute_gap: int = 0
    string_count: int | None = None
    sorted_flag: bool = False
    terminate: bool = True
    node_header: int = 16
    pool_twice: bool = False
    raw_values: bool = True
    before_pool: bytes = b""
    before_nodes: bytes = b""
    between_nodes: bytes = b""
    after_nodes: bytes = b""
    namespaces: int = 1


@dataclass
class _Compiler:
    faults: Faults
    strings: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def string(self, text: str) -> int:
        # The names with an id come first, one per place of the resource map; all others behind them.
        for place in range(len(self.ids), len(self.strings)):
            if self.strings[place] == text:
                return place
        self.strings.append(text)
        return len(self.strings) - 1

    def node(self, kind: int, body: bytes) -> bytes:
        gap = b"\0" * (self.faults.node_header - 16)
        return chunk(kind, struct.pack("<II", 1, NONE) + gap, body) + self.faults.between_nodes

    def element(self, element: ET.Element) -> bytes:
        attributes = b""
        for name, value in element.attrib.items():
            attributes += self.attribute(name, value).ljust(self.faults.attribute_size, b"\xee")
        tag = self.string(element.tag.rpartition("}")[2])
        start = 20 + self.faults.attribute_gap
        head = struct.pack("<IIHHHHHH", NONE, tag, start, self.faults.attribute_size, len(element.attrib), 0, 0, 0)
        out = self.node(0x0102, head + b"\xdd" * self.faults.attribute_gap + attributes)
        if element.text and element.text.strip():
            out += self.node(0x0104, struct.pack("<IHBBI", self.string(element.text), 8, 0, 3, 0))
        for child in element:
            out += self.element(child)
        return out + self.node(0x0103, struct.pack("<II", NONE, tag))

    def attribute(self, name: str, value: str) -> bytes:
        namespace, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
        if namespace == ANDROID and local in ATTR and self.faults.resource_map:
            place = self.ids.index(ATTR[local])
        else:
            place = self.string(local)
        kind, data = self.typed(value)
        raw = self.string(value) if self.faults.raw_values or not namespace else NONE
        where = self.string(self.faults.namespace) if namespace else NONE
        return struct.pack("<IIIHBBI", where, place, raw, 8, 0, kind, data)

    def typed(self, value: str) -> tuple[int, int]:
        if value in ("true", "false"):
            return 0x12, NONE if value == "true" else 0
        if re.fullmatch(r"-?\d{1,10}", value):
            return 0x10, int(value) & 0xFFFFFFFF
        if re.fullmatch(r"0x[0-9a-f]{1,8}", value):
            return 0x11, int(value, 16)
        if re.fullmatch(r"@0x[0-9a-f]{8}", value):
            return 0x01, int(value[1:], 16)
        return 0x03, self.string(value)


def compile_xml(text: str, faults: Faults | None = None) -> bytes:
    """Compiled XML of a text. Values true, 12, 0x10 and @0x7f010001 are typed as a compiler would; the rest is text."""
    faults = faults or Faults()
    root = ET.fromstring(text)  # noqa: S314
    names = {
        name.rpartition("}")[2] for each in root.iter() for name in each.attrib if name.startswith(f"{{{ANDROID}}}")
    }
    mapped = [name for name in ATTR if name in names] if faults.resource_map else []
    compiler = _Compiler(
        faults, ["" if faults.blank_names else name for name in mapped], [ATTR[name] for name in mapped]
    )
    namespaces = struct.pack("<II", compiler.string("android"), compiler.string(faults.namespace))
    body = compiler.element(root)
    for _ in range(faults.namespaces):
        body = compiler.node(0x0100, namespaces) + body + compiler.node(0x0101, namespaces)
    pool = string_pool(
        compiler.strings,
        utf8=faults.utf8,
        count=faults.string_count,
        sorted_flag=faults.sorted_flag,
        terminate=faults.terminate,
    )
    if faults.pool_twice:
        pool = string_pool(["wrong"] * 40) + pool
    if compiler.ids:
        pool += chunk(0x0180, b"", struct.pack(f"<{len(compiler.ids)}I", *compiler.ids))
    whole = faults.before_pool + pool + faults.before_nodes + body + faults.after_nodes
    return chunk(faults.file_type, b"", whole, size=faults.file_size)


@dataclass(frozen=True)
class Config:
    """A configuration of the table: language and region, API level, density."""

    language: str = ""
    region: str = ""
    sdk: int = 0
    density: int = 0
    script: str = ""

    def packed(self) -> bytes:
        made = struct.pack("<IHH", 64, 0, 0) + _tag(self.language, "a") + _tag(self.region, "0")
        made += struct.pack("<BBHI", 0, 0, self.density, 0) + struct.pack("<HHHH", 0, 0, self.sdk, 0)
        return (made + b"\0" * 8 + self.script.encode().ljust(4, b"\0")).ljust(64, b"\0")


def _tag(text: str, base: str) -> bytes:
    if len(text) < 3:
        return text.encode().ljust(2, b"\0")
    first, second, third = (ord(letter) - ord(base) for letter in text)
    return bytes([0x80 | third << 2 | second >> 3, (second & 7) << 5 | first])


@dataclass(frozen=True)
class Ref:
    """A value that refers to another resource."""

    id: int


Scalar = str | bool | int | Ref
# What a resource holds, per configuration.
Table = Mapping[int, Mapping[Config, Scalar]]


def compile_table(
    table: Table, *, form: str = "plain", aliases: Mapping[int, int] | None = None, offset: int = 0, utf8: bool = True
) -> bytes:
    """A resource table. `form`: plain, sparse, offset16, compact. `offset`: typeIdOffset of a split's package."""
    strings: list[str] = []

    def value(of: Scalar) -> tuple[int, int]:
        match of:
            case bool():
                return 0x12, NONE if of else 0
            case int():
                return 0x10, of & 0xFFFFFFFF
            case Ref():
                return 0x01, of.id
            case str():
                strings.append(of)
                return 0x03, len(strings) - 1

    packages = b""
    for package in sorted({each >> 24 for each in table}):
        types = b""
        for kind in sorted({each >> 16 & 0xFF for each in table if each >> 24 == package}):
            mine = {each & 0xFFFF: held for each, held in table.items() if each >> 16 == package << 8 | kind}
            types += chunk(0x0202, struct.pack("<BBHI", kind - offset, 0, 0, 0), b"")
            for config in dict.fromkeys(config for held in mine.values() for config in held):
                values = {index: value(held[config]) for index, held in mine.items() if config in held}
                types += _type(kind - offset, config, values, max(mine) + 1, form)
        name = "com.example".encode("utf-16-le").ljust(256, b"\0")
        head = struct.pack("<I", package) + name + struct.pack("<5I", 288, 0, 288, 0, offset)
        body = string_pool(["string"]) + string_pool(["key"]) + types
        if aliases:
            pairs = b"".join(struct.pack("<II", *pair) for pair in aliases.items())
            body += chunk(0x0206, struct.pack("<I", len(aliases)), pairs)
        packages += chunk(0x0200, head, body)
    count = len({each >> 24 for each in table})
    return chunk(0x0002, struct.pack("<I", count), string_pool(strings, utf8=utf8) + packages)


def _type(kind: int, config: Config, values: Mapping[int, tuple[int, int]], count: int, form: str) -> bytes:
    entries, places = b"", {}
    for index, (data_type, data) in sorted(values.items()):
        places[index] = len(entries)
        if form == "compact":
            entries += struct.pack("<HHI", 0, data_type << 8 | 0x0008, data)
        else:
            entries += struct.pack("<HHI", 8, 0, 0) + struct.pack("<HBBI", 8, 0, data_type, data)
    flags = {"sparse": 0x01, "offset16": 0x02}.get(form, 0)
    if form == "sparse":
        index_table = b"".join(struct.pack("<HH", index, at // 4) for index, at in places.items())
        count = len(places)
    elif form == "offset16":
        index_table = b"".join(struct.pack("<H", places[i] // 4 if i in places else 0xFFFF) for i in range(count))
        index_table += b"\0" * (-len(index_table) % 4)
    else:
        index_table = b"".join(struct.pack("<I", places.get(i, NONE)) for i in range(count))
    packed = config.packed()
    start = 20 + len(packed) + len(index_table)
    return chunk(0x0201, struct.pack("<BBHII", kind, flags, 0, count, start) + packed, index_table + entries)


def bag(data: bytes) -> bytes:
    """The same table with every entry turned into a bag (FLAG_COMPLEX), which holds no single value."""
    return data.replace(struct.pack("<HHI", 8, 0, 0), struct.pack("<HHI", 8, 1, 0))
