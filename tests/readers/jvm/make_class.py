"""Class files made by code: a small writer, from JVMS chapter 4, and one broken file per fault."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

PUBLIC, PRIVATE, STATIC, FINAL, INTERFACE, ABSTRACT = 0x1, 0x2, 0x8, 0x10, 0x200, 0x400


class Pool:
    """A constant pool that grows as it is asked; equal constants share an entry."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.known: dict[bytes, int] = {}
        self.next = 1

    def add(self, entry: bytes) -> int:
        if entry not in self.known:
            self.known[entry] = self.next
            self.entries.append(entry)
            self.next += 2 if entry[0] in (5, 6) else 1
        return self.known[entry]

    def utf8(self, text: str | bytes) -> int:
        raw = text.encode() if isinstance(text, str) else text
        return self.add(b"\x01" + struct.pack(">H", len(raw)) + raw)

    def cls(self, name: str) -> int:
        return self.add(b"\x07" + struct.pack(">H", self.utf8(name)))

    def string(self, text: str) -> int:
        return self.add(b"\x08" + struct.pack(">H", self.utf8(text)))

    def integer(self, value: int) -> int:
        return self.add(b"\x03" + struct.pack(">i", value))

    def long(self, value: int) -> int:
        return self.add(b"\x05" + struct.pack(">q", value))

    def name_and_type(self, name: str, descriptor: str) -> int:
        return self.add(b"\x0c" + struct.pack(">2H", self.utf8(name), self.utf8(descriptor)))

    def member(self, tag: int, owner: str, name: str, descriptor: str) -> int:
        return self.add(bytes([tag]) + struct.pack(">2H", self.cls(owner), self.name_and_type(name, descriptor)))

    def field(self, owner: str, name: str, descriptor: str) -> int:
        return self.member(9, owner, name, descriptor)

    def method(self, owner: str, name: str, descriptor: str) -> int:
        return self.member(10, owner, name, descriptor)

    def interface_method(self, owner: str, name: str, descriptor: str) -> int:
        return self.member(11, owner, name, descriptor)

    def handle(self, kind: int, member: int) -> int:
        return self.add(b"\x0f" + struct.pack(">BH", kind, member))

    def dynamic(self, bootstrap: int, name: str, descriptor: str, tag: int = 18) -> int:
        return self.add(bytes([tag]) + struct.pack(">2H", bootstrap, self.name_and_type(name, descriptor)))

    def packed(self) -> bytes:
        return struct.pack(">H", self.next) + b"".join(self.entries)


@dataclass
class Made:
    """A method to write. `handlers` are (start, end, handler, type)."""

    name: str
    descriptor: str
    code: bytes | None
    access: int = PUBLIC
    handlers: tuple[tuple[int, int, int, int], ...] = ()


@dataclass
class Class:
    """A class to write: fill `pool` while making the code of the methods, then call `file`."""

    name: str = "com/example/Lantern"
    above: str | None = "java/lang/Object"
    interfaces: tuple[str, ...] = ()
    access: int = PUBLIC
    major: int = 52
    minor: int = 0
    pool: Pool = field(default_factory=Pool)
    methods: list[Made] = field(default_factory=list)
    # Name, descriptor and constant pool index of the value.
    constants: list[tuple[str, str, int]] = field(default_factory=list)
    # Bootstrap methods: the handle, then the arguments.
    bootstrap: list[tuple[int, ...]] = field(default_factory=list)

    def method(self, name: str, descriptor: str, code: bytes | None, access: int = PUBLIC) -> "Class":
        self.methods.append(Made(name, descriptor, code, access))
        return self

    def file(self) -> bytes:
        pool = self.pool
        body = struct.pack(
            ">3H", self.access, pool.cls(self.name), pool.cls(self.above) if self.above is not None else 0
        )
        body += struct.pack(">H", len(self.interfaces)) + b"".join(
            struct.pack(">H", pool.cls(name)) for name in self.interfaces
        )
        body += struct.pack(">H", len(self.constants))
        for name, descriptor, value in self.constants:
            body += struct.pack(">4H", PUBLIC | STATIC | FINAL, pool.utf8(name), pool.utf8(descriptor), 1)
            body += struct.pack(">HIH", pool.utf8("ConstantValue"), 2, value)
        body += struct.pack(">H", len(self.methods))
        for made in self.methods:
            body += struct.pack(
                ">4H", made.access, pool.utf8(made.name), pool.utf8(made.descriptor), int(made.code is not None)
            )
            if made.code is not None:
                body += self.attribute("Code", self.code(made))
        attributes = b""
        if self.bootstrap:
            entries = b"".join(
                struct.pack(f">2H{len(each) - 1}H", each[0], len(each) - 1, *each[1:]) for each in self.bootstrap
            )
            attributes = self.attribute("BootstrapMethods", struct.pack(">H", len(self.bootstrap)) + entries)
        body += struct.pack(">H", int(bool(self.bootstrap))) + attributes
        return b"\xca\xfe\xba\xbe" + struct.pack(">2H", self.minor, self.major) + pool.packed() + body

    def code(self, made: Made) -> bytes:
        assert made.code is not None
        old = self.major == 45 and self.minor < 3
        head = struct.pack(">BBH" if old else ">2HI", 10, 10, len(made.code))
        handlers = b"".join(struct.pack(">4H", *each) for each in made.handlers)
        return head + made.code + struct.pack(">H", len(made.handlers)) + handlers + struct.pack(">H", 0)

    def attribute(self, name: str, content: bytes) -> bytes:
        return struct.pack(">HI", self.pool.utf8(name), len(content)) + content


