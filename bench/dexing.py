"""Java class files to a DEX file that says the same, for benches that need an SDK inside an app.

Neither Debian nor the Python registry has a dexer, so this is what stands in for one. Every class, field, method, prototype,
constant, string literal and reference of the code stands in the DEX file, the last two in the order of the code. What a real
dexer does besides is left out: registers hold nothing, there are no jumps, and nothing is desugared. So the files are fit to
ask what is there, and not what it does.

Source: Dalvik Executable format ("File layout" and the structures after it).
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from hegui.readers.jvm import opcodes as jvm
from hegui.readers.jvm.class_file import ClassFile, Method, class_type
from hegui.readers.jvm.code import references
from hegui.readers.jvm.pool import decoded

_INVOKES = {
    jvm.INVOKEVIRTUAL: 0x74,
    jvm.INVOKESPECIAL: 0x76,
    jvm.INVOKESTATIC: 0x77,
    jvm.INVOKEINTERFACE: 0x78,
}
_ACCESSES = {jvm.GETFIELD: 0x52, jvm.PUTFIELD: 0x59, jvm.GETSTATIC: 0x60, jvm.PUTSTATIC: 0x67}
_BY_TYPE = {"J": 1, "D": 1, "L": 2, "[": 2, "Z": 3, "B": 4, "C": 5, "S": 6}
_RETURNS = {"V": 0x0E, "J": 0x10, "D": 0x10, "L": 0x11, "[": 0x11}
_STATIC, _PRIVATE, _CONSTRUCTOR, _NATIVE, _ABSTRACT = 0x8, 0x2, 0x10000, 0x100, 0x400
_CLASS_FLAGS = 0xF611
_MOST_MEMBERS = 0xFFFF

Proto = tuple[str, tuple[str, ...]]
Item = TypeVar("Item")


def dex_files(classes: Iterable[ClassFile]) -> list[bytes]:
    """As many DEX files as the classes need."""
    files: list[bytes] = []
    some: list[ClassFile] = []
    members = 0
    for one in classes:
        # A bound on the entries of any table: each constant may become one.
        size = one.pool.count
        if members + size > 4 * _MOST_MEMBERS:
            files.append(_dex(some))
            some, members = [], 0
        some.append(one)
        members += size
    return [*files, _dex(some)] if some else files


def _dex(classes: Sequence[ClassFile]) -> bytes:
    tables = _Tables()
    for one in classes:
        tables.take(one)
    return _Writer(tables, classes).write()


@dataclass
class _Tables:
    strings: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    protos: set[Proto] = field(default_factory=set)
    fields: set[tuple[str, str, str]] = field(default_factory=set)
    methods: set[tuple[str, str, Proto]] = field(default_factory=set)

    def take(self, one: ClassFile) -> None:
        name = class_type(one.name)
        self.type(name)
        for above in (one.super_name, *one.interfaces):
            if above is not None:
                self.type(class_type(above))
        for _, field_name, kind in one.fields():
            self.field(name, decoded(field_name), decoded(kind))
        for each in one.constant_fields():
            if each.descriptor == b"Ljava/lang/String;":
                self.strings.add(each.value)
        for method in one.methods:
            self.method(name, decoded(method.name), decoded(method.descriptor))
            for said in _said(one, method):
                if said.kind == "string":
                    self.strings.add(said.text)
                elif said.kind == "type":
                    self.type(said.text)
                else:
                    (self.field if said.kind == "field" else self.method)(said.text, said.name, said.descriptor)

    def type(self, name: str) -> str:
        self.types.add(name)
        self.strings.add(name)
        return name

    def proto(self, descriptor: str) -> Proto:
        returned, args = _split(descriptor)
        for name in (returned, *args):
            self.type(name)
        self.strings.add(_shorty(returned, args))
        self.protos.add((returned, args))
        return returned, args

    def field(self, cls: str, name: str, kind: str) -> None:
        self.strings.add(name)
        self.fields.add((self.type(cls), name, self.type(kind)))

    def method(self, cls: str, name: str, descriptor: str) -> None:
        self.strings.add(name)
        self.methods.add((self.type(cls), name, self.proto(descriptor)))


class Said(NamedTuple):
    """What one instruction refers to. `kind`: string, type, field or method; of the last two `text` is the class."""

    kind: str
    text: str
    name: str = ""
    descriptor: str = ""
    opcode: int = 0


def _said(one: ClassFile, method: Method) -> Iterable[Said]:
    """What the code of a method refers to, in order."""
    code = method.code
    if code is None:
        return
    pool = one.pool
    for reference in references(one.data, code.at, code.size, one.file, loads=True):
        opcode = reference[0]
        index = int.from_bytes(reference[1:])
        if opcode in (jvm.LDC, jvm.LDC_W):
            kind = {8: "string", 7: "type"}.get(pool.tags[index])
            value = pool.constant(index)
            if kind is not None and value is not None:
                yield Said(kind, value)
        elif opcode == jvm.NEW:
            yield Said("type", class_type(pool.class_name(index)))
        elif opcode in _ACCESSES:
            cls, name, descriptor = pool.member(index)
            yield Said("field", class_type(cls), decoded(name), decoded(descriptor), opcode)
        elif opcode in _INVOKES:
            cls, name, descriptor = pool.member(index)
            yield Said("method", class_type(cls), decoded(name), decoded(descriptor), opcode)


class _Writer:
    def __init__(self, tables: _Tables, classes: Sequence[ClassFile]) -> None:
        self.classes = _supers_first(classes)
        strings = sorted(tables.strings, key=lambda text: text.encode("utf-16-be", "surrogatepass"))
        self.string_at = {text: i for i, text in enumerate(strings)}
        self.type_at = _numbered(tables.types, self.string_at.__getitem__)
        self.proto_at = _numbered(
            tables.protos, lambda one: (self.type_at[one[0]], [self.type_at[arg] for arg in one[1]])
        )
        self.field_at = _numbered(
            tables.fields, lambda one: (self.type_at[one[0]], self.string_at[one[1]], self.type_at[one[2]])
        )
        self.method_at = _numbered(
            tables.methods, lambda one: (self.type_at[one[0]], self.string_at[one[1]], self.proto_at[one[2]])
        )
        self.data = bytearray()
        self.base = 0
        self.items: list[tuple[int, int, int]] = []
        if len(self.method_at) > _MOST_MEMBERS or len(self.field_at) > _MOST_MEMBERS:
            raise SystemExit("more members than a DEX file can number; give fewer classes at a time")

    def write(self) -> bytes:
        counts = [len(one) for one in (self.string_at, self.type_at, self.proto_at, self.field_at, self.method_at)]
        counts.append(len(self.classes))
        at, offsets = 0x70, []
        for count, width in zip(counts, (4, 4, 12, 8, 8, 32), strict=True):
            offsets.append(at if count else 0)
            at += count * width
        self.base = at
        lists: dict[tuple[str, ...], int] = {(): 0}
        wanted = [args for _, args in self.proto_at] + [tuple(map(class_type, one.interfaces)) for one in self.classes]
        distinct = dict.fromkeys(names for names in wanted if names)
        for names in distinct:
            lists[names] = self._aligned()
            self.data += struct.pack(f"<I{len(names)}H", len(names), *(self.type_at[name] for name in names))
        self._item(0x1001, len(distinct), min((lists[names] for names in distinct), default=0))
        codes = [[self._code(one, method) for method in one.methods] for one in self.classes]
        written = [place for places in codes for place in places if place]
        self._item(0x2001, len(written), written[0] if written else 0)
        string_data = []
        for text in self.string_at:
            string_data.append(self._here())
            encoded = _mutf8(text)
            self.data += _uleb(len(text.encode("utf-16-le", "surrogatepass")) // 2) + encoded + b"\0"
        self._item(0x2002, len(string_data), string_data[0])
        values = [self._static_values(one) for one in self.classes]
        arrays = [place for place in values if place]
        self._item(0x2005, len(arrays), arrays[0] if arrays else 0)
        class_data = [self._class_data(one, places) for one, places in zip(self.classes, codes, strict=True)]
        self._item(0x2000, len(class_data), class_data[0])
        map_at = self._aligned()
        self._map(offsets, counts, map_at)
        tables = struct.pack(f"<{len(string_data)}I", *string_data)
        tables += b"".join(struct.pack("<I", self.string_at[name]) for name in self.type_at)
        for returned, args in self.proto_at:
            tables += struct.pack("<3I", self.string_at[_shorty(returned, args)], self.type_at[returned], lists[args])
        for cls, name, kind in self.field_at:
            tables += struct.pack("<2HI", self.type_at[cls], self.type_at[kind], self.string_at[name])
        for cls, name, proto in self.method_at:
            tables += struct.pack("<2HI", self.type_at[cls], self.proto_at[proto], self.string_at[name])
        for one, place, value in zip(self.classes, class_data, values, strict=True):
            parent = self.type_at[class_type(one.super_name)] if one.super_name else 0xFFFFFFFF
            tables += struct.pack(
                "<8I",
                self.type_at[class_type(one.name)],
                one.access & _CLASS_FLAGS,
                parent,
                lists[tuple(map(class_type, one.interfaces))],
                0xFFFFFFFF,
                0,
                place,
                value,
            )
        return self._with_header(tables, offsets, counts, map_at)

    def _with_header(self, tables: bytes, offsets: list[int], counts: list[int], map_at: int) -> bytes:
        size = 0x70 + len(tables) + len(self.data)
        numbers = [number for pair in zip(counts, offsets, strict=True) for number in pair]
        head = struct.pack("<6I", size, 0x70, 0x12345678, 0, 0, map_at)
        head += struct.pack("<12I2I", *numbers, len(self.data), self.base)
        rest = head + tables + bytes(self.data)
        rest = hashlib.sha1(rest, usedforsecurity=False).digest() + rest
        return b"dex\n035\0" + struct.pack("<I", zlib.adler32(rest)) + rest

    def _map(self, offsets: list[int], counts: list[int], map_at: int) -> None:
        items = [(0, 1, 0)]
        items += [(kind, count, at) for kind, (count, at) in enumerate(zip(counts, offsets, strict=True), 1) if count]
        items += [*sorted(self.items, key=lambda one: one[2]), (0x1000, 1, map_at)]
        self.data += struct.pack("<I", len(items))
        for kind, count, at in items:
            self.data += struct.pack("<2H2I", kind, 0, count, at)

    def _item(self, kind: int, count: int, at: int) -> None:
        if count:
            self.items.append((kind, count, at))

    def _here(self) -> int:
        return self.base + len(self.data)

    def _aligned(self) -> int:
        self.data += bytes(-self._here() % 4)
        return self._here()

    def _code(self, one: ClassFile, method: Method) -> int:
        if method.code is None:
            return 0
        units: list[int] = []
        most = 2
        for said in _said(one, method):
            if said.kind == "string":
                number = self.string_at[said.text]
                units += [0x1A, number] if number <= 0xFFFF else [0x1B, number & 0xFFFF, number >> 16]
            elif said.kind == "type":
                units += [0x1C if said.text.startswith("[") else 0x22, self.type_at[said.text]]
            elif said.kind == "field":
                number = self.field_at[said.text, said.name, said.descriptor]
                registers = 0x1000 if said.opcode in (jvm.GETFIELD, jvm.PUTFIELD) else 0
                units += [_ACCESSES[said.opcode] + _BY_TYPE.get(said.descriptor[0], 0) | registers, number]
            else:
                proto = _split(said.descriptor)
                words = sum(2 if arg in "JD" else 1 for arg in proto[1]) + (said.opcode != jvm.INVOKESTATIC)
                most = max(most, words)
                units += [_INVOKES[said.opcode] | words << 8, self.method_at[said.text, said.name, proto], 0]
        returned, args = _split(decoded(method.descriptor))
        units.append(_RETURNS.get(returned[0], 0x0F))
        static = bool(method.access & _STATIC)
        ins = sum(2 if arg in "JD" else 1 for arg in args) + (not static)
        place = self._aligned()
        self.data += struct.pack("<4H2I", most + ins, ins, most, 0, 0, len(units)) + struct.pack(
            f"<{len(units)}H", *units
        )
        return place

    def _static_values(self, one: ClassFile) -> int:
        """Only texts have a value here; what stands before one is null or zero."""
        texts = {
            (decoded(each.name), decoded(each.descriptor)): each.value
            for each in one.constant_fields()
            if each.descriptor == b"Ljava/lang/String;"
        }
        name = class_type(one.name)
        statics = sorted(
            (self.field_at[name, decoded(field_name), decoded(kind)], decoded(field_name), decoded(kind))
            for access, field_name, kind in one.fields()
            if access & _STATIC
        )
        last = max((i for i, (_, *key) in enumerate(statics) if tuple(key) in texts), default=-1)
        if last < 0:
            return 0
        place = self._here()
        self.data += _uleb(last + 1)
        zeros = {"Z": 0x1F, "B": 0x00, "S": 0x02, "C": 0x03, "I": 0x04, "J": 0x06, "F": 0x10, "D": 0x11}
        for _, field_name, kind in statics[: last + 1]:
            if (field_name, kind) in texts:
                number = self.string_at[texts[field_name, kind]]
                self.data += bytes([3 << 5 | 0x17]) + struct.pack("<I", number)
            elif kind in zeros:
                self.data += bytes([zeros[kind]]) + (b"" if kind == "Z" else b"\0")
            else:
                self.data += bytes([0x1E])
        return place

    def _class_data(self, one: ClassFile, codes: list[int]) -> int:
        name = class_type(one.name)
        place = self._here()
        fields = [
            (self.field_at[name, decoded(field_name), decoded(kind)], access & 0x50DF)
            for access, field_name, kind in one.fields()
        ]
        methods = [
            (
                self.method_at[name, decoded(method.name), _split(decoded(method.descriptor))],
                method.access & 0x1DFF | (_CONSTRUCTOR if method.name.startswith(b"<") else 0),
                code,
            )
            for method, code in zip(one.methods, codes, strict=True)
        ]
        direct = sorted(one for one in methods if one[1] & (_STATIC | _PRIVATE | _CONSTRUCTOR))
        virtual = sorted(one for one in methods if not one[1] & (_STATIC | _PRIVATE | _CONSTRUCTOR))
        static = sorted(one for one in fields if one[1] & _STATIC)
        instance = sorted(one for one in fields if not one[1] & _STATIC)
        for group in (static, instance, direct, virtual):
            self.data += _uleb(len(group))
        for some in (static, instance, direct, virtual):
            before = 0
            for number, *rest in some:
                self.data += _uleb(number - before) + b"".join(map(_uleb, rest))
                before = number
        return place


def _numbered(items: Iterable[Item], key: Callable[[Item], Any]) -> dict[Item, int]:
    return {item: number for number, item in enumerate(sorted(items, key=key))}


def _supers_first(classes: Sequence[ClassFile]) -> list[ClassFile]:
    """Superclasses and interfaces before those below them, as the format asks ("class_defs")."""
    by_name = {one.name: one for one in classes}
    ordered: dict[bytes, ClassFile] = {}

    def place(one: ClassFile, above: tuple[bytes, ...]) -> None:
        for name in (one.super_name, *one.interfaces):
            if name in by_name and name not in ordered and name not in above:
                place(by_name[name], (*above, one.name))
        ordered.setdefault(one.name, one)

    for one in by_name.values():
        place(one, ())
    return list(ordered.values())


def _split(descriptor: str) -> Proto:
    args: list[str] = []
    at = 1
    while descriptor[at] != ")":
        start = at
        while descriptor[at] == "[":
            at += 1
        at = descriptor.index(";", at) + 1 if descriptor[at] == "L" else at + 1
        args.append(descriptor[start:at])
    return descriptor[at + 1 :], tuple(args)


def _shorty(returned: str, args: tuple[str, ...]) -> str:
    return "".join("L" if one[0] in "L[" else one for one in (returned, *args))


def _uleb(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _mutf8(text: str) -> bytes:
    units = text.encode("utf-16-be", "surrogatepass")
    out = bytearray()
    for at in range(0, len(units), 2):
        unit = units[at] << 8 | units[at + 1]
        out += b"\xc0\x80" if unit == 0 else chr(unit).encode("utf-8", "surrogatepass")
    return bytes(out)
