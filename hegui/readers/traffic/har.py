"""HTTP Archive (HAR 1.2) of browsers, Charles, Fiddler, Insomnia, mitmproxy and others: they agree on little but requests."""

import base64
import binascii
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from hegui.facts.unread import Unread
from hegui.readers.errors import Malformed, one_line
from hegui.readers.traffic.sent import Content, Sent, sent_at_s

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')


def read_har(data: bytes, name: str) -> Content:
    """The entries of a HAR file. What was cut off in the middle gives the entries before the cut, and one unread.

    Raises Malformed when no entry can be found.
    """
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    content = Content("har")
    try:
        log = json.loads(text)["log"]
        entries, cut = log["entries"], ""
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        entries, cut = _before_the_cut(text), one_line(f"{type(error).__name__}: {error}")
    if not isinstance(entries, list) or (cut and not entries):
        raise Malformed(
            f"{name}：不是完整的 HAR（{cut or 'log.entries 不是列表'}）；请从抓包工具重新导出",
            f"{name}: not a whole HAR ({cut or 'log.entries is not a list'}); export it again from the capture tool",
        )
    for number, entry in enumerate(entries, 1):
        content.records += 1
        try:
            content.sent.append(_entry(entry, f"{name}#entry {number}"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            content.not_read(f"{type(error).__name__}: {error}")
    if cut:
        content.records += 1
        content.not_read(f"the file breaks off: {cut}")
    return content


def _before_the_cut(text: str) -> list[Any]:
    found = _ENTRIES.search(text)
    entries: list[Any] = []
    decoder, at = json.JSONDecoder(), found.end() if found else len(text)
    while at < len(text):
        try:
            entry, at = decoder.raw_decode(
                text, at + len(text[at : at + 64]) - len(text[at : at + 64].lstrip(" \t\r\n,"))
            )
        except (ValueError, RecursionError):
            break
        entries.append(entry)
    return entries


def _entry(entry: Any, place: str) -> Sent:
    request = entry["request"]
    url = urlsplit(request["url"])
    if not url.hostname:
        raise ValueError("request.url names no host")
    headers = [(str(one["name"]), str(one["value"])) for one in request.get("headers") or ()]
    gaps: list[Unread] = []
    body = _body(request, headers, gaps)
    messages = [_message(one) for one in entry.get("_webSocketMessages") or () if one.get("type") == "send"]
    status = (entry.get("response") or {}).get("status")
    return Sent(
        _seconds(entry.get("startedDateTime")),
        url.hostname.rstrip("."),
        place,
        str(request.get("method", "")),
        url._replace(scheme="", netloc="", fragment="").geturl() or "/",
        url.scheme in ("https", "wss"),
        protocol="websocket" if url.scheme in ("ws", "wss") or "_webSocketMessages" in entry else "http",
        headers=headers,
        body=body,
        messages=messages,
        size_bytes=_size(request, body, messages),
        # 0 is written for requests that got no answer.
        status=status if isinstance(status, int) and status > 0 else None,
        gaps=gaps,
    )


def _body(request: dict[str, Any], headers: list[tuple[str, str]], gaps: list[Unread]) -> bytes | None:
    posted = request.get("postData") or {}
    text = posted.get("text") or ""
    if not text and posted.get("params"):
        text = urlencode([(one.get("name", ""), one.get("value", "")) for one in posted["params"]])
    if text:
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", str(posted.get("mimeType", ""))))
        if posted.get("encoding") == "base64":
            try:
                return base64.b64decode(text)
            except (binascii.Error, ValueError):
                gaps.append(Unread("CAPTURE_ENCRYPTED", "body: not the Base64 it is said to be"))
        packed = any(name.lower() == "content-encoding" for name, _ in headers)
        # Some tools write bytes as letters of Latin-1.
        if packed and all(one < "\u0100" for one in text):
            return bytes(text, "latin-1")
        return bytes(text, "utf-8", "surrogatepass")
    if isinstance(size := request.get("bodySize"), int) and size > 0:
        gaps.append(Unread("CAPTURE_ENCRYPTED", f"body: {size} bytes were sent and are not in the file"))
    return None


def _message(one: dict[str, Any]) -> bytes:
    data = str(one.get("data", ""))
    if one.get("opcode") == 2:
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            pass
    return data.encode("utf-8", "surrogatepass")


def _size(request: dict[str, Any], body: bytes | None, messages: list[bytes]) -> int:
    told = [one for one in (request.get("headersSize"), request.get("bodySize")) if isinstance(one, int) and one > 0]
    return max(sum(told), len(body or b"")) + sum(len(one) for one in messages)


def _seconds(started: Any) -> float:
    """Seconds since 1970; a time without zone is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(str(started))
    return sent_at_s((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
