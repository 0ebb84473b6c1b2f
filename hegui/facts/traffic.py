"""What left the device: network flows (网络流量). Values are masked; no raw value of a capture is ever a fact."""

from dataclasses import dataclass
from typing import Literal

from hegui.facts.unread import Unread

# The transport as far as it was recognised. tcp and udp: something else, of which only the raw bytes were searched.
Protocol = Literal["http", "websocket", "tls", "quic", "tcp", "udp"]

# What a hit rests on: a planted marker; check digits and a closed form; the form of the value and the name of its field.
Basis = Literal["canary", "check_digits", "form_and_key"]


@dataclass(frozen=True)
class Hit:
    """Personal information recognised in what was sent.

    encoding: in which form: clear, url, base64, hex, gzip, md5, sha1, sha256; nested ones joined by "+", outermost first.
    place: "capture.har#entry 12 body"; key: the dotted name of the field there; masked: the value, masked.
    """

    pi_type: str
    canary_id: str | None = None
    encoding: str = "clear"
    basis: Basis = "form_and_key"
    place: str = ""
    key: str = ""
    masked: str = ""


@dataclass(frozen=True)
class Flow:
    """One request, or one connection of which only the outside is readable. Only what the device sent is looked at.

    t_ms: since the start of its capture. path: without the query. bytes: sent, as far as the capture holds them.
    hits: () when all that was sent could be read and nothing was recognised; Unread(CAPTURE_ENCRYPTED) when nothing could
    be read. gaps: parts of an otherwise readable request that could not be; without hits there, nothing is known of them.
    personalised: fields that say whether the sender wants personalisation, as "key=true"; fields: the names of all.
    origin: who sent it, which a capture does not tell. recipient: the catalogue's SDK whose servers the host is among.
    status: of the answer; None when none was seen, so that the request may not have arrived.
    """

    t_ms: int
    host: str
    method: str = ""
    path: str = ""
    tls: bool = True
    decrypted: bool = False
    fields: tuple[str, ...] = ()
    hits: tuple[Hit, ...] | Unread = ()
    origin: str = "unknown"
    bytes: int = 0
    recipient: str = ""
    protocol: Protocol = "http"
    status: int | None = None
    place: str = ""
    gaps: tuple[Unread, ...] = ()
    personalised: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lookup:
    """A DNS question (域名查询): the app wanted to reach that host. `t_ms` since the start of its capture."""

    t_ms: int
    host: str
    place: str = ""


@dataclass(frozen=True)
class Capture:
    """One capture file. `started_at` (ISO 8601, UTC) is where its t_ms begin; `records` are its entries or packets.

    run_id: of the run it belongs to, if somebody noted it beside the file. uncertainty_ms: how far its clock may be off.
    """

    source: str
    format: Literal["har", "pcap", "mitmproxy"]
    started_at: str = ""
    run_id: str = ""
    records: int = 0
    records_unread: int = 0
    uncertainty_ms: int = 0


@dataclass(frozen=True)
class Net:
    """`canaries` are the ids of the planted markers that were looked for; without any, absence says little (NO_CANARY)."""

    flows: tuple[Flow, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    captures: tuple[Capture, ...] = ()
    canaries: tuple[str, ...] = ()
