"""A small assembler: DEX files whose every byte a test decides. Source: Dalvik Executable format, "File layout".

    app = Assembly()
    main = app.cls("Lapp/Main;", "Landroid/app/Activity;")
    main.method("onCreate(Landroid/os/Bundle;)V", ["invoke-static {}, Lapp/Help;->run()V", "return-void"])
    content = app.dex()

Instructions are written as in smali, for the opcodes of `OPCODES`. A line "name:" is a label; ".try a b h" says that
between labels a and b exceptions go to label h; ".units 0x0100 0x0000" puts code units as they are.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

# Mnemonic → opcode and format, as the instruction formats call it.
OPCODES = {
    "nop": (0x00, "10x"),
    "move": (0x01, "12x"),
    "move-object": (0x07, "12x"),
    "move-object/from16": (0x08, "22x"),
    "move-result": (0x0A, "11x"),
    "move-result-wide": (0x0B, "11x"),
    "move-result-object": (0x0C, "11x"),
    "move-exception": (0x0D, "11x"),
    "return-void": (0x0E, "10x"),
    "return": (0x0F, "11x"),
    "return-object": (0x11, "11x"),
    "const/4": (0x12, "11n"),
    "const/16": (0x13, "21s"),
    "const": (0x14, "31i"),
    "const-wide/16": (0x16, "21s"),
    "const-string": (0x1A, "21c-string"),
    "const-string/jumbo": (0x1B, "31c-string"),
    "const-class": (0x1C, "21c-type"),
    "check-cast": (0x1F, "21c-type"),
    "new-instance": (0x22, "21c-type"),
    "new-array": (0x23, "22c-type"),
    "filled-new-array": (0x24, "35c-type"),
    "throw": (0x27, "11x"),
    "goto": (0x28, "10t"),
    "goto/16": (0x29, "20t"),
    "packed-switch": (0x2B, "31t"),
    "sparse-switch": (0x2C, "31t"),
    "if-eq": (0x32, "22t"),
    "if-ne": (0x33, "22t"),
    "if-eqz": (0x38, "21t"),
    "if-nez": (0x39, "21t"),
    "aput-object": (0x4D, "23x"),
    "xor-int/lit8": (0xDF, "22b"),
    "iget-object": (0x54, "22c-field"),
    "sget": (0x60, "21c-field"),
    "sget-object": (0x62, "21c-field"),
    "sput-object": (0x69, "21c-field"),
    "invoke-virtual": (0x6E, "35c-method"),
    "invoke-super": (0x6F, "35c-method"),
    "invoke-direct": (0x70, "35c-method"),
    "invoke-static": (0x71, "35c-method"),
    "invoke-interface": (0x72, "35c-method"),
    "invoke-virtual/range": (0x74, "3rc-method"),
    "invoke-static/range": (0x77, "3rc-method"),
    "invoke-polymorphic": (0xFA, "45cc"),
    "invoke-custom": (0xFC, "35c-site"),
    "const-method-handle": (0xFE, "21c-handle"),
}
_UNITS = {"10x": 1, "12x": 1, "11x": 1, "11n": 1, "10t": 1, "22x": 2, "21s": 2, "21c": 2, "22c": 2, "20t": 2, "22t": 2,
          "21t": 2, "23x": 2, "22b": 2, "31i": 3, "31c": 3, "31t": 3, "35c": 3, "3rc": 3, "45cc": 4}  # fmt: skip

PUBLIC, PRIVATE, STATIC, INTERFACE, ABSTRACT, CONSTRUCTOR = 1, 2, 8, 0x200, 0x400, 0x10000


@dataclass
class Method:
    signature: str
    lines: list[str] | None
    access: int
    registers: int


@dataclass
class Class:
    name: str
    parent: str | None
    interfaces: tuple[str, ...]
    access: int
    methods: list[Method] = field(default_factory=list)
    static_fields: list[str] = field(default_factory=list)

    def method(
        self, signature: str, lines: list[str] | None = None, access: int = PUBLIC, registers: int = 16
    ) -> "Class":
        """`signature` is name(args)ret. Without lines the method has no code."""
        if signature.startswith("<"):
            access |= CONSTRUCTOR | (STATIC if signature.startswith("<clinit>") else 0)
        self.methods.append(Method(signature, lines, access, registers))
        return self

    def static(self, name_and_type: str) -> "Class":
        """Define a static field NAME:Type."""
        self.static_fields.append(name_and_type)
        return self


@dataclass
class Assembly:
    version: str = "035"
    classes: list[Class] = field(default_factory=list)
    # Method handles as (kind, method), and call sites as lists of handle numbers.
    handles: list[tuple[int, str]] = field(default_factory=list)
    call_sites: list[list[int]] = field(default_factory=list)
    extra_strings: list[str] = field(default_factory=list)

    def cls(
        self,
        name: str,
        parent: str | None = "Ljava/lang/Object;",
        interfaces: tuple[str, ...] = (),
        access: int = PUBLIC,
    ) -> Class:
        made = Class(name, parent, interfaces, access)
        self.classes.append(made)
        return made

    def dex(self, at: int = 0) -> bytes:
        """The file. `at`: where it will stand in a container of version 041, whose offsets all count from its start."""
        return _Writer(self, at).write()


def container(*parts: Assembly) -> bytes:
    """A DEX container of version 041: several logical DEX files in one."""
    whole = b""
    for part in parts:
        whole += part.dex(len(whole))
    out = bytearray(whole)
    at = 0
    while at < len(out):
        struct.pack_into("<2I", out, at + 0x70, len(out), at)
        at += struct.unpack_from("<I", out, at + 32)[0]
    return bytes(out)


def split(signature: str) -> tuple[str, list[str], str]:
    """Name, parameter types and return type of name(args)ret."""
    name, _, rest = signature.partition("(")
    args, _, returned = rest.partition(")")
    return name, re.findall(r"\[*(?:[ZBSCIJFD]|L[^;]+;)", args), returned


def uleb(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def sleb(value: int) -> bytes:
    out = bytearray()
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value & 0x7F])


def mutf8(text: str) -> bytes:
    units = text.encode("utf-16-le", "surrogatepass")
    out = b""
    for (unit,) in struct.iter_unpack("<H", units):
        out += b"\xc0\x80" if unit == 0 else chr(unit).encode("utf-8", "surrogatepass")
    return out


Item = TypeVar("Item")


def numbered(items: Iterable[Item], key: Callable[[Item], Any]) -> dict[Item, int]:
    """Each item's place in the order that the format asks for."""
    return {item: number for number, item in enumerate(sorted(items, key=key))}


