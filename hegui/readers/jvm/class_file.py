"""A class file (JVMS 4.1): its header, members and the places of their code. Attributes are read when asked for."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from hegui.readers.errors import Malformed
from hegui.readers.jvm.faults import malformed
from hegui.readers.jvm.pool import ConstantPool, decoded

MAGIC: Final = b"\xca\xfe\xba\xbe"
# Table 4.1-A: JDK 1.0.2 to Java SE 25.
FIRST_MAJOR, LAST_MAJOR = 45, 69
_HEADER_SIZE = 10
_MOST_CODE = 65535
_MEMBER = struct.Struct(">4H")
_ATTRIBUTE = struct.Struct(">HI")
_CODE = struct.Struct(">HHI")
_OLD_CODE = struct.Struct(">BBH")

ACC_PUBLIC, ACC_PRIVATE, ACC_PROTECTED, ACC_STATIC, ACC_FINAL = 0x0001, 0x0002, 0x0004, 0x0008, 0x0010
ACC_NATIVE, ACC_INTERFACE, ACC_ABSTRACT, ACC_SYNTHETIC, ACC_MODULE = 0x0100, 0x0200, 0x0400, 0x1000, 0x8000


class Code(NamedTuple):
    """A Code attribute (JVMS 4.7.3). The instructions are data[at:at+size]; `handlers_at` is their exception table."""

    at: int
    size: int
    max_stack: int
    max_locals: int
    handlers_at: int
    handlers: int


class Method(NamedTuple):
    """A method_info (JVMS 4.6)."""

    access: int
    name: bytes
    descriptor: bytes
    code: Code | None


class Field(NamedTuple):
    """A field_info (JVMS 4.5) that has a ConstantValue; `at` is where it stands."""

    access: int
    name: bytes
    descriptor: bytes
    value: str
    at: int


class ClassFile:
    """One class. Names are in internal form, as bytes of the file; `super_name` is None for java/lang/Object.

    The whole class is bytes and not a memoryview: it was inflated for this alone, and indexing bytes is faster.
    """

    __slots__ = (
        "_attributes_at",
        "_bootstrap",
        "_fields_at",
        "access",
        "data",
        "file",
        "interfaces",
        "major",
        "methods",
        "name",
        "pool",
        "super_name",
    )

    def __init__(self, data: bytes, file: str) -> None:
        """Read the class. Raises Malformed with the file, the place and what was expected there."""
        self.data = data
        self.file = file
        if data[:4] != MAGIC or len(data) < _HEADER_SIZE:
            raise malformed(
                file,
                0,
                "应为类文件（CAFEBABE）",
                f"expected a class file (CAFEBABE), found {data[:4].hex() or 'nothing'}",
            )
        self.major = data[6] << 8 | data[7]
        if not FIRST_MAJOR <= self.major <= LAST_MAJOR:
            raise malformed(
                file,
                6,
                f"类文件版本 {self.major} 不在 {FIRST_MAJOR}–{LAST_MAJOR} 之内",
                f"class file version {self.major}, expected {FIRST_MAJOR} to {LAST_MAJOR}",
            )
        self.pool = ConstantPool(data, file)
        self._bootstrap: tuple[tuple[int, ...], ...] | None = None
        try:
            self._read(self.pool.end)
        except (IndexError, struct.error):
            raise self._cut_off() from None

    def _read(self, at: int) -> None:
        data, pool, two = self.data, self.pool, self._two
        self.access = two(at)
        self.name = pool.class_name(two(at + 2))
        above = two(at + 4)
        self.super_name = pool.class_name(above) if above else None
        count = two(at + 6)
        at += 8
        self.interfaces = tuple(pool.class_name(two(at + 2 * index)) for index in range(count))
        at += 2 * count
        self._fields_at = at
        count, at = two(at), at + 2
        for _ in range(count):
            attributes, at = two(at + 6), at + 8
            for _ in range(attributes):
                at = self._past_attribute(at)
        count, at = two(at), at + 2
        methods = []
        member, attribute, utf8, size = _MEMBER.unpack_from, _ATTRIBUTE.unpack_from, pool.utf8, len(data)
        code_name = 0
        for _ in range(count):
            access, name, descriptor, attributes = member(data, at)
            at += 8
            code = None
            for _ in range(attributes):
                named, length = attribute(data, at)
                past = at + 6 + length
                if past > size:
                    raise self._attribute_too_long(at)
                # Most methods name it by the same constant.
                if named == code_name or (not code_name and utf8(named) == b"Code"):
                    code_name = named
                    code = self._code(at + 6, past)
                at = past
            methods.append(Method(access, utf8(name), utf8(descriptor), code))
        self.methods = tuple(methods)
        self._attributes_at = at

    def _past_attribute(self, at: int) -> int:
        """Where the attribute_info at `at` ends (JVMS 4.7)."""
        past = int(at + 6 + _ATTRIBUTE.unpack_from(self.data, at)[1])
        if past > len(self.data):
            raise self._attribute_too_long(at)
        return past

    def _attribute_too_long(self, at: int) -> Malformed:
        return malformed(self.file, at, "属性超出文件末尾", "an attribute runs past the end of the file")

    def _code(self, at: int, past: int) -> Code:
        # Until version 45.2 the first three items were half as wide; javac of JDK 1.0.2 wrote such files.
        head = _OLD_CODE if self.major == FIRST_MAJOR and self._two(4) < 3 else _CODE
        max_stack, max_locals, size = head.unpack_from(self.data, at)
        at += head.size
        handlers_at = at + size + 2
        if not 0 < size <= _MOST_CODE or handlers_at > past:
            raise malformed(
                self.file,
                at,
                f"方法代码长度 {size} 与其属性不符（应为 1–65535）",
                f"code of {size} bytes does not fit its attribute (expected 1 to 65535)",
            )
        handlers = self._two(at + size)
        if handlers_at + 8 * handlers > past:
            raise malformed(
                self.file, at + size, "异常表超出 Code 属性", "the exception table runs past the Code attribute"
            )
        return Code(at, size, max_stack, max_locals, handlers_at, handlers)

    def constant_fields(self) -> Iterator[Field]:
        """Static fields with a ConstantValue (JVMS 4.7.2): what `static final String VERSION = "…"` compiles to."""
        pool, two = self.pool, self._two
        at = self._fields_at
        count, at = two(at), at + 2
        for _ in range(count):
            begin = at
            attributes, at = two(at + 6), at + 8
            for _ in range(attributes):
                if pool.utf8(two(at)) == b"ConstantValue" and two(begin) & ACC_STATIC:
                    value = pool.constant(two(at + 6)) if at + 8 <= len(self.data) else None
                    if value is not None:
                        names = pool.utf8(two(begin + 2)), pool.utf8(two(begin + 4))
                        yield Field(two(begin), *names, value, begin)
                at = self._past_attribute(at)

    def fields(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Access flags, name and descriptor of every field (JVMS 4.5)."""
        at = self._fields_at
        count, at = self._two(at), at + 2
        for _ in range(count):
            yield self._two(at), self.pool.utf8(self._two(at + 2)), self.pool.utf8(self._two(at + 4))
            attributes, at = self._two(at + 6), at + 8
            for _ in range(attributes):
                at = self._past_attribute(at)

    def bootstrap_arguments(self) -> tuple[tuple[int, ...], ...]:
        """The BootstrapMethods attribute (JVMS 4.7.23): per entry the index of its method, then of its arguments."""
        if self._bootstrap is None:
            try:
                self._bootstrap = tuple(self._bootstrap_arguments())
            except (IndexError, struct.error):
                raise self._cut_off() from None
        return self._bootstrap

    def _bootstrap_arguments(self) -> Iterator[tuple[int, ...]]:
        two = self._two
        at = self._attributes_at
        count, at = two(at), at + 2
        for _ in range(count):
            past = self._past_attribute(at)
            if self.pool.utf8(two(at)) == b"BootstrapMethods":
                entries, at = two(at + 6), at + 8
                for _ in range(entries):
                    arguments = two(at + 2)
                    if at + 4 + 2 * arguments > past:
                        raise malformed(
                            self.file,
                            at,
                            "BootstrapMethods 的参数超出其属性",
                            "arguments of a bootstrap method run past the BootstrapMethods attribute",
                        )
                    yield (two(at), *(two(at + 4 + 2 * index) for index in range(arguments)))
                    at += 4 + 2 * arguments
            at = past

    def _two(self, at: int) -> int:
        data = self.data
        return data[at] << 8 | data[at + 1]

    def _cut_off(self) -> Malformed:
        return malformed(
            self.file, len(self.data), "文件在类结构中间结束", "the file ends within the structure of the class"
        )


def class_type(name: bytes) -> str:
    """A name in internal form as a type: `android/os/Build` to `Landroid/os/Build;`; an array is its own type."""
    text = decoded(name)
    return text if text.startswith("[") else f"L{text};"
