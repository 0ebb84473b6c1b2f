"""The resource table, resources.arsc (资源表): from a resource id to its values, per configuration.

The structures are those of AOSP `androidfw/ResourceTypes.h`: ResTable_header, ResTable_package, ResTable_type and
ResTable_entry, with sparse, 16-bit-offset and compact entries and staged aliases. Opening a table only walks the chunk
headers; entries and strings are read when asked for.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from hegui.readers.apk.axml import (
    NO_INDEX,
    TYPE_DYNAMIC_REFERENCE,
    TYPE_REFERENCE,
    TYPE_STRING,
    StringPool,
)
from hegui.readers.errors import LimitReached, Malformed

RES_STRING_POOL_TYPE = 0x0001
RES_TABLE_TYPE = 0x0002
RES_TABLE_PACKAGE_TYPE = 0x0200
RES_TABLE_TYPE_TYPE = 0x0201
RES_TABLE_STAGED_ALIAS_TYPE = 0x0206

TYPE_FLAG_SPARSE = 0x01
TYPE_FLAG_OFFSET16 = 0x02
ENTRY_FLAG_COMPLEX = 0x0001
ENTRY_FLAG_COMPACT = 0x0008

# A chain of references in a real table is two or three long; a circle has no end.
MAX_REFERENCES = 20
MAX_CHUNKS = 200_000
# What all look-ups together may touch; an app of 355 components touches 9,000.
MAX_ENTRIES = 5_000_000
# What one resource may fan out to while references are followed in every configuration.
MAX_VALUES = 2_000

_CHUNK = struct.Struct("<HHI")
_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")
_VALUE = struct.Struct("<HBBI")
# ResTable_type from its flags on: flags, reserved, entryCount, entriesStart.
_TYPE = struct.Struct("<BxxII")


@dataclass(frozen=True, slots=True)
class Config:
    """What ResTable_config says of when a value holds. `locale` is a BCP 47 tag, "" for any; `sdk` 0 for any.

    `other`: anything else is asked of the device (screen, density, night, input …).
    """

    locale: str = ""
    sdk: int = 0
    other: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a resource in one configuration: Res_value's type and data, and its text when it is a string."""

    config: Config
    type: int
    data: int
    string: str | None


@dataclass(frozen=True, slots=True)
class _Type:
    """A ResTable_type: the entries of one type in one configuration. `table` has their offsets from `entries`."""

    config: Config
    flags: int
    count: int
    table: int
    entries: int
    end: int