def two(index: int) -> bytes:
    return struct.pack(">H", index)


TELEPHONY = "android/telephony/TelephonyManager"
DEVICE_ID = f"L{TELEPHONY};->getDeviceId()Ljava/lang/String;"
SECURE = "android/provider/Settings$Secure"
GET_STRING = "(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"


def lantern(**changes: object) -> Class:
    """A class that reads the device id: aload_1, invokevirtual at offset 1, areturn."""
    made = Class(**changes)  # type: ignore[arg-type]
    call = made.pool.method(TELEPHONY, "getDeviceId", "()Ljava/lang/String;")
    return made.method("light", f"(L{TELEPHONY};)Ljava/lang/String;", b"\x2b\xb6" + two(call) + b"\xb0")


def sound() -> bytes:
    return lantern().file()


# --- broken files, one per fault ---


def no_magic() -> bytes:
    return b"\xca\xfe\xba\xbf" + sound()[4:]


def shorter_than_its_header() -> bytes:
    return sound()[:8]


def version_too_old() -> bytes:
    return lantern(major=44).file()


def version_too_new() -> bytes:
    return lantern(major=70).file()


def constant_pool_cut_off() -> bytes:
    return sound()[:40]


def constant_pool_longer_than_the_file() -> bytes:
    made = bytearray(sound())
    made[8:10] = b"\xff\xff"
    return bytes(made)


def constant_of_unknown_kind() -> bytes:
    made = lantern()
    made.pool.add(b"\x02\x00\x00")
    return made.file()


def class_name_is_no_class() -> bytes:
    made = lantern()
    made.file()
    content = bytearray(made.file())
    at = 8 + len(made.pool.packed()) + 2
    content[at : at + 2] = two(made.pool.utf8("Code"))
    return bytes(content)


def class_index_past_the_pool() -> bytes:
    made = lantern()
    made.file()
    content = bytearray(made.file())
    at = 8 + len(made.pool.packed()) + 2
    content[at : at + 2] = b"\xff\xf0"
    return bytes(content)


def methods_cut_off() -> bytes:
    return sound()[:-28]


def attribute_longer_than_the_file() -> bytes:
    content = sound()
    at = content.rindex(struct.pack(">I", 5) + b"\x2b\xb6") - 8
    return content[:at] + b"\x7f\xff\xff\xff" + content[at + 4 :]


def code_longer_than_its_attribute() -> bytes:
    content = sound()
    at = content.rindex(struct.pack(">I", 5) + b"\x2b\xb6")
    return content[:at] + struct.pack(">I", 6000) + content[at + 4 :]


def code_is_empty() -> bytes:
    made = Class()
    return made.method("dark", "()V", b"").file()


def exception_table_past_its_attribute() -> bytes:
    content = sound()
    at = content.rindex(b"\xb0\x00\x00\x00\x00") + 1
    return content[:at] + b"\x00\x09" + content[at + 2 :]


# Broken as a whole: reading the class raises. The text is one the message must hold.
BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    made.__name__.replace("_", " "): (made, says)
    for made, says in (
        (no_magic, "CAFEBABE"),
        (shorter_than_its_header, "CAFEBABE"),
        (version_too_old, "version 44, expected 45 to 69"),
        (version_too_new, "version 70, expected 45 to 69"),
        (constant_pool_cut_off, "cut off at entry"),
        (constant_pool_longer_than_the_file, "constant"),
        (constant_of_unknown_kind, "unknown tag 2"),
        (class_name_is_no_class, "expected CONSTANT_Class"),
        (class_index_past_the_pool, "expected CONSTANT_Class"),
        (methods_cut_off, "ends within"),
        (attribute_longer_than_the_file, "runs past the end of the file"),
        (code_longer_than_its_attribute, "does not fit its attribute"),
        (code_is_empty, "code of 0 bytes"),
        (exception_table_past_its_attribute, "exception table"),
    )
}

# Broken in the code of a method only: the class is read, the method told.
BROKEN_CODE: dict[str, tuple[bytes, str]] = {
    "undefined opcode": (b"\xcb\xb1", "undefined 0xcb"),
    "instruction past the end": (b"\x03\xb6\x00", "runs past the end"),
    "wide of an instruction that has no wide form": (b"\xc4\x00\x00\x00\xb1", "undefined 0xc4"),
    "wide at the end": (b"\xc4", "undefined 0xc4"),
    "tableswitch past the end": (b"\xaa\x00\x00\x00" + struct.pack(">3i", 0, 0, 1000), "does not fit"),
    "tableswitch with high below low": (b"\xaa\x00\x00\x00" + struct.pack(">3i", 0, 5, 3) + b"\xb1", "does not fit"),
    "lookupswitch with a negative count": (b"\xab\x00\x00\x00" + struct.pack(">2i", 0, -1) + b"\xb1", "does not fit"),
    "lookupswitch cut off": (b"\xab\x00\x00\x00\x00", "does not fit"),
    "invokeinterface cut off": (b"\xb9\x00\x01\x01", "runs past the end"),
}
