"""Packet captures (pcap, pcapng): DNS questions, server names of TLS and QUIC, HTTP/1 requests; the rest by its outside.

What the phone sent is told by who opened the connection: the first SYN, else the side with the higher port.
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Any

import dpkt

from hegui.facts.traffic import Protocol
from hegui.facts.unread import Unread
from hegui.readers.errors import Malformed, one_line
from hegui.readers.traffic import quic
from hegui.readers.traffic.packets import Packet, packets
from hegui.readers.traffic.sent import Content, Sent, sent_at_s
from hegui.readers.traffic.streams import TLS_HANDSHAKE, Stream, http_requests, server_name

_LINKS: dict[int, Any] = {
    dpkt.pcap.DLT_EN10MB: dpkt.ethernet.Ethernet,
    dpkt.pcap.DLT_LINUX_SLL: dpkt.sll.SLL,
    dpkt.pcap.DLT_LINUX_SLL2: dpkt.sll2.SLL2,
    dpkt.pcap.DLT_NULL: dpkt.loopback.Loopback,
    dpkt.pcap.DLT_LOOP: dpkt.loopback.Loopback,
}
# Raw IP has several numbers, of which the one by writing system.
_RAW = {12, 14, 101, 228, 229}
_SHOWN_LINKS = 3
_DNS, _HTTPS = 53, 443
# RFC 9113, 3.4: every HTTP/2 connection begins so; its headers are compressed, so nothing of it reads as text.
_HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_BROKEN = (dpkt.UnpackError, ValueError, IndexError, AttributeError, KeyError)

_Ends = tuple[bytes, int, bytes, int]


@dataclass
class _Datagrams:
    first_s: float
    number: int
    protocol: Protocol
    parts: list[bytes] = field(default_factory=list)
    size_bytes: int = 0


@dataclass
class _Capture:
    content: Content
    name: str
    streams: dict[_Ends, Stream] = field(default_factory=dict)
    datagrams: dict[_Ends, _Datagrams] = field(default_factory=dict)
    # Addresses by the name that the phone asked for.
    names: dict[bytes, str] = field(default_factory=dict)


def read_pcap(data: bytes, name: str) -> Content:
    """The connections of a capture. A file cut off in the middle gives the packets before. Raises Malformed."""
    capture = _Capture(Content("pcap"), name)
    content = capture.content
    links = set()
    try:
        for packet in packets(data):
            content.records += 1
            links.add(packet.link)
            try:
                _packet(sent_at_s(packet.at_s), _ip(packet), content.records, capture)
            except _BROKEN as error:
                content.not_read(f"{type(error).__name__}: {error}")
    except ValueError as error:
        if not content.records:
            raise Malformed(
                f"{name}：抓包文件头损坏（{one_line(error)}）；请重新导出为 pcap 或 pcapng",
                f"{name}: the head of the capture is broken ({one_line(error)}); export it again as pcap or pcapng",
            ) from None
        content.records += 1
        content.not_read(f"the file breaks off: {error}")
    if links and not links & {*_LINKS, *_RAW}:
        link = "、".join(map(str, sorted(links)[:_SHOWN_LINKS]))
        raise Malformed(
            f"{name}：链路类型 {link} 不支持；请在网卡上抓取，或用 editcap 转成以太网或 RAW IP",
            f"{name}: link type {link} is not read; capture on a network interface, or convert to Ethernet or raw IP",
        )
    _finish(capture)
    return content


def _ip(packet: Packet) -> Any:
    if packet.link in _RAW:
        return dpkt.ip6.IP6(packet.data) if packet.data[:1] >= b"\x60" else dpkt.ip.IP(packet.data)
    if packet.link not in _LINKS:
        raise ValueError(f"a packet of link type {packet.link}")
    return _LINKS[packet.link](packet.data).data


def _packet(at_s: float, ip: Any, number: int, capture: _Capture) -> None:
    """Take one packet in. ARP, ICMP and the like carry nothing of a user and are passed over."""
    if not isinstance(ip, dpkt.ip.IP | dpkt.ip6.IP6):
        return
    if isinstance(ip, dpkt.ip.IP) and (ip.mf or ip.offset):
        raise ValueError("a fragment of an IP packet")
    data = ip.data
    if isinstance(data, dpkt.tcp.TCP):
        _tcp(at_s, ip, data, number, capture)
    elif isinstance(data, dpkt.udp.UDP):
        _udp(at_s, ip, data, number, capture)
    elif isinstance(data, bytes) and ip.p in (dpkt.ip.IP_PROTO_TCP, dpkt.ip.IP_PROTO_UDP):
        # dpkt leaves bytes it could not take apart.
        raise ValueError("a TCP or UDP header that is cut off")


def _tcp(at_s: float, ip: Any, tcp: Any, number: int, capture: _Capture) -> None:
    ends, back = (ip.src, tcp.sport, ip.dst, tcp.dport), (ip.dst, tcp.dport, ip.src, tcp.sport)
    syn, ack = tcp.flags & dpkt.tcp.TH_SYN, tcp.flags & dpkt.tcp.TH_ACK
    if syn and not ack and ends in capture.streams and capture.streams[ends].parts:
        # A port used again: the connection before it is over.
        _close(ends, capture.streams.pop(ends), capture)
    if ends not in capture.streams and back not in capture.streams:
        opened = bool(syn and not ack) or (not syn and tcp.sport > tcp.dport) or (tcp.sport == tcp.dport)
        capture.streams[ends if opened else back] = Stream(at_s, number)
    if stream := capture.streams.get(ends):
        # A stretch a snap length cut off must not be taken for the whole.
        missing = (
            max(0, ip.len - ip.hl * 4 - tcp.off * 4 - len(tcp.data)) if isinstance(ip, dpkt.ip.IP) and ip.len else 0
        )
        stream.add(at_s, tcp.seq, bytes(tcp.data), bool(syn), missing)


def _udp(at_s: float, ip: Any, udp: Any, number: int, capture: _Capture) -> None:
    if _DNS in (udp.sport, udp.dport):
        _dns(at_s, bytes(udp.data), number, capture)
        return
    ends, back = (ip.src, udp.sport, ip.dst, udp.dport), (ip.dst, udp.dport, ip.src, udp.sport)
    if _stays_on_the_link(ip.dst):
        return
    if ends not in capture.datagrams and back not in capture.datagrams:
        to_server = udp.sport >= udp.dport
        is_quic = _HTTPS in (udp.sport, udp.dport) and _is_quic(bytes(udp.data))
        capture.datagrams[ends if to_server else back] = _Datagrams(at_s, number, "quic" if is_quic else "udp")
    if ends not in capture.datagrams:
        return
    data, taken = bytes(udp.data), capture.datagrams[ends]
    taken.parts.append(data)
    taken.size_bytes += len(data)


def _stays_on_the_link(address: bytes) -> bool:
    """Multicast and broadcast: discovery of neighbours, received by no server."""
    return address == b"\xff" * 4 or ipaddress.ip_address(address).is_multicast


def _is_quic(data: bytes) -> bool:
    """RFC 9000, 17.2: connections begin with a long header, whose two highest bits are set; before, Google wrote Q0nn."""
    return len(data) >= 13 and (data[0] >= 0xC0 or (data[9:10] == b"Q" and data[10:13].isdigit()))


def _dns(at_s: float, data: bytes, number: int, capture: _Capture) -> None:
    message = dpkt.dns.DNS(data)
    if message.qr == dpkt.dns.DNS_Q:
        place = f"{capture.name}#packet {number}"
        capture.content.lookups += [(at_s, _host(one.name), place) for one in message.qd]
        return
    asked = _host(message.qd[0].name) if message.qd else ""
    for answer in message.an:
        if answer.type in (dpkt.dns.DNS_A, dpkt.dns.DNS_AAAA) and asked:
            capture.names[bytes(answer.rdata)] = asked


def _finish(capture: _Capture) -> None:
    for ends, stream in capture.streams.items():
        _close(ends, stream, capture)
    for (_, _, server, port), one in capture.datagrams.items():
        if not one.parts:
            continue
        named = quic.server_name(one.parts) if one.protocol == "quic" else ""
        host = named or capture.names.get(server) or str(ipaddress.ip_address(server))
        capture.content.sent.append(
            Sent(
                one.first_s,
                host,
                f"{capture.name}#packet {one.number}, UDP port {port}",
                tls=one.protocol == "quic",
                readable=False,
                protocol=one.protocol,
                messages=one.parts if one.protocol == "udp" else (),
                size_bytes=one.size_bytes,
            )
        )
    capture.content.sent.sort(key=lambda one: one.t_s)


def _close(ends: _Ends, stream: Stream, capture: _Capture) -> None:
    _, _, server, port = ends
    data, whole, times = stream.joined()
    if not data:
        return
    named = capture.names.get(server) or str(ipaddress.ip_address(server))
    place = f"{capture.name}#packet {stream.number}, TCP port {port}"
    content = capture.content
    if (sni := server_name(data)) is not None:
        tls = Sent(stream.first_s, sni or named, place, readable=False, protocol="tls", size_bytes=stream.size_bytes)
        if data[0] != TLS_HANDSHAKE:
            tls.gaps.append(Unread("CAPTURE_ENCRYPTED", "open before the capture began; its server name is not known"))
        content.sent.append(tls)
    elif requests := http_requests(data, whole, times):
        for number, request in enumerate(requests, 1):
            request.tls = False
            request.host = request.host or named
            request.place = f"{place}, request {number}"
            content.sent.append(request)
    else:
        other = Sent(
            stream.first_s,
            named,
            place,
            tls=False,
            readable=False,
            protocol="tcp",
            messages=[data],
            size_bytes=stream.size_bytes,
        )
        if data.startswith(_HTTP2):
            other.gaps.append(Unread("CAPTURE_ENCRYPTED", "HTTP/2 without TLS (h2c): seen, its requests are not read"))
        content.sent.append(other)


def _host(name: Any) -> str:
    return str(name).rstrip(".").lower()
