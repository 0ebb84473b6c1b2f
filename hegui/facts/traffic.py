"""What left the device: network flows (网络流量)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    """Personal information recognised in a flow. `encoding` says in which form: clear, base64, sha256…"""

    pi_type: str
    canary_id: str | None = None
    encoding: str = "clear"


@dataclass(frozen=True)
class Flow:
    t_ms: int
    host: str
    method: str = ""
    path: str = ""
    tls: bool = True
    decrypted: bool = False
    fields: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    origin: str = "unknown"
    bytes: int = 0


@dataclass(frozen=True)
class Net:
    flows: tuple[Flow, ...] = ()
