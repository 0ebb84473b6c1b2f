"""The APK Signing Block (APK签名分块): where it is, what it holds, and the digests its signatures protect.

The block stands between the last entry and the central directory. Everything else in the file is protected by v2 and
later; the block itself is not, beyond what each signer signs.
Source: AOSP, "APK Signature Scheme v2", "v3" and "v3.1" (source.android.com/docs/security/features/apksigning).
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

MAGIC = b"APK Sig Block 42"
V2, V3, V31 = 0x7109871A, 0xF05368C0, 0x1B93AD61

# Every kind of pair that real packages carry; the rest is shown by number.
PAIR_NAMES = {
    V2: "v2",
    V3: "v3",
    V31: "v3.1",
    0x70E1C89F: "v3.2 (hybrid)",
    0x42726577: "padding",
    0x2B09189E: "source stamp v1",
    0x6DFF800D: "source stamp v2",
    0x504B4453: "dependency metadata",
    0x71777777: "Walle channel",
    0x2146444E: "Google Play frosting",
}

FOREVER = 0x7FFFFFFF
CHUNK = 1 << 20
PAGE = 4096
# The number of signers the platform accepts, and more levels of rotation than any app can have seen.
MOST_SIGNERS, MOST_NODES, MOST_ITEMS = 10, 64, 64


class SignedFile(Protocol):
    """What reading signatures needs of a container. Offsets count bytes from the start of the file."""

    @property
    def data(self) -> memoryview: ...
    @property
    def cd_offset(self) -> int: ...
    @property
    def cd_size(self) -> int: ...
    @property
    def eocd_offset(self) -> int: ...


class BadStructure(Exception):
    """A structure that ends too early or claims too much. It becomes a fault of the signature and never leaves it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An ID-value pair; `offset` is where its length field stands in the file."""

    id: int
    offset: int
    value: memoryview

    @property
    def name(self) -> str:
        return PAIR_NAMES.get(self.id, f"0x{self.id:08x}")


@dataclass(frozen=True, slots=True)
class SigningBlock:
    """`pairs` are those before the first malformed one, for the platform stops looking there; `problem` says which."""

    start: int
    end: int
    pairs: tuple[Pair, ...]
    problem: str = ""

    def find(self, pair_id: int) -> Pair | None:
        """The first pair with this ID: of two, the platform takes the first."""
        return next((pair for pair in self.pairs if pair.id == pair_id), None)


def find_signing_block(file: SignedFile) -> SigningBlock | None:
    """The block right before the central directory, or None when its magic is not there.

    A block whose two sizes disagree does not exist for the platform; it is returned empty, with `problem`.
    """
    data, end = file.data, file.cd_offset
    if end < 32 or bytes(data[end - 16 : end]) != MAGIC:
        return None
    if file.cd_offset + file.cd_size != file.eocd_offset:
        return SigningBlock(end, end, (), "the central directory does not end where the end record begins")
    (size,) = struct.unpack_from("<Q", data, end - 24)
    start = end - size - 8
    if size < 24 or start < 0:
        return SigningBlock(end, end, (), f"size {size} does not fit before the central directory at {end}")
    (size_at_start,) = struct.unpack_from("<Q", data, start)
    if size_at_start != size:
        return SigningBlock(end, end, (), f"size {size_at_start} at its start, {size} at its end")
    pairs: list[Pair] = []
    problem = ""
    at, last = start + 8, end - 24
    while at < last:
        length = struct.unpack_from("<Q", data, at)[0] if last - at >= 8 else 0
        if length < 4 or length > last - at - 8:
            problem = f"pair {len(pairs) + 1} at {at} has length {length}, {last - at} bytes are left"
            break
        (pair_id,) = struct.unpack_from("<I", data, at + 8)
        pairs.append(Pair(pair_id, at, data[at + 12 : at + 8 + length]))
        at += 8 + length
    return SigningBlock(start, end, tuple(pairs), problem)


# --- Signers of v2 and v3 ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer as it stands outside the signed data. v2 knows no platform range: it counts everywhere."""

    signed_data: memoryview
    signatures: tuple[tuple[int, bytes], ...]
    public_key: bytes
    min_sdk: int = 0
    max_sdk: int = FOREVER


@dataclass(frozen=True, slots=True)
class SignedData:
    """What a signer signs. Digests and attributes are (ID, value); certificates are DER, the signer's own first."""

    digests: tuple[tuple[int, bytes], ...]
    certificates: tuple[bytes, ...]
    attributes: tuple[tuple[int, bytes], ...]
    min_sdk: int = 0
    max_sdk: int = FOREVER


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A certificate in a proof of rotation (密钥轮替证明); the certificate before it signed `signed_data`.

    `signed_with` is the algorithm as signed; `signs_with` that which the next node's signature uses.
    """

    certificate: bytes
    signed_data: memoryview
    signed_with: int
    signs_with: int
    flags: int
    signature: bytes


class _Cursor:
    """Reads little-endian fields one after another; raises BadStructure instead of reading past the end."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def __bool__(self) -> bool:
        return self.at < len(self.data)

    def take(self, size: int) -> memoryview:
        if size > len(self.data) - self.at:
            raise BadStructure(f"{size} bytes wanted at {self.at}, {len(self.data) - self.at} are left")
        self.at += size
        return self.data[self.at - size : self.at]

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def prefixed(self) -> memoryview:
        return self.take(self.u32())

    def sequence(self, most: int = MOST_ITEMS) -> Iterator["_Cursor"]:
        """The length-prefixed elements of a length-prefixed sequence."""
        inner = _Cursor(self.prefixed())
        for _ in range(most):
            if not inner:
                return
            yield _Cursor(inner.prefixed())
        if inner:
            raise BadStructure(f"more than {most} elements")


