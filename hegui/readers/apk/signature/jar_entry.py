"""The content of an entry as v1 hashes it. Source: ZIP APPNOTE, sections 4.3.7 and 4.3.8."""

import struct
import zlib
from collections.abc import Iterator

from hegui.readers.apk import signing_block as blocks
from hegui.readers.apk.container import DATA_DESCRIPTOR, STORED, Container, ZipEntry
from hegui.readers.apk.signature.findings import Findings
from hegui.readers.apk.signing_block import BadStructure

_READ = 1 << 16
# Of a local header: flags, check sum, sizes, lengths of name and extra field (APPNOTE 4.3.7).
_LOCAL = struct.Struct("<6xH6x3I2H")


def read_entry(apk: Container, entry: ZipEntry, limit: int, findings: Findings) -> bytes | None:
    """The content of a signature file, or None with the fault that says why not."""
    if entry.size > limit:
        findings.fault("v1", "TOO_LARGE", f"{entry.size} bytes, the limit is {limit}", entry.name)
        return None
    try:
        return b"".join(entry_content(apk, entry))
    except BadStructure as problem:
        findings.fault("v1", "ENTRY_UNREADABLE", str(problem), entry.name)
        return None


def entry_content(apk: Container, entry: ZipEntry) -> Iterator[bytes | memoryview]:
    """The content of an entry, at most 1 MB at a time. Raises BadStructure when it is not as its two headers say.

    The platform compares both headers before it hashes, so that no reader can be shown another content.
    """
    start = _content_start(apk, entry)
    data, stored = apk.data, entry.method == STORED
    end = start + (entry.size if stored else entry.compressed_size)
    if end > apk.cd_offset:
        raise BadStructure(f"its data would end at {end}, the central directory begins at {apk.cd_offset}")
    if stored:
        for at in range(start, end, blocks.CHUNK):
            yield data[at : min(at + blocks.CHUNK, end)]
        return
    inflater, size = zlib.decompressobj(-15), 0
    for at in range(start, end, _READ):
        rest: bytes | memoryview = data[at : min(at + _READ, end)]
        while rest and not inflater.eof:
            try:
                chunk = inflater.decompress(rest, blocks.CHUNK)
            except zlib.error as error:
                raise BadStructure(f"deflated data: {error}") from error
            rest = inflater.unconsumed_tail
            size += len(chunk)
            if size > entry.size:
                break
            yield chunk
        if inflater.eof or size > entry.size:
            break
    if size != entry.size:
        raise BadStructure(f"{size} bytes or more inflated, {entry.size} claimed")


def _content_start(apk: Container, entry: ZipEntry) -> int:
    at, data = entry.local_offset, apk.data
    if not 0 <= at <= apk.cd_offset - 30 or bytes(data[at : at + 4]) != b"PK\3\4":
        raise BadStructure(f"no local header at {at}")
    flags, crc, packed, size, name_length, extra = _LOCAL.unpack_from(data, at)
    if (name := bytes(data[at + 30 : at + 30 + name_length])) != entry.raw_name:
        raise BadStructure(f"the local header calls it {name!r}")
    if (flags ^ entry.flags) & DATA_DESCRIPTOR:
        raise BadStructure("the headers disagree about a data descriptor")
    if not flags & DATA_DESCRIPTOR and (crc, packed, size) != (entry.crc, entry.compressed_size, entry.size):
        raise BadStructure(f"crc {crc:08x}, sizes {packed} and {size} in the local header")
    return int(at + 30 + name_length + extra)