class ResourceTable:
    """A resource table. Raises Malformed when it is none; whatever is broken inside is left out as the runtime does.

    Looking values up raises LimitReached when it takes more than any real package needs.
    """

    def __init__(self, data: bytes | memoryview, name: str = "resources.arsc") -> None:
        self._data = data = memoryview(data)
        self._strings = StringPool(data, 0, 0, 0)
        # (package id, type id) to where the type chunks of all configurations begin, and to the chunks once read.
        self._places: dict[tuple[int, int], list[int]] = {}
        self._types: dict[tuple[int, int], list[_Type]] = {}
        self._aliases: dict[int, int] = {}
        self._configs: dict[bytes, Config] = {}
        self._chunks = self._looked_at = 0
        if len(data) < 12:
            raise Malformed(f"{name}：资源表过短", f"{name}: too short for a resource table")
        kind, header_size, size = _CHUNK.unpack_from(data, 0)
        if kind != RES_TABLE_TYPE:
            raise Malformed(
                f"{name}：不是资源表（类型 0x{kind:04x}）", f"{name}: no resource table (type 0x{kind:04x})"
            )
        for chunk, at, chunk_header, chunk_size in self._walk(header_size, min(size, len(data))):
            if chunk == RES_STRING_POOL_TYPE and not self._strings.count:
                self._strings = StringPool(data, at, chunk_size, chunk_header)
            elif chunk == RES_TABLE_PACKAGE_TYPE and chunk_header >= 12:
                self._read_package(at, chunk_header, chunk_size)

    def values(self, resource_id: int) -> list[Value]:
        """The values of a resource, in the order of the table. Empty when it has none, or only a bag (an array …)."""
        resource_id = self._aliases.get(resource_id, resource_id)
        key, index = (resource_id >> 24, resource_id >> 16 & 0xFF), resource_id & 0xFFFF
        if key not in self._types:
            self._types[key] = [self._read_type(at) for at in self._places.get(key, ())]
        self._looked_at += len(self._types[key])
        if self._looked_at > MAX_ENTRIES:
            raise LimitReached("资源表的查找量超限", "looking values up in the resource table takes too long")
        found = []
        for each in self._types[key]:
            value = self._entry(each, index)
            if value is not None:
                found.append(value)
        return found

    def resolve(self, resource_id: int) -> list[Value]:
        """The values of a resource with references followed; one that cannot be followed stays a reference.

        A value behind a reference holds where both its own configuration and the reference's do.
        """
        done: list[Value] = []
        todo = [(value, 0) for value in reversed(self.values(resource_id))]
        steps = 0
        while todo and steps < MAX_VALUES:
            steps += 1
            value, depth = todo.pop()
            if value.type not in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) or depth >= MAX_REFERENCES:
                done.append(value)
                continue
            behind = self.values(value.data)
            merged = [
                Value(both, each.type, each.data, each.string)
                for each in behind
                if (both := _both(value.config, each.config)) is not None
            ]
            if merged:
                todo.extend((each, depth + 1) for each in reversed(merged))
            else:
                done.append(value)
        return done + [value for value, _ in reversed(todo)]

    def _walk(self, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        data = self._data
        while at + 8 <= end:
            kind, header_size, size = _CHUNK.unpack_from(data, at)
            self._chunks += 1
            if header_size < 8 or size < header_size or at + size > end or self._chunks > MAX_CHUNKS:
                return
            yield kind, at, header_size, size
            at += size

    def _read_package(self, at: int, header_size: int, size: int) -> None:
        data = self._data
        package = _U32.unpack_from(data, at + 8)[0] & 0xFF
        # A split's types are numbered from this offset on (ResTable_package.typeIdOffset; absent in old tables).
        type_id_offset = _U32.unpack_from(data, at + 284)[0] if header_size >= 288 else 0
        for kind, chunk, chunk_header, chunk_size in self._walk(at + header_size, at + size):
            if kind == RES_TABLE_TYPE_TYPE and chunk_header >= 24:
                key = (package, data[chunk + 8] + type_id_offset & 0xFF)
                self._places.setdefault(key, []).append(chunk)
            elif kind == RES_TABLE_STAGED_ALIAS_TYPE and chunk_header >= 12:
                count = min(_U32.unpack_from(data, chunk + 8)[0], (chunk_size - chunk_header) // 8)
                for staged, final in struct.iter_unpack("<II", data[chunk + chunk_header :][: count * 8]):
                    self._aliases[staged] = final

    def _read_type(self, at: int) -> _Type:
        _, header_size, size = _CHUNK.unpack_from(self._data, at)
        flags, count, entries_start = _TYPE.unpack_from(self._data, at + 9)
        table, end = at + header_size, at + size
        width = 2 if flags & TYPE_FLAG_OFFSET16 and not flags & TYPE_FLAG_SPARSE else 4
        config = self._config(at + 20, table)
        return _Type(config, flags, min(count, (end - table) // width), table, at + entries_start, end)

    def _entry(self, kind: _Type, index: int) -> Value | None:
        data, table = self._data, kind.table
        if kind.flags & TYPE_FLAG_SPARSE:
            # ResTable_sparseTypeEntry: index and offset / 4, sorted by index.
            found = bisect_left(range(kind.count), index, key=lambda i: _U16.unpack_from(data, table + i * 4)[0])
            if found >= kind.count or _U16.unpack_from(data, table + found * 4)[0] != index:
                return None
            offset = _U16.unpack_from(data, table + found * 4 + 2)[0] * 4
        elif index >= kind.count:
            return None
        elif kind.flags & TYPE_FLAG_OFFSET16:
            offset = _U16.unpack_from(data, table + index * 2)[0]
            offset = NO_INDEX if offset == 0xFFFF else offset * 4
        else:
            offset = _U32.unpack_from(data, table + index * 4)[0]
        at, end = kind.entries + offset, kind.end
        if at + _ENTRY.size > end:
            # NO_ENTRY, too: it points beyond any chunk.
            return None
        size, flags, compact_data = _ENTRY.unpack_from(data, at)
        if flags & ENTRY_FLAG_COMPACT:
            value_type, value_data = flags >> 8, compact_data
        elif flags & ENTRY_FLAG_COMPLEX or at + size + _VALUE.size > end:
            return None
        else:
            _, _, value_type, value_data = _VALUE.unpack_from(data, at + size)
        string = self._strings[value_data] if value_type == TYPE_STRING else None
        return Value(kind.config, value_type, value_data, string)

    def _config(self, at: int, end: int) -> Config:
        size = min(_U32.unpack_from(self._data, at)[0], end - at, 64)
        raw = bytes(self._data[at : at + size])
        config = self._configs.get(raw)
        if config is None:
            config = self._configs[raw] = _read_config(raw)
        return config


def _read_config(raw: bytes) -> Config:
    raw = raw.ljust(64, b"\0")
    language = _subtag(raw[8:10], b"a")
    region = _subtag(raw[10:12], b"0")
    script = raw[36:40].rstrip(b"\0").decode("ascii", "replace")
    sdk: int = _U16.unpack_from(raw, 24)[0]
    # All that is left: mcc/mnc, screen type, input, screen size, minor version, screen config, and what came later.
    # Bytes 40-47 (variant) and 52-60 (script was computed, numbering system) belong to the locale.
    other = any(raw[4:8] + raw[12:24] + raw[26:36] + raw[48:52])
    return Config("-".join(part for part in (language, script, region) if part), sdk, other)


def _subtag(raw: bytes, base: bytes) -> str:
    """A language or region: two letters, or three packed in 15 bits (ResTable_config::unpackLanguage, unpackRegion)."""
    first, second = raw
    if first & 0x80:
        start = base[0]
        packed = (second & 0x1F, (second >> 5) + ((first & 0x03) << 3), (first & 0x7C) >> 2)
        return "".join(chr(start + part) for part in packed)
    return raw.rstrip(b"\0").decode("ascii", "replace")


def _both(outer: Config, inner: Config) -> Config | None:
    short, locale = sorted((outer.locale, inner.locale), key=len)
    if short and not f"{locale}-".startswith(f"{short}-"):
        return None
    return Config(locale, max(outer.sdk, inner.sdk), outer.other or inner.other)
