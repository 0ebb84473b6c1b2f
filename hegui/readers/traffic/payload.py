"""What was sent, taken apart into named values: forms, JSON, multipart, and what is packed inside their values."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from hegui.readers.limits import MIB
from hegui.readers.traffic.mask import masked

# Values in values in values occur (a form holding JSON holding Base64 of JSON); deeper nesting is an attack.
_DEPTH = 5
_INFLATED_BYTES = 16 * MIB
# So much of one body is taken apart; markers are searched in all of it.
_BODY_BYTES = 16 * MIB
# Every further value costs time; a body of more is looked at as running text.
_VALUES = 20_000
# The end of a name tells what the value is.
_KEY = 200

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_FORM = re.compile(r"[\w.\[\]%-]{1,64}=[^&\s]*(?:&+[\w.\[\]%-]{1,64}=[^&\s]*)*&*")
_PAIR = re.compile(
    r"""([A-Za-z_][\w.-]{1,40}+)["']?\s?[=:]\s?["']?([^\s"'&,;<>{}]{4,200})|<(\w{2,40})>([^<]{4,200})</"""
)
_READABLE = re.compile(rb"[\x20-\x7e]{6,}")
_BOUNDARY = re.compile(r"""boundary="?([^\s";]{1,70})""")
_NAME = re.compile(rb'name="([^"\r\n]{0,200})"')


@dataclass(frozen=True, slots=True)
class Value:
    """A single value. key: dotted name, "" in running text. group: the object it stands in. encoding: as in facts.Hit."""

    key: str
    text: str
    encoding: str = "clear"
    group: str = ""


class Opaque(Exception):
    """Bytes that are no text: the message says what they look like."""


class NotCompressed(Opaque):
    """Bytes that are not compressed as their content encoding says."""


def of_path(path: str) -> Iterator[Value]:
    """The steps of a path; a step that packs values is taken apart."""
    for step in path.split("/"):
        yield from _of_step(step)


def path_shown(path: str) -> str:
    """The path, with each step that packs values masked: what is in it may not be told."""
    return "/".join(
        masked(step) if any(value.encoding != "clear" for value in _of_step(step)) else unquote(step)
        for step in path.split("/")
    )


def _of_step(step: str) -> Iterator[Value]:
    if step:
        yield from _of_text("", unquote(step), "clear", "", 1)


def of_query(query: str) -> Iterator[Value]:
    for key, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
        yield from _of_text(key, text, "clear", "", 0)


def of_body(body: bytes, mime: str) -> Iterator[Value]:
    """The values of a body. Raises Opaque after those of its beginning, or of its readable strings, when there is more."""
    if len(body) > _BODY_BYTES:
        with suppress(Opaque):
            yield from of_body(body[:_BODY_BYTES], mime)
        raise Opaque(f"of {len(body)} bytes, those after {_BODY_BYTES} were not taken apart")
    if found := _BOUNDARY.search(mime) if "multipart" in mime else None:
        yield from _of_multipart(body, found[1].encode())
        return
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    # Control characters are UTF-8 too: protocol buffers of short strings decode, and are no text.
    if not text or _controls(text) > len(text) // 50:
        for run in _READABLE.findall(body[:_INFLATED_BYTES]):
            yield Value("", run.decode("ascii"))
        raise Opaque(f"{len(body)} bytes that are no text")
    if "urlencoded" in mime and _FORM.match(text):
        yield from of_query(text)
    else:
        yield from _of_text("", text, "clear", "", 0)


def inflated(body: bytes, encoding: str) -> bytes:
    """The body without its content encoding. Raises Opaque when it is broken, too large, or of a kind unknown here."""
    for name in reversed([one.strip().lower() for one in encoding.split(",") if one.strip()]):
        if name == "identity":
            continue
        if name not in ("gzip", "x-gzip", "deflate"):
            raise Opaque(f"{len(body)} bytes of content encoding {name}")
        body = _inflated(body)
    return body


def _inflated(data: bytes) -> bytes:
    # 47 accepts gzip and zlib; some senders of "deflate" leave the header out.
    for window in (47, -15):
        machine = zlib.decompressobj(window)
        try:
            made = machine.decompress(data, _INFLATED_BYTES + 1)
        except zlib.error:
            continue
        if len(made) > _INFLATED_BYTES:
            raise Opaque(f"inflates to more than {_INFLATED_BYTES} bytes")
        if not machine.eof:
            raise Opaque(f"{len(data)} compressed bytes, cut off")
        return made
    raise NotCompressed(f"{len(data)} bytes, not compressed as announced")


def _of_multipart(body: bytes, boundary: bytes) -> Iterator[Value]:
    opaque: list[str] = []
    for part in body.split(b"--" + boundary)[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        found = _NAME.search(head)
        name = found[1].decode("utf-8", "replace") if found else ""
        try:
            for value in of_body(content.removesuffix(b"\r\n"), "") if content.strip() else ():
                yield Value(f"{name}.{value.key}".strip("."), value.text, value.encoding, value.group)
        except Opaque as error:
            opaque.append(f"part {name or '?'}: {error}")
    if opaque:
        raise Opaque("; ".join(opaque[:5]))


def _of_text(key: str, text: str, encoding: str, group: str, depth: int) -> Iterator[Value]:
    """A text as a value, or as what is packed in it."""
    inside = list(_unpacked(key, text, encoding, depth)) if depth < _DEPTH and len(text) >= 4 else []
    if inside:
        yield from inside
        return
    yield Value(key, text, encoding, group)
    # Running text of a whole body: what is written as name=value or <name>value</name> has a name too.
    if not key and depth == 0:
        for number, found in enumerate(_PAIR.finditer(text)):
            if number >= _VALUES:
                break
            yield Value(found[1] or found[3], found[2] or found[4], encoding)


def _unpacked(key: str, text: str, encoding: str, depth: int) -> Iterator[Value]:
    start = text.lstrip()[:1]
    if start in ("{", "["):
        yield from _of_json_text(key, text, encoding, depth)
    elif _FORM.fullmatch(text) and ("&" in text or not key):
        for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
            yield from _of_text(_below(key, name), value, encoding, key, depth + 1)
    elif "%" in text and (plain := unquote(text)) != text:
        yield from _of_text(key, plain, _more(encoding, "url"), key, depth + 1)
    elif _BASE64.fullmatch(text) and (found := _of_base64(text)):
        plain, how = found
        yield from _of_text(key, plain, _more(encoding, how), key, depth + 1)


def _of_json_text(key: str, text: str, encoding: str, depth: int) -> Iterator[Value]:
    try:
        whole = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            # One JSON value a line, as event collectors send them.
            whole = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError):
            return
    for one in whole:
        yield from _of_json(key, one, encoding, "", depth)


def _of_json(key: str, value: Any, encoding: str, group: str, depth: int) -> Iterator[Value]:
    # An own stack instead of recursion: json.loads accepts hundreds of levels.
    stack = [(key, value, group)]
    given = 0
    while stack and given < _VALUES:
        key, value, group = stack.pop()
        if isinstance(value, dict):
            stack += [(_below(key, name), one, key) for name, one in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(f"{key}[]"[-_KEY:], one, key) for one in reversed(value)]
        elif isinstance(value, str):
            given += 1
            yield from _of_text(key, value, encoding, group, depth + 1)
        elif value is not None:
            given += 1
            yield Value(key, json.dumps(value), encoding, group)


def _below(key: str, name: str) -> str:
    return f"{key}.{name[:_KEY]}".strip(".")[-_KEY:]


def _of_base64(text: str) -> tuple[str, str] | None:
    """What Base64 holds, if it is text, and how it was packed."""
    bare = text.rstrip("=")
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), b"-_" if "-" in text or "_" in text else None)
    except (binascii.Error, ValueError):
        return None
    how = "base64"
    if data[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
        try:
            data, how = _inflated(data), "base64+gzip"
        except Opaque:
            return None
    try:
        plain = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (plain, how) if len(plain) >= 6 and not _controls(plain) else None


def _controls(text: str) -> int:
    return sum(1 for one in text[:4096] if one < " " and one not in "\t\r\n")


def _more(encoding: str, how: str) -> str:
    return how if encoding == "clear" else f"{encoding}+{how}"
