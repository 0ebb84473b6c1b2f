"""Small captures as tools write them. All data are invented."""

import json
import struct
from typing import Any

PHONE = "13900001234"


def entry(url: str = "https://api.example.com/v1/login?x=1", **request: Any) -> dict[str, Any]:
    at = request.pop("at", "2026-03-05T09:00:00.500+08:00")
    more: dict[str, Any] = request.pop("more", {})
    made: dict[str, Any] = {
        "startedDateTime": at,
        "request": {"method": "POST", "url": url, "headers": [], **request},
        "response": {"status": 200},
    }
    return made | more


def har(*entries: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def posted(text: str, mime: str = "application/json") -> dict[str, Any]:
    return {"postData": {"mimeType": mime, "text": text}}


def tnetstring(value: Any) -> bytes:
    if isinstance(value, dict):
        body, kind = b"".join(tnetstring(one) for pair in value.items() for one in pair), b"}"
    elif isinstance(value, list):
        body, kind = b"".join(map(tnetstring, value)), b"]"
    elif isinstance(value, bool):
        body, kind = (b"true" if value else b"false"), b"!"
    elif isinstance(value, bytes):
        body, kind = value, b","
    elif isinstance(value, str):
        body, kind = value.encode(), b";"
    elif isinstance(value, int):
        body, kind = str(value).encode(), b"#"
    elif isinstance(value, float):
        body, kind = repr(value).encode(), b"^"
    else:
        body, kind = b"", b"~"
    return str(len(body)).encode() + b":" + body + kind


def flow(content: bytes = b"", path: bytes = b"/a", **more: Any) -> dict[str, Any]:
    request = {
        "method": b"POST", "scheme": b"https", "host": "203.0.113.5", "authority": b"api.example.com:443", "path": path,
        "headers": [[b"content-type", b"application/json"]], "content": content, "timestamp_start": 1772672400.25,
    }  # fmt: skip
    return {"type": "http", "version": 20, "request": request, "response": {"status_code": 204}} | more


# Packets: raw IPv4, without checksums.
PHONE_IP, SERVER_IP, DNS_IP = bytes([10, 0, 0, 2]), bytes([203, 0, 113, 5]), bytes([10, 0, 0, 1])


def ip(source: bytes, target: bytes, protocol: int, data: bytes) -> bytes:
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, protocol, 0, source, target) + data


def tcp(data: bytes, seq: int = 1, flags: int = 0x18, sport: int = 40000, dport: int = 80, back: bool = False) -> bytes:
    ends = (SERVER_IP, PHONE_IP) if back else (PHONE_IP, SERVER_IP)
    ports = (dport, sport) if back else (sport, dport)
    return ip(*ends, 6, struct.pack(">HHIIBBHHH", *ports, seq, 0, 0x50, flags, 65535, 0, 0) + data)


def udp(
    data: bytes, sport: int = 40001, dport: int = 443, source: bytes = PHONE_IP, target: bytes = SERVER_IP
) -> bytes:
    return ip(source, target, 17, struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data)


def dns_question(name: str) -> bytes:
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    return udp(struct.pack(">HHHHHH", 1, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1", dport=53, target=DNS_IP)


def dns_answer(name: str) -> bytes:
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + SERVER_IP
    data = struct.pack(">HHHHHH", 1, 0x8180, 1, 1, 0, 0) + labels + b"\0\0\1\0\1" + answer
    return udp(data, sport=53, dport=40001, source=DNS_IP, target=PHONE_IP)


def client_hello(name: str) -> bytes:
    host = name.encode()
    names = struct.pack(">HBH", len(host) + 3, 0, len(host)) + host
    extensions = struct.pack(">HH", 0, len(names)) + names
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\x01" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    hello = b"\1" + len(body).to_bytes(3) + body
    return b"\x16\3\1" + len(hello).to_bytes(2) + hello


def pcap(*packets: bytes, step_s: int = 1) -> bytes:
    made = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    for number, packet in enumerate(packets):
        made += struct.pack("<IIII", 1772672400 + number * step_s, 0, len(packet), len(packet)) + packet
    return made


# QUIC: the client keys for connection id 8394c8f03e515708 as RFC 9001 (appendix A.1) and RFC 9369 (appendix A.1) print them.
QUIC_ID = bytes.fromhex("8394c8f03e515708")
QUIC_KEYS = {
    0x00000001: ("1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2"),
    0x6B3343CF: ("8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9"),
}


def crypto_frame(offset: int, data: bytes) -> bytes:
    return b"\6" + (0x4000 | offset).to_bytes(2) + (0x4000 | len(data)).to_bytes(2) + data


def quic_initial(frames: bytes, version: int = 1, number: int = 2, connection: bytes = QUIC_ID) -> bytes:
    """A protected Initial packet, made with the printed keys, padded as clients do."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, iv, protection = map(bytes.fromhex, QUIC_KEYS[version])
    frames = frames.ljust(1162, b"\0")
    kind = 0b00 if version == 1 else 0b01
    first = 0xC0 | kind << 4 | 3
    length = (0x4000 | (4 + len(frames) + 16)).to_bytes(2)
    head = bytes([first]) + version.to_bytes(4) + bytes([len(connection)]) + connection + b"\0\0" + length
    packed = number.to_bytes(4)
    nonce = (int.from_bytes(iv) ^ number).to_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, frames, head + packed)
    mask = Cipher(algorithms.AES(protection), modes.ECB()).encryptor().update(sealed[:16])  # noqa: S305
    hidden = bytes(one ^ other for one, other in zip(packed, mask[1:5], strict=True))
    return bytes([first ^ (mask[0] & 0x0F)]) + head[1:] + hidden + sealed
