"""The constant pool of a class file (常量池, JVMS 4.4), read where it stands: an offset per entry, and no object."""

from array import array
from collections.abc import Iterator
from typing import Final

from hegui.readers.jvm.faults import malformed

UTF8, INTEGER, FLOAT, LONG, DOUBLE = 1, 3, 4, 5, 6
CLASS, STRING, FIELDREF, METHODREF, INTERFACE_METHODREF, NAME_AND_TYPE = 7, 8, 9, 10, 11, 12
METHOD_HANDLE, METHOD_TYPE, DYNAMIC, INVOKE_DYNAMIC, MODULE, PACKAGE = 15, 16, 17, 18, 19, 20

_EXPECTED: Final = {
    UTF8: "CONSTANT_Utf8",
    CLASS: "CONSTANT_Class",
    NAME_AND_TYPE: "CONSTANT_NameAndType",
    METHOD_HANDLE: "CONSTANT_MethodHandle",
}


def _sizes() -> bytes:
    """Bytes an entry takes, its tag included (table 4.4-A and the structures after it). Utf8 says its own."""
    sizes = bytearray(256)
    for tag in (CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE):
        sizes[tag] = 3
    sizes[METHOD_HANDLE] = 4
    for tag in (INTEGER, FLOAT, FIELDREF, METHODREF, INTERFACE_METHODREF, NAME_AND_TYPE, DYNAMIC, INVOKE_DYNAMIC):
        sizes[tag] = 5
    sizes[LONG] = sizes[DOUBLE] = 9
    return bytes(sizes)


_SIZES: Final = _sizes()


class ConstantPool:
    """Entries are asked for by index. Names and descriptors are the bytes of the file: modified UTF-8 (JVMS 4.4.7).

    `tags` holds the tag of each index, 0 where there is no entry; `end` is the offset behind the last one. `file` names
    the class file in messages. Every accessor raises Malformed when the entry is not there, or not of the kind asked.
    """

    __slots__ = ("_at", "count", "data", "end", "file", "tags")

    def __init__(self, data: bytes, file: str) -> None:
        self.data = data
        self.file = file
        self.count = count = data[8] << 8 | data[9]
        starts = array("I", bytes(4 * count))
        tags = bytearray(count)
        sizes = _SIZES
        at, index = 10, 1
        try:
            while index < count:
                starts[index] = at
                tags[index] = tag = data[at]
                if tag == UTF8:
                    at += 3 + (data[at + 1] << 8 | data[at + 2])
                elif size := sizes[tag]:
                    at += size
                    # "The constant pool index n+1 must be valid but is considered unusable" (JVMS 4.4.5).
                    if size == 9:
                        index += 1
                else:
                    raise malformed(
                        file, at, f"常量 {index} 的类型 {tag} 未知", f"constant {index} has unknown tag {tag}"
                    )
                index += 1
        except IndexError:
            at = len(data) + 1
        if at > len(data):
            raise malformed(
                file,
                len(data),
                f"常量池有 {count - 1} 项，文件在第 {index} 项结束",
                f"a constant pool of {count - 1} entries, cut off at entry {index}",
            )
        self._at = starts
        self.tags = bytes(tags)
        self.end = at

    def utf8(self, index: int) -> bytes:
        at = self._place(index, UTF8)
        data = self.data
        return data[at + 3 : at + 3 + (data[at + 1] << 8 | data[at + 2])]

    def class_name(self, index: int) -> bytes:
        """The binary name of a CONSTANT_Class in internal form; an array class is its descriptor (JVMS 4.4.1)."""
        return self.utf8(self._two(self._place(index, CLASS) + 1))

    def name_and_type(self, index: int) -> tuple[bytes, bytes]:
        at = self._place(index, NAME_AND_TYPE)
        return self.utf8(self._two(at + 1)), self.utf8(self._two(at + 3))

    def member(self, index: int) -> tuple[bytes, bytes, bytes]:
        """Class, name and descriptor of a Fieldref, Methodref or InterfaceMethodref (JVMS 4.4.2)."""
        if not 0 < index < self.count or not FIELDREF <= self.tags[index] <= INTERFACE_METHODREF:
            raise self._wrong(index, "Fieldref / Methodref")
        at = self._at[index]
        return self.class_name(self._two(at + 1)), *self.name_and_type(self._two(at + 3))

    def handle(self, index: int) -> tuple[int, int]:
        """Reference kind and the index of the member of a CONSTANT_MethodHandle (JVMS 4.4.8)."""
        at = self._place(index, METHOD_HANDLE)
        return self.data[at + 1], self._two(at + 2)

    def dynamic(self, index: int) -> tuple[int, bytes, bytes]:
        """Bootstrap method, name and descriptor of a CONSTANT_Dynamic or CONSTANT_InvokeDynamic (JVMS 4.4.10)."""
        if not 0 < index < self.count or self.tags[index] not in (DYNAMIC, INVOKE_DYNAMIC):
            raise self._wrong(index, "CONSTANT_Dynamic / CONSTANT_InvokeDynamic")
        at = self._at[index]
        return self._two(at + 1), *self.name_and_type(self._two(at + 3))

    def constant(self, index: int) -> str | None:
        """A loadable constant as text: a string, a number, a class as descriptor; None for the other kinds."""
        tag = self.tags[index] if 0 < index < self.count else 0
        at = self._at[index] if tag else 0
        if tag == STRING:
            return decoded(self.utf8(self._two(at + 1)))
        if tag == CLASS:
            name = decoded(self.class_name(index))
            return name if name.startswith("[") else f"L{name};"
        if tag == INTEGER:
            return str(int.from_bytes(self.data[at + 1 : at + 5], signed=True))
        if tag == LONG:
            return str(int.from_bytes(self.data[at + 1 : at + 9], signed=True))
        return None

    def strings(self) -> Iterator[tuple[int, bytes]]:
        """Each CONSTANT_String (JVMS 4.4.3): where it stands in the file, and its text as stored."""
        for index, tag in enumerate(self.tags):
            if tag == STRING:
                yield self._at[index], self.utf8(self._two(self._at[index] + 1))

    def place(self, index: int) -> int:
        """Where an entry stands in the file."""
        return self._at[index]

    def _place(self, index: int, tag: int) -> int:
        if not 0 < index < self.count or self.tags[index] != tag:
            raise self._wrong(index, _EXPECTED[tag])
        return self._at[index]

    def _two(self, at: int) -> int:
        return self.data[at] << 8 | self.data[at + 1]

    def _wrong(self, index: int, expected: str) -> Exception:
        inside = 0 < index < self.count
        found = f"tag {self.tags[index]}" if inside else f"{self.count - 1} entries"
        return malformed(
            self.file,
            self._at[index] if inside else 8,
            f"常量 {index} 应为 {expected}，却是 {found}",
            f"expected {expected} as constant {index}, found {found}",
        )


def decoded(raw: bytes) -> str:
    """Modified UTF-8 as text (JVMS 4.4.7); what is ill coded becomes U+FFFD, for obfuscators use such names."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        # U+0000 is written C0 80, a character beyond the BMP as two surrogates of three bytes each.
        raw = raw.replace(b"\xc0\x80", b"\0")
    try:
        return raw.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
