"""Captures through the confined child: what is read, recognised, masked, and what is said of the rest."""

import base64
import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import dpkt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts import is_read
from hegui.facts.json import adapter
from hegui.facts.traffic import Flow, Hit, Net
from hegui.facts.unread import Unread
from hegui.readers.errors import Malformed, ReadError
from hegui.readers.limits import Limits
from hegui.readers.traffic.canaries import Canary, Markers, checked
from hegui.readers.traffic.read import _flows, begin
from hegui.readers.traffics import read_traffic
from tests.readers.traffic import captures
from tests.readers.traffic.captures import PHONE, entry, har, posted

CONTACT = Canary("c1", "contacts", PHONE)


def net(folder: Path, data: bytes, *canaries: Canary, beside: str = "") -> Net:
    path = folder / "a.cap"
    path.write_bytes(data)
    if beside:
        (folder / "a.cap.run.toml").write_text(beside, "utf-8")
    part = read_traffic([path], canaries)
    assert is_read(part.value), part.stages
    return part.value


def hits(flow: Flow) -> tuple[Hit, ...]:
    assert isinstance(flow.hits, tuple), flow.hits
    return flow.hits


def examined(data: bytes, folder: Path, *canaries: Canary) -> list[Flow]:
    """In this process, for the many cases."""
    path = folder / "a.cap"
    path.write_bytes(data)
    given = [(one.id, one.pi_type, one.value) for one in canaries]
    made: Any = _flows(begin(path, Limits(), {"canaries": given}))
    fields = made if isinstance(made, dict) else made.fields
    return list(fields["examined"].flows)


def test_a_har_becomes_flows_with_hits_and_their_receivers(tmp_path: Path) -> None:
    body = json.dumps({"user": {"phone": PHONE}, "list": [1]})
    got = net(
        tmp_path, har(entry("https://api2.branch.io/v1/open?os=Android", **posted(body)), entry("http://example.com/"))
    )
    first, second = got.flows
    assert (first.host, first.method, first.path, first.tls, first.decrypted, first.t_ms) == (
        "api2.branch.io", "POST", "/v1/open", True, True, 0,
    )  # fmt: skip
    assert (first.recipient, first.origin, first.status) == ("io.branch", "unknown", 200)
    assert first.fields == ("os", "user.phone", "list[]")
    assert hits(first) == (
        Hit("account.phone", None, "clear", "form_and_key", "a.cap#entry 1 body", "user.phone", "13********4"),
    )
    assert (second.tls, hits(second)) == (False, ())
    assert got.captures[0].started_at == "2026-03-05T01:00:00.500+00:00"


def test_no_raw_value_leaves_the_reader(tmp_path: Path) -> None:
    odd = entry(f"https://a.example.com/u/{PHONE}/x?phone={PHONE}", **posted(json.dumps({"phone": PHONE, PHONE: 1})))
    for canaries in ((), (CONTACT,)):
        got = net(tmp_path, har(odd), *canaries)
        assert PHONE not in adapter(Net).dump_json(got).decode()
        assert hits(got.flows[0])


@pytest.mark.parametrize(
    ("encoding", "made"),
    [
        ("clear", PHONE),
        ("clear", f"+86{PHONE}"),
        ("base64", base64.b64encode(f"a={PHONE};".encode()).decode()),
        ("hex", PHONE.encode().hex()),
        ("md5", hashlib.md5(PHONE.encode(), usedforsecurity=False).hexdigest()),
        ("md5", hashlib.md5(PHONE.encode(), usedforsecurity=False).hexdigest().upper()),
        ("sha1", hashlib.sha1(PHONE.encode(), usedforsecurity=False).hexdigest()),
        ("sha256", hashlib.sha256(f"+86{PHONE}".encode()).hexdigest()),
        ("sha256", base64.b64encode(hashlib.sha256(PHONE.encode()).digest()).decode()),
        ("base64+gzip", base64.b64encode(gzip.compress(json.dumps({"n": PHONE}).encode(), mtime=0)).decode()),
    ],
)
def test_a_marker_is_found_in_every_form(tmp_path: Path, encoding: str, made: str) -> None:
    (flow,) = examined(har(entry(**posted(json.dumps({"zz": made})))), tmp_path, CONTACT)
    assert [(hit.canary_id, hit.encoding, hit.pi_type) for hit in hits(flow)] == [("c1", encoding, "contacts")]


