"""A request as sent → a flow: which personal information is in it, where, in which form."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from hegui.catalogue.recognisers import coordinates, meaning, recognise, trait
from hegui.facts.traffic import Flow, Hit
from hegui.facts.unread import Unread
from hegui.readers.traffic.canaries import Markers
from hegui.readers.traffic.mask import masked
from hegui.readers.traffic.payload import NotCompressed, Opaque, Value, inflated, of_body, of_path, of_query, path_shown
from hegui.readers.traffic.sent import Sent

# Headers that every client sends, or that name the receiver.
_DULL_HEADERS = {
    "accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-encoding", "content-length",
    "content-type", "host", "origin", "pragma", "te", "transfer-encoding", "upgrade", "user-agent",
}  # fmt: skip
_PERSONAL = re.compile(
    r"personali[sz]|limit_?ad|ad_?track|tracking_enabled|recommend_?(?:switch|enable)|non_?personal", re.I
)
_SWITCH = {"true", "false", "0", "1", "on", "off"}
# A flow tells its fields, not every element of a long list.
_FIELDS = 200


def examine(sent: Sent, markers: Markers) -> Flow:
    """The flow of one request, with every value that was recognised masked wherever it stands."""
    raw: dict[str, str] = {}
    hits: dict[tuple[str, str | None, str, str], Hit] = {}
    traits: dict[tuple[str, str], Hit] = {}
    fields: dict[str, None] = {}
    personalised: dict[str, None] = {}
    gaps = sent.gaps
    for part, data, values in _parts(sent):
        place = f"{sent.place} {part}"
        for found in markers.find(data.decode("latin-1")):
            canary = found.canary
            key = (canary.pi_type, canary.id, part, "")
            hits[key] = Hit(canary.pi_type, canary.id, found.encoding, "canary", place, "", masked(canary.value))
            raw[found.text] = masked(found.text)
        taken: list[Value] = []
        try:
            for value in values:
                taken.append(value)
        except Opaque as error:
            # Of a stream that is no text as a whole, the flow itself says so.
            gaps += [Unread("CAPTURE_ENCRYPTED", f"{part}: {error}")] if sent.readable else []
        fields.update((value.key, None) for value in taken if value.key)
        personalised.update((said, None) for value in taken if (said := _personalised(value)))
        seen = list(_recognised(taken))
        with_key = {(hit.pi_type, hit.masked) for hit, _ in seen if hit.key}
        # The same value as a planted marker is that marker; running text holds again what it names.
        with_id = {(hit.pi_type, hit.masked) for hit in hits.values() if hit.canary_id}
        for hit, texts in seen:
            what = (hit.pi_type, hit.masked)
            if what not in with_id and (hit.key or what not in with_key):
                hits.setdefault((hit.pi_type, None, part, hit.key), replace(hit, place=place))
            raw |= {text: masked(text) for text in texts}
        for hit in _traits(taken):
            traits.setdefault((hit.pi_type, part), replace(hit, place=place))
        for value in taken:
            if value.encoding == "clear":
                continue
            for found in markers.find(value.text.encode("utf-8", "replace").decode("latin-1")):
                canary = found.canary
                packed = value.encoding if found.encoding == "clear" else f"{value.encoding}+{found.encoding}"
                hit = Hit(canary.pi_type, canary.id, packed, "canary", place, value.key, masked(canary.value))
                hits.setdefault((canary.pi_type, canary.id, part, ""), hit)
                raw[found.text] = masked(found.text)
    hidden = sorted(raw, key=len, reverse=True)

    def shown(text: str) -> str:
        for value in hidden:
            text = text.replace(value, raw[value])
        return text

    # Traits are no finding alone: of bytes that could not be read as a whole they prove nothing.
    nothing_read = not sent.readable and not hits
    got = tuple(replace(hit, key=shown(hit.key)) for hit in (*hits.values(), *traits.values()))
    return Flow(
        round(sent.t_s * 1000),
        sent.host,
        sent.method,
        shown(path_shown(_path(sent.target))),
        sent.tls,
        sent.readable,
        tuple(shown(one) for one in list(fields)[:_FIELDS]),
        Unread("CAPTURE_ENCRYPTED", f"{sent.protocol}, {sent.size_bytes} bytes not decrypted") if nothing_read else got,
        bytes=sent.size_bytes,
        protocol=sent.protocol,
        status=sent.status,
        place=sent.place,
        gaps=tuple(gaps),
        personalised=tuple(shown(one) for one in personalised),
    )


def _path(target: str) -> str:
    try:
        return urlsplit(target).path
    except ValueError:
        # What begins like an address of a server and is none: //[
        return target.partition("?")[0]


def _parts(sent: Sent) -> Iterator[tuple[str, bytes, Iterable[Value]]]:
    """The parts of a request by name: their bytes, to search for markers, and their values."""
    path, _, query = sent.target.partition("?")
    yield "path", path.encode("utf-8", "replace"), of_path(path)
    if query:
        yield "query", query.encode("utf-8", "replace"), of_query(query.partition("#")[0])
    for name, text in sent.headers:
        if name.lower() not in _DULL_HEADERS and not name.startswith(":"):
            values = of_query(text.replace("; ", "&")) if name.lower() == "cookie" else [Value(name, text)]
            yield f"header {name}", text.encode("utf-8", "replace"), values
    if sent.body:
        yield from _body(sent)
    for number, message in enumerate(sent.messages, 1):
        yield f"message {number}", message, of_body(message, "")


def _body(sent: Sent) -> Iterator[tuple[str, bytes, Iterable[Value]]]:
    body = sent.body or b""
    encoding = sent.header("content-encoding")
    # Proxies often store the body decoded, with the header left as it was.
    if encoding and (body[:2] == b"\x1f\x8b" or not _is_text(body)):
        try:
            body = inflated(body, encoding)
        except NotCompressed:
            # Stored decoded, of bytes that are no text: what can be read in them is read.
            pass
        except Opaque as error:
            sent.gaps.append(Unread("CAPTURE_ENCRYPTED", f"body: {error}"))
            yield "body", body, ()
            return
    yield "body", body, of_body(body, sent.header("content-type"))


def _is_text(data: bytes) -> bool:
    try:
        data[:1024].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end >= min(len(data), 1024)
    return True


def _personalised(value: Value) -> str:
    """ "key=true" for a field that switches personalisation on or off; R48 asks what is sent once the user turned it off."""
    name, said = value.key.rpartition(".")[2], value.text.strip().lower()
    return f"{value.key}={said}" if said in _SWITCH and _PERSONAL.search(name) else ""


def _traits(values: list[Value]) -> Iterator[Hit]:
    """Common traits; their values are no secret and are masked in the hit alone."""
    places: dict[tuple[str, str], int] = {}
    for value in values:
        at = -1
        if value.key.endswith("[]"):
            at = places.get((value.key, value.group), 0)
            places[value.key, value.group] = at + 1
        if kind := trait(value.key, value.text, at):
            yield Hit(kind, None, value.encoding, "form_and_key", "", value.key, masked(value.text))


def _recognised(values: list[Value]) -> Iterator[tuple[Hit, tuple[str, ...]]]:
    """What the recognisers see, with the raw texts that must be masked."""
    degrees: dict[tuple[str, str], dict[str, Value]] = {}
    for value in values:
        for one in recognise(value.key, value.text):
            text = value.text[one.start : one.end]
            encoding = "+".join(filter(None, (value.encoding.replace("clear", ""), one.hashed))) or "clear"
            yield Hit(one.pi_type, None, encoding, one.basis, "", value.key, masked(text)), (text,)
        named = meaning(value.key) & {"latitude", "longitude"}
        if len(named) == 1:
            # Fields of one object share their place; a list of such objects is paired in order.
            both = degrees.setdefault((value.group, value.encoding), {})
            both[next(iter(named))] = value
            if len(both) == 2:
                pair = (both["latitude"].text.strip(), both["longitude"].text.strip())
                if kind := coordinates(*pair):
                    key = both["latitude"].key
                    yield Hit(kind, None, value.encoding, "form_and_key", "", key, masked(",".join(pair))), pair
                both.clear()
