"""The server name of a QUIC connection: its first packets are protected with keys that anyone can derive (RFC 9001, 5.2).

Read are versions 1 (RFC 9000) and 2 (RFC 9369). All later packets stay encrypted, as they should.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from hegui.readers.traffic.streams import name_in_hello

# A greeting of a browser fills two packets; more Initial packets than this are none.
_MOST_PACKETS = 12
_LONGEST_HELLO = 1 << 16
_LONG_HEADER, _FIXED = 0x80, 0x40
_PADDING, _PING, _ACK, _ACK_ECN, _CRYPTO = 0, 1, 2, 3, 6


@dataclass(frozen=True)
class _Version:
    """What tells the versions apart: salt, the label before key names, the two type bits of an Initial packet."""

    salt: bytes
    label: bytes
    initial: int


_VERSIONS = {
    0x00000001: _Version(bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), b"quic ", 0b00),
    0x6B3343CF: _Version(bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), b"quicv2 ", 0b01),
}


@dataclass(frozen=True)
class _Keys:
    key: bytes
    iv: bytes
    header: bytes


@dataclass(frozen=True)
class _Initial:
    """A protected Initial packet. `number_at`: where its packet number begins; `data` ends with the packet."""

    version: _Version
    connection: bytes
    data: bytes
    number_at: int


def server_name(datagrams: Iterable[bytes]) -> str:
    """The name in the greeting that the client's datagrams hold; "" when there is none, or it cannot be read."""
    pieces: dict[int, bytes] = {}
    first: bytes | None = None
    for number, packet in enumerate(_initials(datagrams)):
        if number == _MOST_PACKETS:
            break
        # The keys stay those of the first packet, also when the server has chosen another id; a Retry begins anew.
        first = first if first is not None else packet.connection
        payload = _opened(packet, first) or _opened(packet, packet.connection)
        if payload is None:
            continue
        try:
            pieces |= dict(_crypto(payload))
        except IndexError:
            # A frame that is cut off; what stood before it is kept by the next packets.
            continue
        if name := name_in_hello(_joined(pieces)):
            return name
    return ""


def _initials(datagrams: Iterable[bytes]) -> Iterator[_Initial]:
    """The Initial packets of version 1 and 2; several packets may share a datagram."""
    for data in datagrams:
        at = 0
        while at + 7 <= len(data) and data[at] & _LONG_HEADER and data[at] & _FIXED:
            try:
                packet, at = _packet(data, at)
            except IndexError:
                break
            if packet is not None:
                yield packet


def _packet(data: bytes, start: int) -> tuple[_Initial | None, int]:
    """The long-header packet at `start` (None unless an Initial one), and where it ends. Raises IndexError."""
    version = _VERSIONS.get(int.from_bytes(data[start + 1 : start + 5]))
    at = start + 5
    connection = data[at + 1 : at + 1 + data[at]]
    at += 1 + data[at]
    at += 1 + data[at]
    if version is None:
        return None, len(data)
    is_initial = (data[start] >> 4) & 3 == version.initial
    if is_initial:
        size, at = _number(data, at)
        at += size
    size, at = _number(data, at)
    end = at + size
    # A Retry has no length of its own, so that what is read here as one reaches beyond the datagram.
    if end > len(data):
        raise IndexError("a packet longer than its datagram")
    return (_Initial(version, connection, data[start:end], at - start) if is_initial else None), end


def _opened(packet: _Initial, connection: bytes) -> bytes | None:
    """The frames of a packet; None when these are not its keys. Source: RFC 9001, 5.3 and 5.4."""
    keys = _keys(packet.version, connection)
    at = packet.number_at
    sample = packet.data[at + 4 : at + 20]
    if len(sample) < 16:
        return None
    # Header protection is one block, so no chaining is at stake.
    mask = Cipher(algorithms.AES(keys.header), modes.ECB()).encryptor().update(sample)  # noqa: S305  # nosec B305
    first = packet.data[0] ^ (mask[0] & 0x0F)
    size = (first & 3) + 1
    number = bytes(one ^ other for one, other in zip(packet.data[at : at + size], mask[1:], strict=False))
    head = bytes([first]) + packet.data[1:at] + number
    nonce = (int.from_bytes(keys.iv) ^ int.from_bytes(number)).to_bytes(12)
    try:
        return AESGCM(keys.key).decrypt(nonce, packet.data[at + size :], head)
    except (InvalidTag, ValueError):
        return None


@lru_cache(maxsize=256)
def _keys(version: _Version, connection: bytes) -> _Keys:
    """The client's keys for a destination connection id."""
    secret = _expanded(_hmac(version.salt, connection), b"client in", 32)
    label = version.label
    return _Keys(*(_expanded(secret, label + name, size) for name, size in ((b"key", 16), (b"iv", 12), (b"hp", 16))))


def _expanded(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label of TLS 1.3 (RFC 8446, 7.1) for at most one block of SHA-256."""
    full = b"tls13 " + label
    return _hmac(secret, size.to_bytes(2) + bytes([len(full)]) + full + b"\0" + b"\1")[:size]


def _hmac(key: bytes, data: bytes) -> bytes:
    made = HMAC(key, SHA256())
    made.update(data)
    return made.finalize()


def _crypto(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """The pieces of the greeting by their offset. Raises IndexError. Source: RFC 9000, 19."""
    at = 0
    while at < len(payload):
        kind = payload[at]
        at += 1
        if kind in (_PADDING, _PING):
            continue
        if kind in (_ACK, _ACK_ECN):
            at = _after_ack(payload, at, kind == _ACK_ECN)
            continue
        if kind != _CRYPTO:
            return
        offset, at = _number(payload, at)
        size, at = _number(payload, at)
        if offset + size <= _LONGEST_HELLO:
            yield offset, payload[at : at + size]
        at += size


def _after_ack(payload: bytes, at: int, counts: bool) -> int:
    _, at = _number(payload, at)
    _, at = _number(payload, at)
    ranges, at = _number(payload, at)
    for _ in range(1 + 2 * ranges + (3 if counts else 0)):
        _, at = _number(payload, at)
    return at


def _joined(pieces: dict[int, bytes]) -> bytes:
    """What there is without a gap from the beginning: browsers shuffle the pieces."""
    made = bytearray()
    for offset, data in sorted(pieces.items()):
        if offset > len(made):
            break
        made[offset : offset + len(data)] = data
    return bytes(made)


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length and where it ends. Raises IndexError. Source: RFC 9000, 16."""
    size = 1 << (data[at] >> 6)
    if at + size > len(data):
        raise IndexError("a number that is cut off")
    return int.from_bytes(data[at : at + size]) & ((1 << (8 * size - 2)) - 1), at + size
