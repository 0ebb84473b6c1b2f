"""Packages built by code: one that is sound, and one per fault, named after it.

Written from ZIP APPNOTE 6.3.10 and, for the manifest, from the chunk layout of AOSP's ResourceTypes.h.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

MANIFEST = b"AndroidManifest.xml"


@dataclass(frozen=True)
class File:
    """A file to pack. `central` and `local` replace what the two headers state, by the field names of APPNOTE 4.3."""

    name: bytes
    content: bytes
    method: int = 8
    packed: bytes | None = None
    central: dict[str, int] = field(default_factory=dict)
    local: dict[str, int] = field(default_factory=dict)
    local_name: bytes | None = None
    central_extra: bytes = b""
    same_place_as_previous: bool = False


def deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def pack(
    *files: File,
    before: bytes = b"",
    offsets_rewritten: bool = True,
    between: bytes = b"",
    comment: bytes = b"",
    after: bytes = b"",
    end: dict[str, int] | None = None,
) -> bytes:
    """A ZIP of `files`. `end` replaces fields of the end record: total, cd_size, cd_offset, comment_size."""
    body, directory, at = bytearray(before), bytearray(), len(before)
    base = 0 if offsets_rewritten else len(before)
    for file in files:
        packed = file.packed
        if packed is None:
            packed = deflate(file.content) if file.method == 8 else file.content
        stated = {
            "flags": 0,
            "method": file.method,
            "crc": zlib.crc32(file.content),
            "compressed_size": len(packed),
            "size": len(file.content),
        }
        if not file.same_place_as_previous:
            at = len(body)
            name = file.name if file.local_name is None else file.local_name
            body += _header(b"PK\x03\x04", stated | file.local, name) + name + packed
        directory += _header(b"PK\x01\x02", stated | file.central, file.name, at - base, len(file.central_extra))
        directory += file.name + file.central_extra
    body += between
    stated = {
        "total": len(files),
        "cd_size": len(directory),
        "cd_offset": len(body) - base,
        "comment_size": len(comment),
    }
    stated |= end or {}
    total = stated["total"]
    record = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, total, total, stated["cd_size"], stated["cd_offset"], stated["comment_size"]
    )
    return bytes(body + directory + record) + comment + after


def _header(magic: bytes, stated: dict[str, int], name: bytes, at: int = 0, extra_size: int = 0) -> bytes:
    common = struct.pack(
        "<5H3I2H",
        20,
        stated["flags"],
        stated["method"],
        0,
        0x2821,
        stated["crc"],
        stated["compressed_size"],
        stated["size"],
        len(name),
        extra_size,
    )
    if magic == b"PK\x03\x04":
        return magic + common
    return magic + struct.pack("<H", 20) + common + struct.pack("<3H2I", 0, 0, 0, 0, at)


def manifest(package: str = "com.example.lantern", min_sdk: int = 26, target_sdk: int = 34) -> bytes:
    """A compiled manifest: <manifest package><uses-sdk/><application/></manifest>."""
    android = "http://schemas.android.com/apk/res/android"
    strings = ["minSdkVersion", "targetSdkVersion", "android", android, "manifest", "package", package]
    strings += ["uses-sdk", "application"]
    at = {text: index for index, text in enumerate(strings)}
    pool_data, offsets = bytearray(), []
    for text in strings:
        offsets.append(len(pool_data))
        pool_data += struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"
    pool_data += b"\0" * (-len(pool_data) % 4)
    start = 28 + 4 * len(strings)
    pool = struct.pack("<2H6I", 1, 28, start + len(pool_data), len(strings), 0, 0, start, 0)
    pool += struct.pack(f"<{len(offsets)}I", *offsets) + pool_data
    resources = struct.pack("<2HI2I", 0x180, 8, 16, 0x0101020C, 0x01010270)
    none = 0xFFFFFFFF

    def node(kind: int, body: bytes) -> bytes:
        return struct.pack("<2H3I", kind, 16, 16 + len(body), 1, none) + body

    def opened(tag: str, *attributes: tuple[int, str, int, int, int]) -> bytes:
        body = struct.pack("<2I6H", none, at[tag], 20, 20, len(attributes), 0, 0, 0)
        for space, name, raw, kind, value in attributes:
            body += struct.pack("<3I2HI", space, at[name], raw, 8, kind << 8, value)
        return node(0x102, body)

    def closed(tag: str) -> bytes:
        return node(0x103, struct.pack("<2I", none, at[tag]))

    space = struct.pack("<2I", at["android"], at[android])
    nodes = node(0x100, space)
    nodes += opened("manifest", (none, "package", at[package], 3, at[package]))
    nodes += opened(
        "uses-sdk",
        (at[android], "minSdkVersion", none, 0x10, min_sdk),
        (at[android], "targetSdkVersion", none, 0x10, target_sdk),
    )
    nodes += closed("uses-sdk") + opened("application") + closed("application") + closed("manifest")
    nodes += node(0x101, space)
    body = pool + resources + nodes
    return struct.pack("<2HI", 3, 8, 8 + len(body)) + body


def dex(classes: int = 0, version: bytes = b"035") -> bytes:
    """A DEX file that is all header, with room for its class definitions."""
    size = 112 + 32 * classes
    words = [size, 112, 0x12345678, 0, 0, 0] + [0, 0] * 5 + [classes, 112 if classes else 0, 0, 0]
    return b"dex\n" + version + b"\0" + struct.pack("<I20s20I", 0, b"", *words) + bytes(32 * classes)


SOUND = (
    File(MANIFEST, manifest()),
    File(b"classes.dex", dex()),
    File(b"lib/arm64-v8a/liblantern.so", b"\x7fELF" + bytes(60), method=0),
    File(b"res/raw/poem.txt", "床前明月光".encode() * 20),
)


def sound() -> bytes:
    return pack(*SOUND)


def prepended_data_with_offsets_rewritten() -> bytes:
    return pack(*SOUND, before=b"dex\n035\0" + bytes(100))


def prepended_data_with_offsets_left() -> bytes:
    return pack(*SOUND, before=b"#!/bin/sh\n", offsets_rewritten=False)


def duplicate_name() -> bytes:
    return pack(*SOUND, File(b"res/raw/poem.txt", b"another poem"))


def unknown_method() -> bytes:
    return pack(File(MANIFEST, manifest(), method=0x2209), *SOUND[1:])


def encryption_flag_on_plain_content() -> bytes:
    return pack(File(MANIFEST, manifest(), central={"flags": 1}, local={"flags": 1}), *SOUND[1:])


def stored_size_too_small() -> bytes:
    return pack(*SOUND, File(b"assets/a", b"stored", method=0, central={"size": 3}, local={"size": 3}))


def stored_size_past_directory() -> bytes:
    big = {"size": 90_000, "compressed_size": 90_000}
    return pack(*SOUND, File(b"assets/a", b"stored", method=0, central=big, local=big))


def deflated_size_impossible() -> bytes:
    return pack(*SOUND, File(b"assets/a", b"text", central={"size": 10**8}, local={"size": 10**8}))


def manifest_size_too_small() -> bytes:
    return pack(File(MANIFEST, manifest(), central={"size": 8}, local={"size": 8}), *SOUND[1:])


def manifest_compressed_size_zero() -> bytes:
    return pack(File(MANIFEST, manifest(), central={"compressed_size": 0}, local={"compressed_size": 0}), *SOUND[1:])


def manifest_crc_wrong() -> bytes:
    return pack(File(MANIFEST, manifest(), central={"crc": 1}, local={"crc": 1}), *SOUND[1:])


def local_header_says_another_name() -> bytes:
    return pack(*SOUND[:-1], File(b"res/raw/poem.txt", b"poem", local_name=b"res/raw/prose.txt"))


def local_header_says_another_method() -> bytes:
    return pack(*SOUND[:-1], File(b"res/raw/poem.txt", b"poem", local={"method": 0}))


def local_header_missing() -> bytes:
    made = bytearray(sound())
    at = made.index(b"PK\x03\x04", 4)
    made[at : at + 4] = b"XXXX"
    return bytes(made)


def name_leads_out() -> bytes:
    return pack(*SOUND, File(b"../../etc/hosts", b""))


def name_is_not_utf8() -> bytes:
    return pack(*SOUND, File(b"assets/\xff\xfe.bin", b"x"))


def name_holds_a_zero_byte() -> bytes:
    return pack(*SOUND, File(b"assets/a\0b", b"x"))


def directory_shorter_than_counted() -> bytes:
    return pack(*SOUND, end={"total": len(SOUND) + 3})


def directory_longer_than_counted() -> bytes:
    return pack(*SOUND, end={"total": len(SOUND) - 1})


def second_end_record_in_comment() -> bytes:
    return pack(*SOUND, comment=b"PK\x05\x06" + bytes(18))


def trailing_data() -> bytes:
    return pack(*SOUND, after=b"appended")


def comment_cut_off() -> bytes:
    return pack(*SOUND, end={"comment_size": 40})


def overlapping_entries() -> bytes:
    return pack(*SOUND, File(b"res/raw/twin.txt", SOUND[-1].content, same_place_as_previous=True))


def zip64() -> bytes:
    """All that can defer to ZIP64 does: the sizes of one entry, and the end record."""
    content = b"sixty-four"
    ones = {"size": 0xFFFFFFFF, "compressed_size": 0xFFFFFFFF}
    extra = struct.pack("<2H2Q", 1, 16, len(content), len(content))
    plain = pack(*SOUND, File(b"assets/a", content, method=0, central=ones, local=ones, central_extra=extra))
    record, total = plain[-22:], len(SOUND) + 1
    cd_size, cd_offset = struct.unpack_from("<2I", record, 12)
    at = len(plain) - 22
    end64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, total, total, cd_size, cd_offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    deferring = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return plain[:-22] + end64 + locator + deferring


# What each fault is reported as.
FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    made.__name__.replace("_", " "): (made, problem)
    for made, problem in (
        (prepended_data_with_offsets_rewritten, "PREPENDED_DATA"),
        (prepended_data_with_offsets_left, "PREPENDED_DATA"),
        (duplicate_name, "DUPLICATE_NAME"),
        (unknown_method, "UNKNOWN_METHOD"),
        (encryption_flag_on_plain_content, "ENCRYPTED_FLAG"),
        (stored_size_too_small, "WRONG_SIZE"),
        (stored_size_past_directory, "WRONG_SIZE"),
        (deflated_size_impossible, "WRONG_SIZE"),
        (manifest_size_too_small, "WRONG_SIZE"),
        (manifest_compressed_size_zero, "WRONG_SIZE"),
        (manifest_crc_wrong, "WRONG_CRC"),
        (local_header_says_another_name, "LOCAL_HEADER_DIFFERS"),
        (local_header_says_another_method, "LOCAL_HEADER_DIFFERS"),
        (local_header_missing, "NO_LOCAL_HEADER"),
        (name_leads_out, "NAME_TRAVERSAL"),
        (name_is_not_utf8, "BAD_NAME_ENCODING"),
        (name_holds_a_zero_byte, "BAD_NAME"),
        (directory_shorter_than_counted, "TRUNCATED_DIRECTORY"),
        (directory_longer_than_counted, "ENTRY_NOT_COUNTED"),
        (second_end_record_in_comment, "SECOND_EOCD"),
        (trailing_data, "TRAILING_DATA"),
        (comment_cut_off, "TRUNCATED_COMMENT"),
        (overlapping_entries, "OVERLAPPING_ENTRIES"),
        (zip64, "ZIP64"),
    )
}
