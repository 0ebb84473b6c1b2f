"""The tables of a DEX file, over its bytes: nothing is decoded before it is asked for, no object per method.

Source: Dalvik Executable format (source.android.com/docs/core/runtime/dex-format): "File layout", "header_item",
"map_list", "string_id_item" to "class_def_item", "class_data_item", "code_item", "MUTF-8".
"""

import re
import sys
from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from hegui.readers.errors import Malformed

# Numbers of one kind, of many methods or instructions at once.
Column = NDArray[Any]

NO_INDEX = 0xFFFFFFFF

_ENDIAN = 0x12345678
_HEADER_SIZE = 0x70
# Version 041 adds container_size and header_offset ("header_item", v41 or later).
_HEADER_SIZE_041 = 0x78
_MAGIC = re.compile(rb"dex\n(03[5-9]|04[01])\0", re.DOTALL)
_CALL_SITE_IDS, _METHOD_HANDLES = 7, 8
_MOST_LOGICAL = 1024

# Access flags ("access_flags Definitions").
STATIC = 0x8
PRIVATE = 0x2
FINAL = 0x10
INTERFACE = 0x200
ABSTRACT = 0x400
CONSTRUCTOR = 0x10000


def read_dex(name: str, content: "bytes | memoryview") -> "Iterator[Dex]":
    """The logical DEX files of one physical file: one, or from version 041 on as many as the container holds.

    The first keeps the name of the file; the others are called name#1, name#2, …
    Raises Malformed at the first that is none; those yielded before stay good.
    """
    data = content if isinstance(content, bytes) else bytes(content)
    first = Dex(name, data)
    yield first
    if first.version < "041":
        return
    at, end = first.file_size, min(first.container_size, len(data))
    for number in range(1, _MOST_LOGICAL):
        if at >= end:
            return
        following = Dex(f"{name}#{number}", data, at)
        yield following
        at += following.file_size