def signers(value: memoryview, *, with_range: bool) -> tuple[Signer, ...]:
    """The signers of a v2 value, or with `with_range` of a v3 or v3.1 value. Raises BadStructure."""
    return tuple(_signer(each, with_range) for each in _Cursor(value).sequence(MOST_SIGNERS))


def _signer(cursor: _Cursor, with_range: bool) -> Signer:
    signed = cursor.prefixed()
    low, high = (cursor.u32(), cursor.u32()) if with_range else (0, FOREVER)
    signatures = tuple((each.u32(), bytes(each.prefixed())) for each in cursor.sequence())
    return Signer(signed, signatures, bytes(cursor.prefixed()), low, high)


def signed_data(value: memoryview, *, with_range: bool) -> SignedData:
    """What stands in a signer's signed data. Raises BadStructure."""
    cursor = _Cursor(value)
    digests = tuple((each.u32(), bytes(each.prefixed())) for each in cursor.sequence())
    certificates = tuple(bytes(each.data) for each in cursor.sequence())
    low, high = (cursor.u32(), cursor.u32()) if with_range else (0, FOREVER)
    attributes = tuple((each.u32(), bytes(each.data[4:])) for each in cursor.sequence())
    return SignedData(digests, certificates, attributes, low, high)


def lineage(value: bytes) -> tuple[LineageNode, ...]:
    """The nodes of a proof of rotation, oldest first. Raises BadStructure."""
    cursor = _Cursor(memoryview(value))
    if (version := cursor.u32()) != 1:
        raise BadStructure(f"version {version}, 1 is known")
    nodes: list[LineageNode] = []
    while cursor:
        if len(nodes) == MOST_NODES:
            raise BadStructure(f"more than {MOST_NODES} certificates")
        node = _Cursor(cursor.prefixed())
        signed = node.prefixed()
        inner = _Cursor(signed)
        certificate, signed_with = bytes(inner.prefixed()), inner.u32()
        flags, signs_with = node.u32(), node.u32()
        nodes.append(LineageNode(certificate, signed, signed_with, signs_with, flags, bytes(node.prefixed())))
    return tuple(nodes)


# --- Digests of the protected regions ---------------------------------------------------------------------------------


def content_digests(file: SignedFile, block: SigningBlock, algorithms: Iterable[str]) -> dict[str, bytes]:
    """Digests of everything but the block: entries, central directory, and an end record that points to the block.

    `algorithms` are of "sha256", "sha512" (1 MB chunks) and "verity" (a tree over 4 KB pages).
    The file is read once for the chunked ones together, and once more for the tree.
    """
    end = bytearray(file.data[file.eocd_offset :])
    struct.pack_into("<I", end, 16, block.start)
    regions = (file.data[: block.start], file.data[block.end : file.eocd_offset], memoryview(end))
    wanted = set(algorithms)
    digests = _chunked(regions, sorted(wanted - {"verity"}))
    if "verity" in wanted:
        digests["verity"] = _verity(regions)
    return digests


def _chunked(regions: tuple[memoryview, ...], algorithms: list[str]) -> dict[str, bytes]:
    if not algorithms:
        return {}
    of_chunks: dict[str, list[bytes]] = {name: [] for name in algorithms}
    for region in regions:
        for at in range(0, len(region), CHUNK):
            chunk = region[at : at + CHUNK]
            prefix = b"\xa5" + len(chunk).to_bytes(4, "little")
            for name, digests in of_chunks.items():
                digest = hashlib.new(name, prefix)
                digest.update(chunk)
                digests.append(digest.digest())
    return {
        name: hashlib.new(name, b"\x5a" + len(digests).to_bytes(4, "little") + b"".join(digests)).digest()
        for name, digests in of_chunks.items()
    }


def _verity(regions: tuple[memoryview, ...]) -> bytes:
    """The root of the fs-verity tree (SHA-256, 4 KB pages, eight zero bytes of salt) and the length hashed."""
    salted = hashlib.sha256(bytes(8))

    def hash_page(page: memoryview | bytes) -> bytes:
        digest = salted.copy()
        digest.update(page)
        return digest.digest()

    def hash_pages(data: memoryview) -> bytes:
        whole = len(data) - len(data) % PAGE
        hashes = [hash_page(data[at : at + PAGE]) for at in range(0, whole, PAGE)]
        if whole < len(data):
            hashes.append(hash_page(bytes(data[whole:]).ljust(PAGE, b"\0")))
        return b"".join(hashes)

    before, *rest = regions
    # The platform demands that the block starts on a page, so that only the small rest has to be joined.
    level = hash_pages(before) + hash_pages(memoryview(b"".join(rest)))
    while len(level) > PAGE:
        level = hash_pages(memoryview(level))
    length = sum(len(region) for region in regions)
    return hash_page(level.ljust(PAGE, b"\0")) + length.to_bytes(8, "little")