class _Writer:
    def __init__(self, assembly: Assembly, at: int) -> None:
        self.assembly = assembly
        self.at = at
        self.strings: set[str] = set(assembly.extra_strings)
        self.types: set[str] = set()
        self.protos: set[tuple[str, tuple[str, ...]]] = set()
        self.fields: set[tuple[str, str, str]] = set()
        self.methods: set[tuple[str, str, tuple[str, tuple[str, ...]]]] = set()
        self._collect()
        self.string_at = numbered(self.strings, key=lambda text: text.encode("utf-16-be", "surrogatepass"))
        self.type_at = numbered(self.types, key=self.string_at.__getitem__)
        self.proto_at = numbered(
            self.protos, key=lambda proto: (self.type_at[proto[0]], [self.type_at[one] for one in proto[1]])
        )
        self.field_at = numbered(
            self.fields, key=lambda one: (self.type_at[one[0]], self.string_at[one[1]], self.type_at[one[2]])
        )
        self.method_at = numbered(
            self.methods, key=lambda one: (self.type_at[one[0]], self.string_at[one[1]], self.proto_at[one[2]])
        )

    def _collect(self) -> None:
        for cls in self.assembly.classes:
            for name in (cls.name, cls.parent, *cls.interfaces):
                if name:
                    self._type(name)
            for one in cls.static_fields:
                self._field(f"{cls.name}->{one}")
            for method in cls.methods:
                self._method(f"{cls.name}->{method.signature}")
                for line in method.lines or ():
                    self._line(line)
        for _, method_name in self.assembly.handles:
            self._method(method_name)

    def _line(self, line: str) -> None:
        mnemonic, operands = parse(line)
        kind = OPCODES[mnemonic][1] if mnemonic in OPCODES else ""
        if kind.endswith("string"):
            self.strings.add(operands[-1])
        elif kind.endswith("type"):
            self._type(operands[-1])
        elif kind.endswith("field"):
            self._field(operands[-1])
        elif kind.endswith("method"):
            self._method(operands[-1])
        elif kind == "45cc":
            self._method(operands[-2])
            self._proto(operands[-1])

    def _type(self, name: str) -> None:
        self.types.add(name)
        self.strings.add(name)

    def _proto(self, written: str) -> tuple[str, tuple[str, ...]]:
        _, args, returned = split(written)
        for name in (*args, returned):
            self._type(name)
        self.strings.add(shorty(args, returned))
        self.protos.add((returned, tuple(args)))
        return returned, tuple(args)

    def _field(self, written: str) -> tuple[str, str, str]:
        cls, _, rest = written.partition("->")
        name, _, kind = rest.partition(":")
        self._type(cls)
        self._type(kind)
        self.strings.add(name)
        self.fields.add((cls, name, kind))
        return cls, name, kind

    def _method(self, written: str) -> tuple[str, str, tuple[str, tuple[str, ...]]]:
        cls, _, signature = written.partition("->")
        self._type(cls)
        name = split(signature)[0]
        self.strings.add(name)
        made = (cls, name, self._proto(signature))
        self.methods.add(made)
        return made

    def write(self) -> bytes:
        header_size = 0x78 if self.assembly.version >= "041" else 0x70
        counts = [len(self.strings), len(self.types), len(self.protos), len(self.fields), len(self.methods)]
        counts.append(len(self.assembly.classes))
        at = self.at + header_size
        offsets = []
        for count, width in zip(counts, (4, 4, 12, 8, 8, 32), strict=True):
            offsets.append(at if count else 0)
            at += count * width
        sites_at, handles_at = at, at + 4 * len(self.assembly.call_sites)
        data_at = handles_at + 8 * len(self.assembly.handles)
        data = bytearray()

        def here() -> int:
            return data_at + len(data)

        def align() -> None:
            data.extend(bytes(-here() % 4))

        def type_list(names: tuple[str, ...]) -> int:
            if not names:
                return 0
            align()
            place = here()
            data.extend(struct.pack(f"<I{len(names)}H", len(names), *(self.type_at[name] for name in names)))
            return place

        param_lists = {proto: type_list(proto[1]) for proto in self.proto_at}
        interface_lists = [type_list(cls.interfaces) for cls in self.assembly.classes]
        code_at: dict[int, int] = {}
        for cls in self.assembly.classes:
            for method in cls.methods:
                if method.lines is not None:
                    align()
                    code_at[id(method)] = here()
                    data.extend(self._code(method))
        class_data = []
        for cls in self.assembly.classes:
            class_data.append(here())
            data.extend(self._class_data(cls, code_at))
        string_data = {}
        for text in self.string_at:
            string_data[text] = here()
            data.extend(uleb(len(text.encode("utf-16-le", "surrogatepass")) // 2) + mutf8(text) + b"\0")
        site_data = []
        for numbers in self.assembly.call_sites:
            site_data.append(here())
            data.extend(uleb(len(numbers)) + b"".join(bytes([0x16, number]) for number in numbers))
        align()
        map_at = here()
        data.extend(self._map(offsets, counts, sites_at, handles_at, map_at))

        tables = b"".join(struct.pack("<I", string_data[text]) for text in self.string_at)
        tables += b"".join(struct.pack("<I", self.string_at[name]) for name in self.type_at)
        for returned, args in self.proto_at:
            tables += struct.pack(
                "<3I", self.string_at[shorty(list(args), returned)], self.type_at[returned], param_lists[returned, args]
            )
        for owner, name, kind in self.field_at:
            tables += struct.pack("<2HI", self.type_at[owner], self.type_at[kind], self.string_at[name])
        for owner, name, proto in self.method_at:
            tables += struct.pack("<2HI", self.type_at[owner], self.proto_at[proto], self.string_at[name])
        for cls, interfaces, place in zip(self.assembly.classes, interface_lists, class_data, strict=True):
            parent = self.type_at[cls.parent] if cls.parent else 0xFFFFFFFF
            tables += struct.pack(
                "<8I", self.type_at[cls.name], cls.access, parent, interfaces, 0xFFFFFFFF, 0, place, 0
            )
        tables += b"".join(struct.pack("<I", place) for place in site_data)
        for kind_, written in self.assembly.handles:
            tables += struct.pack("<4H", kind_, 0, self.method_at[self._method(written)], 0)

        size = header_size + len(tables) + len(data)
        numbers = [n for pair in zip(counts, offsets, strict=True) for n in pair]
        head = struct.pack("<5I", size, header_size, 0x12345678, 0, 0)
        head += struct.pack("<I", map_at) + struct.pack("<12I", *numbers) + struct.pack("<2I", len(data), data_at)
        if header_size == 0x78:
            head += struct.pack("<2I", size, self.at)
        rest = head + tables + bytes(data)
        rest = hashlib.sha1(rest, usedforsecurity=False).digest() + rest
        magic = f"dex\n{self.assembly.version}\0".encode()
        return magic + struct.pack("<I", zlib.adler32(rest)) + rest

    def _map(self, offsets: list[int], counts: list[int], sites_at: int, handles_at: int, map_at: int) -> bytes:
        items = [(0, 1, self.at)]
        items += [
            (kind, count, place) for kind, (count, place) in enumerate(zip(counts, offsets, strict=True), 1) if count
        ]
        if self.assembly.call_sites:
            items.append((7, len(self.assembly.call_sites), sites_at))
        if self.assembly.handles:
            items.append((8, len(self.assembly.handles), handles_at))
        items.append((0x1000, 1, map_at))
        return struct.pack("<I", len(items)) + b"".join(
            struct.pack("<2H2I", kind, 0, n, place) for kind, n, place in items
        )

    def _class_data(self, cls: Class, code_at: dict[int, int]) -> bytes:
        fields = sorted(self.field_at[self._field(f"{cls.name}->{one}")] for one in cls.static_fields)
        direct = [one for one in cls.methods if one.access & (STATIC | PRIVATE | CONSTRUCTOR)]
        virtual = [one for one in cls.methods if one not in direct]
        out = uleb(len(fields)) + uleb(0) + uleb(len(direct)) + uleb(len(virtual))
        before = 0
        for number in fields:
            out += uleb(number - before) + uleb(STATIC)
            before = number
        for group in (direct, virtual):
            in_order = sorted(
                (self.method_at[self._method(f"{cls.name}->{one.signature}")], i) for i, one in enumerate(group)
            )
            before = 0
            for number, i in in_order:
                out += uleb(number - before) + uleb(group[i].access) + uleb(code_at.get(id(group[i]), 0))
                before = number
        return out

    def _code(self, method: Method) -> bytes:
        labels: dict[str, int] = {}
        tries: list[tuple[str, str, str]] = []
        at = 0
        for line in method.lines or ():
            mnemonic, operands = parse(line)
            if mnemonic.endswith(":"):
                labels[mnemonic[:-1]] = at
            elif mnemonic == ".try":
                tries.append((operands[0], operands[1], operands[2]))
            elif mnemonic == ".units":
                at += len(operands)
            else:
                at += _UNITS[OPCODES[mnemonic][1].partition("-")[0]]
        units: list[int] = []
        for line in method.lines or ():
            mnemonic, operands = parse(line)
            if mnemonic == ".units":
                units += [int(one, 16) for one in operands]
            elif mnemonic in OPCODES:
                units += self._instruction(mnemonic, operands, labels, len(units))
        _, args = self._proto(method.signature[method.signature.index("(") :])
        ins = sum(2 if one in "JD" else 1 for one in args) + (not method.access & STATIC)
        out = struct.pack("<4H2I", method.registers, ins, 5, len(tries), 0, len(units)) + struct.pack(
            f"<{len(units)}H", *units
        )
        if tries:
            out += bytes(2 * (len(units) & 1))
            handlers = uleb(len(tries))
            for first, end, handler in tries:
                span = labels[end] - labels[first]
                out += struct.pack("<I2H", labels[first], span, len(handlers))
                handlers += sleb(0) + uleb(labels[handler])
            out += handlers
        return out

    def _instruction(self, mnemonic: str, operands: list[str], labels: dict[str, int], at: int) -> list[int]:
        opcode, kind = OPCODES[mnemonic]
        kind, _, named = kind.partition("-")
        find: dict[str, Callable[[], int]] = {
            "string": lambda: self.string_at[operands[-1]],
            "type": lambda: self.type_at[operands[-1]],
            "field": lambda: self.field_at[self._field(operands[-1])],
            "method": lambda: self.method_at[self._method(operands[-1])],
            "site": lambda: int(operands[-1]),
            "handle": lambda: int(operands[-1]),
            "": lambda: 0,
        }
        number = find[named]()
        registers = [int(one[1:]) for one in operands if re.fullmatch(r"v\d+", one)]
        if kind == "10x":
            return [opcode]
        if kind == "12x":
            return [opcode | registers[0] << 8 | registers[1] << 12]
        if kind == "11x":
            return [opcode | registers[0] << 8]
        if kind == "11n":
            return [opcode | registers[0] << 8 | (int(operands[1], 0) & 0xF) << 12]
        if kind == "22x":
            return [opcode | registers[0] << 8, registers[1]]
        if kind == "21s":
            return [opcode | registers[0] << 8, int(operands[1], 0) & 0xFFFF]
        if kind == "31i":
            value = int(operands[1], 0) & 0xFFFFFFFF
            return [opcode | registers[0] << 8, value & 0xFFFF, value >> 16]
        if kind == "21c":
            return [opcode | registers[0] << 8, number]
        if kind == "31c":
            return [opcode | registers[0] << 8, number & 0xFFFF, number >> 16]
        if kind == "22c":
            return [opcode | registers[0] << 8 | registers[1] << 12, number]
        if kind == "22b":
            return [opcode | registers[0] << 8, registers[1] | (int(operands[2], 0) & 0xFF) << 8]
        if kind == "23x":
            return [opcode | registers[0] << 8, registers[1] | registers[2] << 8]
        if kind == "3rc":
            return [opcode | len(registers) << 8, number, registers[0] if registers else 0]
        if kind in ("35c", "45cc"):
            five = [*registers, 0, 0, 0, 0, 0][:5]
            packed = five[0] | five[1] << 4 | five[2] << 8 | five[3] << 12
            if kind == "45cc":
                method, proto = self.method_at[self._method(operands[-2])], self.proto_at[self._proto(operands[-1])]
                return [opcode | len(registers) << 12 | five[4] << 8, method, packed, proto]
            return [opcode | len(registers) << 12 | five[4] << 8, number, packed]
        away = labels[operands[-1]] - at
        if kind == "10t":
            return [opcode | (away & 0xFF) << 8]
        if kind == "20t":
            return [opcode, away & 0xFFFF]
        if kind == "21t":
            return [opcode | registers[0] << 8, away & 0xFFFF]
        if kind == "22t":
            return [opcode | registers[0] << 8 | registers[1] << 12, away & 0xFFFF]
        assert kind == "31t"
        return [opcode | registers[0] << 8, away & 0xFFFF, away >> 16 & 0xFFFF]


def shorty(args: list[str], returned: str) -> str:
    return "".join("L" if one[0] in "L[" else one[0] for one in (returned, *args))


def parse(line: str) -> tuple[str, list[str]]:
    """A line's mnemonic and operands; a string operand without its quotes."""
    mnemonic, _, rest = line.strip().partition(" ")
    quoted = re.search(r'"(.*)"', rest, re.DOTALL)
    if quoted:
        before = [one.strip() for one in rest[: quoted.start()].split(",") if one.strip()]
        return mnemonic, [*before, quoted[1]]
    return mnemonic, re.findall(r"[^\s,{}]+", rest)