@pytest.mark.parametrize(
    "made", [f"9{PHONE}", f"{PHONE}5", "a" + hashlib.md5(PHONE.encode(), usedforsecurity=False).hexdigest()]
)
def test_a_marker_within_a_longer_number_is_none(tmp_path: Path, made: str) -> None:
    (flow,) = examined(har(entry(**posted(json.dumps({"zz": made})))), tmp_path, CONTACT)
    assert hits(flow) == ()


def test_a_planted_place_is_found_in_two_fields(tmp_path: Path) -> None:
    place = Canary("p", "location.precise", "48.208176,16.373819")
    for body in ({"a": 48.2081763, "b": "16.37381"}, {"a": 48.2082, "b": 16.3738}):
        (flow,) = examined(har(entry(**posted(json.dumps(body)))), tmp_path, place)
        assert [(hit.canary_id, hit.masked) for hit in hits(flow)] == [("p", "48.****,16.****")]


def test_text_in_chinese_is_found_in_its_encodings(tmp_path: Path) -> None:
    sms = Canary("s", "sms", "蓝色灯笼九号")
    for body in (json.dumps({"m": sms.value}), json.dumps({"m": sms.value}, ensure_ascii=False)):
        (flow,) = examined(har(entry(**posted(body))), tmp_path, sms)
        assert [hit.canary_id for hit in hits(flow)] == ["s"]


def test_switches_of_personalisation_are_told(tmp_path: Path) -> None:
    body = json.dumps({"ad": {"personalized": True, "person": True}, "isPersonalisation": "0"})
    (flow,) = examined(har(entry("https://a.example.com/?limit_ad=1", **posted(body))), tmp_path)
    assert flow.personalised == ("limit_ad=1", "ad.personalized=true", "isPersonalisation=0")


def test_pairs_of_coordinates_are_one_hit(tmp_path: Path) -> None:
    body = json.dumps({"here": {"lat": 31.230416, "lng": 121.473701}, "zoom": {"lat": 1.5}})
    (flow,) = examined(har(entry(**posted(body))), tmp_path)
    assert [(hit.pi_type, hit.key, hit.masked) for hit in hits(flow)] == [
        ("location.precise", "here.lat", "31.****,121.****")
    ]


@pytest.mark.parametrize(
    ("mime", "text"),
    [
        ("application/x-www-form-urlencoded", f"a=1&phone={PHONE}&"),
        ("text/plain", f"<u><phone>{PHONE}</phone></u>"),
        ("application/x-www-form-urlencoded", 'd={"e":"{\\"phone\\":\\"' + PHONE + '\\"}"}'),
        (
            "multipart/form-data; boundary=xx",
            f'--xx\r\nContent-Disposition: form-data; name="phone"\r\n\r\n{PHONE}\r\n--xx--\r\n',
        ),
        ("application/json", f'{{"phone":"{PHONE}"}}\n{{"b":2}}'),
    ],
)
def test_every_form_of_body_is_taken_apart(tmp_path: Path, mime: str, text: str) -> None:
    (flow,) = examined(har(entry(**posted(text, mime))), tmp_path)
    assert [hit.pi_type for hit in hits(flow)] == ["account.phone"]


def test_a_body_that_is_no_text_is_a_gap_and_not_nothing_found(tmp_path: Path) -> None:
    raw = base64.b64encode(bytes(range(128, 256))).decode()
    cases = (
        {"postData": {"mimeType": "x", "text": raw, "encoding": "base64"}},
        {"bodySize": 900},
        {"headers": [{"name": "Content-Encoding", "value": "br"}], "postData": {"text": raw, "encoding": "base64"}},
    )
    for request in cases:
        (flow,) = examined(har(entry(**request)), tmp_path)
        assert [gap.reason for gap in flow.gaps] == ["CAPTURE_ENCRYPTED"], request