class Dex:
    """One logical DEX file. Offsets in messages and tables count bytes from the start of the physical file.

    Every index that one table holds into another is checked on loading, so the rest need not. Strings are bytes as
    stored (MUTF-8); `text` decodes one. Checksum and signature of the header are not checked: packers and
    instrumenting tools leave them wrong, and hostile files have them right.
    """

    def __init__(self, name: str, data: bytes, header_at: int = 0) -> None:
        self.name = name
        self.data = data
        self._view = memoryview(data)
        magic = _MAGIC.match(data, header_at)
        if magic is None:
            self.bad(header_at, f"a DEX magic of version 035 to 041, not {data[header_at : header_at + 8]!r}")
        self.version = magic[1].decode()
        need = _HEADER_SIZE_041 if self.version >= "041" else _HEADER_SIZE
        if header_at + need > len(data):
            self.bad(header_at, f"a header of {need} bytes; the file ends after {len(data) - header_at}")
        head = self.words(header_at + 32, (need - 32) // 4)
        self.file_size, header_size, endian = head[:3]
        if endian != _ENDIAN:
            self.bad(header_at + 40, f"endian tag {_ENDIAN:#x}, not {endian:#x}")
        if header_size < need:
            self.bad(header_at + 36, f"a header size of at least {need}, not {header_size}")
        if self.file_size < need or header_at + self.file_size > len(data):
            self.bad(header_at + 32, f"a file size from {need} to {len(data) - header_at}, not {self.file_size}")
        self.container_size = head[20] if self.version >= "041" else self.file_size
        counts, offsets = head[6:18:2].tolist(), head[7:18:2].tolist()
        self.map_off = head[5]
        self.strings_n, self.types_n, self.protos_n, self.fields_n, self.methods_n, self.classes_n = counts
        self.string_offs = self._table("string ids", counts[0], offsets[0], 1)
        self.type_strings = self._table("type ids", counts[1], offsets[1], 1)
        self.protos = self._table("proto ids", counts[2], offsets[2], 3)
        fields = self._table("field ids", counts[3], offsets[3], 2)
        methods = self._table("method ids", counts[4], offsets[4], 2)
        self.class_defs = self._table("class definitions", counts[5], offsets[5], 8)
        # field_id_item and method_id_item: class u2, type or proto u2, name u4.
        halves = fields.cast("B").cast("H")
        self.field_class, self.field_type, self.field_name = halves[0::4], halves[1::4], fields[1::2]
        halves = methods.cast("B").cast("H")
        self.method_class, self.method_proto, self.method_name = halves[0::4], halves[1::4], methods[1::2]
        self._check()
        # By the offset of a parameter list: as written, and where each stands.
        self._params: dict[int, bytes] = {}
        self._positions: dict[int, list[int]] = {}
        self._handles: tuple[memoryview, memoryview] | None = None

    def bad(self, at: int, expected: str) -> NoReturn:
        raise Malformed(
            f"{self.name}：偏移 {at:#x} 处应为 {expected}；DEX 已损坏或被篡改，请重新获取文件",
            f"{self.name}: at {at:#x} expected {expected}; the DEX file is damaged or tampered with, get it again",
        )

    def words(self, at: int, count: int) -> memoryview:
        """`count` 32-bit words at a byte offset. The caller has checked the bounds."""
        view = self._view[at : at + 4 * count].cast("I")
        # DEX is little-endian; a big-endian machine needs the bytes turned once per table.
        return view if sys.byteorder == "little" else _turned(view)

    def units(self, at: int, count: int) -> memoryview:
        """`count` 16-bit code units at a byte offset. The caller has checked the bounds."""
        view = self._view[at : at + 2 * count].cast("H")
        return view if sys.byteorder == "little" else _turned(view)

    def string(self, index: int) -> bytes:
        """A string as stored: MUTF-8 without the length before it and the zero after it ("string_data_item")."""
        data = self.data
        try:
            at = self.string_offs[index]
            while data[at] > 0x7F:
                at += 1
            at += 1
            return data[at : data.index(0, at)]
        except IndexError:
            self.bad(
                self.string_offs[index] if index < self.strings_n else 0,
                f"string {index} of {self.strings_n} inside the file",
            )
        except ValueError:
            self.bad(at, f"a zero byte after string {index}")

    def text(self, index: int) -> str:
        return mutf8(self.string(index))

    def type_name(self, index: int) -> bytes:
        """The descriptor of a type id: b"Lpkg/Cls;"."""
        if index >= self.types_n:
            self.bad(0, f"a type index below {self.types_n}, not {index}")
        return self.string(self.type_strings[index])

    @cached_property
    def type_names(self) -> list[bytes]:
        """The descriptors of all type ids; about a tenth of the strings."""
        return self.strings(np.asarray(self.type_strings))

    def strings(self, indexes: Column) -> list[bytes]:
        """Many strings at once, each as `string` gives it. Raises IndexError for an index that is none."""
        data, end_of = self.data, self.data.index
        at = np.asarray(self.string_offs)[indexes]
        try:
            found = [data[begin : end_of(0, begin)] for begin in (at + 1).tolist()]
        except ValueError:
            return [self.string(index) for index in indexes.tolist()]
        # Most strings are shorter than 128 characters, and their length takes one byte.
        for i in np.flatnonzero(np.frombuffer(data, np.uint8)[at] > 0x7F).tolist():
            found[i] = self.string(int(indexes[i]))
        return found

    def prototypes(self) -> tuple[Column, Column]:
        """The type ids of all prototypes, one after the other: that returned, then the parameters; and where each ends."""
        size, types = len(self.data), np.asarray(self.protos[1::3]).astype(np.int64)
        lists = np.asarray(self.protos[2::3]).astype(np.int64)
        words = np.frombuffer(self.data, "<u4", size // 4)
        inside = (lists & 3 == 0) & (lists + 4 <= size)
        counts = np.where(inside & (lists != 0), words[np.where(inside, lists >> 2, 0)], 0).astype(np.int64)
        ends = np.cumsum(counts + 1)
        if not (inside & (lists + 4 + 2 * counts <= size)).all() or ends[-1:].sum() > size:
            # Not as build tools write it: one by one, which tells what is wrong.
            rows = [[kind, *self.type_list(at)] for kind, at in zip(types.tolist(), lists.tolist(), strict=True)]
            counts = np.array([len(row) for row in rows], np.int64)
            return np.array([each for row in rows for each in row], np.int64), np.cumsum(counts)
        begins = ends - counts - 1
        from_list = np.arange(len(lists) and int(ends[-1])) + np.repeat((lists >> 1) + 1 - begins, counts + 1)
        units = np.frombuffer(self.data, "<u2", size // 2)
        # The place before a list's first entry is that of the returned type.
        flat = units.take(from_list).astype(np.int64)
        flat[begins] = types
        return flat, ends

    def proto(self, index: int) -> bytes:
        """The prototype as written in signatures: b"(args)ret"."""
        if index >= self.protos_n:
            self.bad(0, f"a proto index below {self.protos_n}, not {index}")
        at = self.protos[3 * index + 2]
        # Prototypes that differ in what they return share their parameter list.
        params = self._params.get(at)
        if params is None:
            names = self.type_names
            try:
                params = self._params[at] = b"".join([names[i] for i in self.type_list(at)])
            except IndexError:
                self.bad(at, f"type indexes below {self.types_n}")
        return b"(%b)%b" % (params, self.type_names[self.protos[3 * index + 1]])

    def parameters(self, method: int) -> list[int]:
        """Where each declared parameter of a method id stands among the registers passed: a long or double takes two."""
        at = self.protos[3 * self.method_proto[method] + 2]
        found = self._positions.get(at)
        if found is None:
            found = self._positions[at] = []
            position = 0
            for kind in self.type_list(at):
                found.append(position)
                position += 2 if self.type_names[kind] in (b"J", b"D") else 1
        return found

    def type_list(self, at: int) -> list[int]:
        """The type indexes of a type_list; none for offset 0."""
        if not at:
            return []
        data = self.data
        count = int.from_bytes(data[at : at + 4], "little")
        end = at + 4 + 2 * count
        if end > len(data) or at + 4 > len(data):
            self.bad(at, f"a type list of {count} entries inside the file")
        return self.units(at + 4, count).tolist()

    def signature(self, method: int) -> bytes:
        """The name and prototype of a method id: b"name(args)ret"."""
        if method >= self.methods_n:
            self.bad(0, f"a method index below {self.methods_n}, not {method}")
        return self.string(self.method_name[method]) + self.proto(self.method_proto[method])

    def code_size(self, at: int) -> int:
        """How many code units the code_item at a byte offset holds; they begin 16 bytes after it."""
        data = self.data
        if at & 3 or at + 16 > len(data):
            self.bad(at, "a code item, aligned to 4 bytes, inside the file")
        size = int.from_bytes(data[at + 12 : at + 16], "little")
        if at + 16 + 2 * size > len(data):
            self.bad(at + 12, f"{size} code units inside the file")
        return size

    def uleb(self, at: int) -> tuple[int, int]:
        """An unsigned LEB128 of at most five bytes and the offset after it ("LEB128")."""
        data = self.data
        value = 0
        for shift in range(0, 35, 7):
            if at >= len(data):
                break
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value & 0xFFFFFFFF, at
        return self.bad(at, "a LEB128 number of at most five bytes inside the file")

    def sleb(self, at: int) -> tuple[int, int]:
        """A signed LEB128 and the offset after it."""
        value, after = self.uleb(at)
        bits = 7 * (after - at)
        return (value - (1 << bits) if bits < 32 and value >> (bits - 1) & 1 else value), after

    def handles(self) -> tuple[memoryview, memoryview]:
        """The method handle items (two words each: kind and unused; index and unused) and call site offsets.

        Found through the map, for the header has no place for them. A file whose map offset is 0 has none.
        """
        if self._handles is None:
            self._handles = self._read_handles()
        return self._handles

    def _read_handles(self) -> tuple[memoryview, memoryview]:
        found = {_CALL_SITE_IDS: self.words(0, 0), _METHOD_HANDLES: self.words(0, 0)}
        at = self.map_off
        if at:
            if at + 4 > len(self.data):
                self.bad(at, "a map inside the file")
            count = self.words(at, 1)[0]
            if at + 4 + 12 * count > len(self.data):
                self.bad(at, f"a map of {count} entries inside the file")
            items = self.words(at + 4, 3 * count)
            for i in range(0, 3 * count, 3):
                kind = items[i] & 0xFFFF
                if kind in found:
                    width = 2 if kind == _METHOD_HANDLES else 1
                    found[kind] = self._table(f"items of type {kind:#x}", items[i + 1], items[i + 2], width)
        return found[_METHOD_HANDLES], found[_CALL_SITE_IDS]

    def _table(self, what: str, count: int, at: int, width: int) -> memoryview:
        if not count:
            return self.words(0, 0)
        if at + 4 * width * count > len(self.data) or not at:
            self.bad(at, f"a table of {count} {what} inside the file's {len(self.data)} bytes")
        return self.words(at, width * count)

    def _check(self) -> None:
        """That every index from table to table, and every string's offset, points into something."""
        size = len(self.data)
        for what, column, limit in (
            ("string offsets", self.string_offs, size),
            ("strings named by types", self.type_strings, self.strings_n),
            ("strings named by protos", self.protos[0::3], self.strings_n),
            ("types returned by protos", self.protos[1::3], self.types_n),
            ("parameter lists of protos", self.protos[2::3], size),
            ("classes of fields", self.field_class, self.types_n),
            ("types of fields", self.field_type, self.types_n),
            ("names of fields", self.field_name, self.strings_n),
            ("classes of methods", self.method_class, self.types_n),
            ("protos of methods", self.method_proto, self.protos_n),
            ("names of methods", self.method_name, self.strings_n),
            ("types defined by classes", self.class_defs[0::8], self.types_n),
            ("interface lists of classes", self.class_defs[3::8], size),
            ("class data", self.class_defs[6::8], size),
        ):
            if len(column) and (most := int(np.asarray(column).max())) >= limit:
                self.bad(0, f"{what} below {limit}, not {most}")


class Methods:
    """The methods that the classes of a DEX file define, in the order of the class definitions.

    Parallel columns: `index` the method id, `access` the flags, `code_off` the byte offset of the code_item or 0.
    `ends[i]` is how many methods class definition i and those before it define. Source: "class_data_item".
    """

    def __init__(self, dex: Dex) -> None:
        self.index, self.access, self.code_off = array("I"), array("I"), array("I")
        self.ends = array("I")
        places = dex.class_defs[6::8].tolist()
        at = max(places, default=0)
        try:
            if not at:
                self.ends.extend([0] * len(places))
            elif not self._read_all(dex, np.array(places, np.int64), self._read(dex.data, at)):
                del self.index[:], self.access[:], self.code_off[:]
                for at in places:
                    if at:
                        self._read(dex.data, at)
                    self.ends.append(len(self.index))
        except (IndexError, OverflowError, ValueError):
            # ValueError: fewer than three bytes were left for an offset.
            dex.bad(at, "class data inside the file")
        if self.index and (most := int(np.asarray(self.index).max())) >= dex.methods_n:
            dex.bad(0, f"defined methods below {dex.methods_n}, not {most}")

    def _read_all(self, dex: Dex, places: Column, end: int) -> bool:
        """Read the class data of all classes at once; `end` is where the last of it ends.

        False when its numbers do not follow one another as in the files of build tools, and it must be read one by one.
        """
        at = places[places != 0]
        first = int(at.min())
        numbers, begins, whole = _leb128(np.frombuffer(dex.data, np.uint8, end - first, first))
        at = np.searchsorted(begins, at - first)
        if len(begins) < 4 or at.max() > len(begins) - 4 or (begins[at] != places[places != 0] - first).any():
            return False
        static_n, instance_n, direct_n, virtual_n = (numbers[at + i].astype(np.int64) for i in range(4))
        counts = direct_n + virtual_n
        total = int(counts.sum())
        begin = at + 4 + 2 * (static_n + instance_n)
        if total > len(numbers) or (begin + 3 * counts).max() > len(numbers):
            return False
        before = np.cumsum(counts) - counts
        method = np.repeat(begin - 3 * before, counts) + 3 * np.arange(total)
        if not (whole[method] & whole[method + 1] & whole[method + 2]).all():
            return False
        # Ids are written as differences, which begin anew with the direct and with the virtual methods of each class.
        ids = np.cumsum(numbers[method].astype(np.int64))
        runs = np.column_stack((direct_n, virtual_n)).ravel()
        run_begins = np.cumsum(runs) - runs
        before_run = np.append(0, ids)[run_begins]
        ids -= np.repeat(before_run, runs)
        self.index = _words(ids)
        self.access, self.code_off = _words(numbers[method + 1]), _words(numbers[method + 2])
        per_class = np.zeros(len(places), np.int64)
        per_class[places != 0] = counts
        self.ends = _words(np.cumsum(per_class))
        return bool(total == 0 or ids.max() <= NO_INDEX)

    def _read(self, data: bytes, at: int) -> int:
        """Read the class data at a byte offset; where it ends. Raises IndexError and the like where the file does."""
        # LEB128 numbers are read in place, for this loop runs for every method of a package. A first byte of 0x80 or
        # more has that bit too many, and the next byte counts 128-fold.
        counts = []
        for _ in range(4):
            value = data[at]
            at += 1
            if value > 0x7F:
                value, at = _more(data, at, value)
            counts.append(value)
        # A field is two numbers.
        for _ in range(2 * (counts[0] + counts[1])):
            while data[at] > 0x7F:
                at += 1
            at += 1
        add_index, add_access, add_code = self.index.append, self.access.append, self.code_off.append
        for count in counts[2:]:
            method = 0
            for _ in range(count):
                value = data[at]
                at += 1
                if value > 0x7F:
                    value, at = _more(data, at, value)
                method += value
                add_index(method)
                value = data[at]
                at += 1
                if value > 0x7F:
                    if (second := data[at]) < 0x80:
                        value += (second << 7) - 0x80
                        at += 1
                    elif (third := data[at + 1]) < 0x80:
                        value += (second << 7) + (third << 14) - 0x4080
                        at += 2
                    else:
                        value, at = _more(data, at, value)
                add_access(value)
                value = data[at]
                at += 1
                if value > 0x7F:
                    # Offsets from 16 KiB on take three bytes, from 2 MiB on four.
                    second, third, fourth = data[at : at + 3]
                    if third < 0x80 <= second:
                        value += (second << 7) + (third << 14) - 0x4080
                        at += 2
                    elif second > 0x7F and fourth < 0x80:
                        value += (second << 7) + (third << 14) + (fourth << 21) - 0x204080
                        at += 3
                    else:
                        value, at = _more(data, at, value)
                add_code(value)
        return at


def _leb128(stored: Column) -> tuple[Column, Column, Column]:
    """The unsigned LEB128 numbers that follow one another in bytes; where each begins, and whether it has five at most."""
    last = np.flatnonzero(stored < 0x80)
    begins = np.append(0, last[:-1] + 1)
    sizes = last - begins
    numbers = (stored[begins] & 0x7F).astype(np.uint32)
    longer = np.flatnonzero(sizes)
    for more in range(1, 5):
        numbers[longer] |= (stored[begins[longer] + more] & 0x7F).astype(np.uint32) << np.uint32(7 * more)
        longer = longer[sizes[longer] > more]
    return numbers, begins, sizes < 5


def _words(numbers: Column) -> "array[int]":
    words = array("I")
    words.frombytes(numbers.astype(np.uint32).tobytes())
    return words


def _more(data: bytes, at: int, first: int) -> tuple[int, int]:
    """The rest of a LEB128 number whose first byte has been read, and the offset after it."""
    value, shift = first & 0x7F, 7
    while (byte := data[at]) > 0x7F and shift < 28:
        value |= (byte & 0x7F) << shift
        shift += 7
        at += 1
    return (value | byte << shift) & 0xFFFFFFFF, at + 1


def mutf8(stored: bytes) -> str:
    """Text of Modified UTF-8 ("MUTF-8 (Modified UTF-8) Encoding"): C0 80 is U+0000, pairs of surrogates are one
    character. Bytes and surrogates that make no text stand as \\xNN and \\uNNNN, as the file may be hostile.
    """
    if stored.isascii():
        return stored.decode("ascii")
    text = stored.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass" if _pairs(stored) else "backslashreplace")
    return _LONE.sub(_escaped, _PAIR.sub(_joined, text))


_PAIR = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
_LONE = re.compile("[\ud800-\udfff]")


def _pairs(stored: bytes) -> bool:
    """Whether the bytes are valid but for surrogates."""
    try:
        stored.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _joined(pair: re.Match[str]) -> str:
    return chr(0x10000 + ((ord(pair[1]) - 0xD800) << 10) + ord(pair[2]) - 0xDC00)


def _escaped(lone: re.Match[str]) -> str:
    return f"\\u{ord(lone[0]):04x}"


def _turned(view: memoryview) -> memoryview:
    turned = array(view.format, view.tobytes())
    turned.byteswap()
    return memoryview(turned)
