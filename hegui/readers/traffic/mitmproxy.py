"""Flow files of mitmproxy, versions 2 to 11: typed netstrings (tnetstring), one dictionary for each flow.

`12:…payload…X`: the length of the payload in digits, a colon, the payload, and one character that tells its type.
"""

from collections.abc import Callable
from typing import Any

from hegui.readers.traffic.sent import Content, Sent, sent_at_s

_DEPTH = 40
_LENGTH_DIGITS = 12


def read_mitmproxy(data: bytes, name: str) -> Content:
    """All flows; what follows a broken one cannot be found, so it is one unread record."""
    content = Content("mitmproxy")
    at = 0
    while at < len(data):
        content.records += 1
        try:
            flow, at = _value(data, at, 0)
        except (ValueError, RecursionError) as error:
            content.not_read(f"from byte {at} on: {error}")
            break
        try:
            _take(flow, f"{name}#flow {content.records}", content)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            content.not_read(f"{type(error).__name__}: {error}")
    return content


def _take(flow: dict[str, Any], place: str, content: Content) -> None:
    kind = _text(flow.get("type", ""))
    if kind == "http":
        content.sent.append(_http(flow, place))
    elif kind in ("tcp", "udp"):
        content.sent.append(_stream(flow, kind, place))
    elif kind == "dns":
        request = flow["request"]
        at_s = sent_at_s(request.get("timestamp"))
        content.lookups += [(at_s, _text(one["name"]).rstrip("."), place) for one in request["questions"]]
    else:
        raise ValueError(f"a flow of type {kind!r}")


def _http(flow: dict[str, Any], place: str) -> Sent:
    request = flow["request"]
    headers = [(_text(name), _text(value)) for name, value in request.get("headers") or ()]
    body = request.get("content")
    body = body if isinstance(body, bytes) else _text(body).encode() if body else None
    socket = flow.get("websocket") or {}
    # [kind, from the client, content, time, …]
    messages = [_bytes(one[2]) for one in socket.get("messages") or () if one[1]]
    named = next((value for name, value in headers if name.lower() == "host"), "")
    # In transparent mode the request knows only an address; the name stands in the headers.
    host = _text(request.get("authority") or b"") or named or _text(request["host"])
    status = (flow.get("response") or {}).get("status_code")
    return Sent(
        sent_at_s(request.get("timestamp_start")),
        _without_port(host),
        place,
        _text(request["method"]),
        _text(request["path"]),
        _text(request["scheme"]) in ("https", "wss"),
        protocol="websocket" if socket else "http",
        headers=headers,
        body=body,
        messages=messages,
        size_bytes=sum(len(name) + len(value) + 4 for name, value in headers)
        + len(body or b"")
        + sum(map(len, messages)),
        status=status if isinstance(status, int) else None,
    )


def _stream(flow: dict[str, Any], kind: str, place: str) -> Sent:
    server = flow["server_conn"]
    host = _text(server.get("sni") or "") or _text((server.get("address") or ["?"])[0])
    messages = [_bytes(one[1]) for one in flow.get("messages") or () if one[0]]
    tls = bool(server.get("tls") or server.get("tls_established"))
    return Sent(
        sent_at_s(server.get("timestamp_start")),
        host,
        place,
        tls=tls,
        readable=False,
        protocol="tcp" if kind == "tcp" else "udp",
        messages=messages,
        size_bytes=sum(map(len, messages)),
    )


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() and not name.endswith(":") else host).strip("[]").rstrip(".")


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


_PLAIN: dict[int, Callable[[bytes], Any]] = {
    ord(","): bytes,
    ord(";"): lambda data: data.decode("utf-8", "replace"),
    ord("#"): int,
    ord("^"): float,
    ord("!"): lambda data: data == b"true",
    ord("~"): lambda data: None,
}


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """A value and where it ends. Raises ValueError."""
    colon = data.find(b":", at, at + _LENGTH_DIGITS + 1)
    if colon < 0 or not data[at:colon].isdigit():
        raise ValueError("no length of a tnetstring")
    start, end = colon + 1, colon + 1 + int(data[at:colon])
    if end >= len(data):
        raise ValueError("a tnetstring longer than the file")
    kind = data[end]
    if kind in _PLAIN:
        return _PLAIN[kind](data[start:end]), end + 1
    if depth >= _DEPTH or kind not in b"]}":
        raise ValueError(f"a tnetstring of type {chr(kind)!r}")
    items = []
    while start < end:
        item, start = _value(data, start, depth + 1)
        items.append(item)
    if start != end:
        raise ValueError("items that reach beyond their list")
    if kind == ord("]"):
        return items, end + 1
    if len(items) % 2 or any(isinstance(key, list | dict) for key in items[::2]):
        raise ValueError("a dictionary whose keys and values do not pair")
    return {_text(key): value for key, value in zip(items[::2], items[1::2], strict=True)}, end + 1


def is_mitmproxy(head: bytes) -> bool:
    """Whether a file begins as a tnetstring that holds tnetstrings."""
    length, colon, rest = head[:64].partition(b":")
    inner = rest.partition(b":")
    return bool(colon and length.isdigit() and inner[1] and inner[0].isdigit())