def test_a_compressed_body_is_inflated_within_bounds(tmp_path: Path) -> None:
    headers = [{"name": "Content-Encoding", "value": "gzip"}]
    for data, found in (
        (gzip.compress(json.dumps({"phone": PHONE}).encode(), mtime=0), 1),
        (gzip.compress(bytes(40 << 20)), 0),
    ):
        text = base64.b64encode(data).decode()
        (flow,) = examined(har(entry(headers=headers, postData={"text": text, "encoding": "base64"})), tmp_path)
        assert (len(hits(flow)), len(flow.gaps)) == (found, 1 - found)


def test_only_what_was_sent_through_a_websocket_counts(tmp_path: Path) -> None:
    messages = [
        {"type": "receive", "opcode": 1, "data": json.dumps({"phone": PHONE})},
        {"type": "send", "opcode": 1, "data": json.dumps({"tel": PHONE})},
    ]
    (flow,) = examined(har(entry(more={"_webSocketMessages": messages})), tmp_path)
    assert (flow.protocol, [hit.key for hit in hits(flow)]) == ("websocket", ["tel"])


def test_a_har_cut_off_keeps_what_lies_before(tmp_path: Path) -> None:
    whole = har(entry(), entry(), entry())
    path = tmp_path / "a.har"
    path.write_bytes(b"\xef\xbb\xbf" + whole[:-20])
    part = read_traffic([path])
    assert is_read(part.value)
    assert len(part.value.flows) == 2
    assert (part.stages[0].state, part.stages[0].reason) == ("partial", "ROWS_UNREAD")
    assert part.value.captures[0].records_unread == 1


def test_an_entry_that_is_none_is_counted(tmp_path: Path) -> None:
    got = net(tmp_path, har(entry(), {"request": {"url": "x"}}, 7, entry(at="yesterday")))
    assert (len(got.flows), got.captures[0].records, got.captures[0].records_unread) == (1, 4, 3)


def test_mitmproxy_flows(tmp_path: Path) -> None:
    sock = {"messages": [[1, True, f'{{"phone":"{PHONE}"}}'.encode(), 1.0, False], [1, False, b"x", 1.0, False]]}
    raw = {
        "type": "tcp", "server_conn": {"address": ["203.0.113.9", 5222], "timestamp_start": 1772672401.0},
        "messages": [[True, b"\x00\x01", 1.0]],
    }  # fmt: skip
    asked = {"type": "dns", "request": {"timestamp": 1772672402.0, "questions": [{"name": "push.example.com"}]}}
    flows = [captures.flow(f'{{"phone":"{PHONE}"}}'.encode()), captures.flow(websocket=sock), raw, asked]
    got = net(tmp_path, b"".join(map(captures.tnetstring, flows)) + b"99:cut")
    assert [flow.host for flow in got.flows] == ["api.example.com", "api.example.com", "203.0.113.9"]
    assert [hit.key for hit in hits(got.flows[0])] == ["phone"]
    assert got.flows[1].protocol == "websocket"
    assert isinstance(got.flows[2].hits, Unread)
    assert [one.host for one in got.lookups] == ["push.example.com"]
    assert got.captures[0].records_unread == 1


def test_packets_become_connections(tmp_path: Path) -> None:
    request = f"POST /p?tel={PHONE} HTTP/1.1\r\nHost: plain.example.com\r\nContent-Length: 4\r\n\r\nabcd".encode()
    later = b"GET /q HTTP/1.1\r\nHost: plain.example.com\r\n\r\n"
    got = net(
        tmp_path,
        captures.pcap(
            captures.dns_question("named.example.com"),
            captures.dns_answer("named.example.com"),
            captures.tcp(b"", 99, 2),
            # Out of order, and one part twice.
            captures.tcp(request[20:], 120),
            captures.tcp(request[:20], 100),
            captures.tcp(request[:20], 100),
            captures.tcp(b"HTTP/1.1 200 OK\r\n\r\n", 1, back=True),
            captures.tcp(later, 100 + len(request)),
            captures.tcp(captures.client_hello("tls.example.com"), sport=40005, dport=443),
            captures.udp(b"\xc3" + bytes(40)),
            captures.tcp(b"\x00\x01\x02", sport=40006, dport=5222),
        ),
    )
    told = [(flow.protocol, flow.host, flow.path, flow.t_ms, isinstance(flow.hits, Unread)) for flow in got.flows]
    assert told == [
        ("http", "plain.example.com", "/p", 4000, False),
        ("http", "plain.example.com", "/q", 7000, False),
        ("tls", "tls.example.com", "", 8000, True),
        ("quic", "named.example.com", "", 9000, True),
        ("tcp", "named.example.com", "", 10000, True),
    ]
    assert [one.host for one in got.lookups] == ["named.example.com"]
    assert [hit.pi_type for hit in hits(got.flows[0])] == ["account.phone"]


def test_a_quic_connection_is_named_by_its_greeting(tmp_path: Path) -> None:
    packet = captures.quic_initial(captures.crypto_frame(0, captures.client_hello("push.example.com")[5:]))
    (flow,) = net(tmp_path, captures.pcap(captures.udp(packet), captures.udp(b"\x40" * 30))).flows
    assert (flow.host, flow.protocol, isinstance(flow.hits, Unread)) == ("push.example.com", "quic", True)


def test_common_traits_are_told_after_what_counts(tmp_path: Path) -> None:
    body = json.dumps({"model": "Lantern 3", "locale": "zh_CN", "phone": PHONE})
    (flow,) = net(tmp_path, har(entry(**posted(body)))).flows
    assert [hit.pi_type for hit in hits(flow)] == ["account.phone", "model", "language"]


def test_common_traits_in_an_unknown_protocol_do_not_make_it_read(tmp_path: Path) -> None:
    (flow,) = net(tmp_path, captures.pcap(captures.tcp(b"\1\2lang=zh_CN\n", dport=9999))).flows
    assert isinstance(flow.hits, Unread)


def test_a_step_of_the_path_may_pack_values(tmp_path: Path) -> None:
    packed = base64.b64encode(json.dumps({"phone": PHONE}).encode()).decode()
    (flow,) = net(tmp_path, har(entry(f"https://api.example.com/eval/{packed}"))).flows
    assert [(hit.pi_type, hit.encoding, hit.key) for hit in hits(flow)] == [("account.phone", "base64", "phone")]
    assert packed not in flow.path


def test_a_body_stored_decoded_is_read_though_its_header_says_gzip(tmp_path: Path) -> None:
    text = "\x14lin.xiaoyu@example.com\x10\xb5\x00\x01\x02"
    headers = [{"name": "Content-Encoding", "value": "gzip"}]
    (flow,) = net(tmp_path, har(entry(headers=headers, **posted(text, "application/octet-stream")))).flows
    assert [hit.pi_type for hit in hits(flow)] == ["account.email"]
    assert flow.gaps


def test_http_2_in_clear_is_said_to_be_unread(tmp_path: Path) -> None:
    (flow,) = net(tmp_path, captures.pcap(captures.tcp(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0"))).flows
    assert isinstance(flow.hits, Unread)
    assert "h2c" in flow.gaps[0].detail


def test_pcapng_is_read_too(tmp_path: Path) -> None:
    made = io.BytesIO()
    writer = dpkt.pcapng.Writer(made, linktype=101)
    writer.writepkt(captures.tcp(captures.client_hello("tls.example.com"), dport=443), 1772672400.0)
    assert [flow.host for flow in net(tmp_path, made.getvalue()).flows] == ["tls.example.com"]


def test_a_marker_in_a_protocol_of_its_own_is_still_found(tmp_path: Path) -> None:
    (flow,) = net(tmp_path, captures.pcap(captures.tcp(b"\0\1" + PHONE.encode() + b"\0", dport=5222)), CONTACT).flows
    assert [hit.canary_id for hit in hits(flow)] == ["c1"]
    assert not flow.decrypted


def test_packets_that_are_missing_are_said(tmp_path: Path) -> None:
    request = b"POST /p HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 400\r\n\r\nab"
    (flow,) = net(tmp_path, captures.pcap(captures.tcp(request))).flows
    assert [gap.detail for gap in flow.gaps] == ["the capture lacks packets of this request"]


def test_a_capture_cut_off_is_partial(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(
        captures.pcap(captures.tcp(captures.client_hello("a.example.com"), dport=443), captures.tcp(b"x"))[:-5]
    )
    part = read_traffic([path])
    assert is_read(part.value)
    assert (part.stages[0].state, len(part.value.flows)) == ("partial", 1)


def test_what_lies_beside_places_the_capture_on_the_timeline(tmp_path: Path) -> None:
    beside = 'run_id = "r1"\nstarted_at = "2026-03-05T09:00:00+08:00"\nskew_ms = -100\nuncertainty_ms = 50\n'
    got = net(tmp_path, har(entry()), beside=beside)
    assert (got.flows[0].t_ms, got.captures[0].run_id, got.captures[0].uncertainty_ms) == (400, "r1", 50)


def test_markers_may_lie_beside(tmp_path: Path) -> None:
    (tmp_path / "a.cap.canaries.toml").write_text(f'[[canary]]\nid = "c1"\npi_type = "contacts"\nvalue = "{PHONE}"\n')
    got = net(tmp_path, har(entry(f"https://a.example.com/?z={PHONE}")))
    assert got.canaries == ("c1",)
    assert [hit.canary_id for hit in hits(got.flows[0])] == ["c1"]


@pytest.mark.parametrize(
    "text", ["", "x", "canary = 1", '[[canary]]\nid = "a"\n', '[[canary]]\nid = "a"\npi_type = "moon"\nvalue = "123456"\n',
             '[[canary]]\nid = "a"\npi_type = "sms"\nvalue = "12"\n']
)  # fmt: skip
def test_wrong_markers_are_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.cap").write_bytes(har(entry()))
    (tmp_path / "a.cap.canaries.toml").write_text(text)
    part = read_traffic([tmp_path / "a.cap"])
    assert (part.stages[0].state, part.stages[0].reason) == ("failed", "MALFORMED")
    assert "canaries" in part.stages[0].detail


def test_two_markers_of_one_id_are_refused() -> None:
    with pytest.raises(Malformed, match="c1"):
        checked([CONTACT, CONTACT])


@pytest.mark.parametrize("data", [b"", b"\0" * 40, b"{", b'{"log": 1}', b'{"log": {"entries": 1}}', b"[" * 100_000,
                                  b"5:abc", b"\xd4\xc3\xb2\xa1", b"\x0a\x0d\x0d\x0a\0\0\0\0", b"12:12:"])  # fmt: skip
def test_what_is_no_capture_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.cap"
    path.write_bytes(data)
    part = read_traffic([path, tmp_path / "absent"])
    assert [stage.state for stage in part.stages] == ["failed", "failed"]
    assert all("a.cap" in stage.detail or "absent" in stage.detail for stage in part.stages)
    assert "Traceback" not in str(part.stages)


def test_the_same_capture_twice_is_read_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(har(entry()))
    part = read_traffic([tmp_path / "a", tmp_path / "b"])
    assert is_read(part.value)
    assert (len(part.value.flows), part.stages[1].reason) == (1, "GIVEN_TWICE")


def _read_in_process(folder: Path, data: bytes) -> None:
    try:
        for flow in examined(data, folder, CONTACT):
            assert isinstance(flow.hits, Unread | tuple)
    except ReadError:
        pass
    except RecursionError:
        pass


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


SEEDS = (
    har(entry(**posted(json.dumps({"phone": PHONE, "lat": 31.230416, "lng": 121.473701})))),
    captures.pcap(
        captures.dns_question("a.example.com"),
        captures.tcp(captures.client_hello("a.example.com"), dport=443),
        captures.tcp(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", sport=40009),
        captures.udp(b"\xc3" + bytes(40)),
    ),
    captures.tnetstring(captures.flow(b"{}")),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.data())
def test_changed_bytes_never_crash_the_reader(place: Path, seed: bytes, data: st.DataObject) -> None:
    changed = bytearray(seed)
    for at in data.draw(st.lists(st.integers(4, len(seed) - 1), max_size=6)):
        changed[at] = data.draw(st.integers(0, 255))
    _read_in_process(place, bytes(changed[: data.draw(st.integers(4, len(seed)))]))


LETTERS = st.characters(codec="utf-8", categories=["Lu", "Ll", "Lo", "Nd"])


@settings(max_examples=100, deadline=None)
@given(st.text(LETTERS, min_size=6, max_size=40))
def test_any_planted_text_is_found_again_in_json(value: str) -> None:
    markers = Markers([Canary("a", "sms", value)])
    for sent in (json.dumps({"m": value}), json.dumps({"m": value}, ensure_ascii=False)):
        assert markers.find(sent.encode().decode("latin-1"))
