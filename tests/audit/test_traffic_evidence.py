from hegui.audit import traffic_evidence as shows
from hegui.facts import Facts, Input, Unread
from hegui.facts.traffic import Capture, Flow, Hit, Net

SHA256 = "ab" * 32
HIT = Hit("account.phone", None, "base64", "form_and_key", "a.har#entry 12 body", "user.phone", "139******34")
FLOW = Flow(1500, "api.lantern.example", "POST", "/v1/up", hits=(HIT,), place="a.har#entry 12")


def given(*names: str) -> Facts:
    return Facts(tuple(Input("traffic", name, SHA256, 10) for name in names), ())


def test_a_hit_is_shown_with_host_path_field_masked_value_and_grounds() -> None:
    one = shows.hit(given("a.har"), FLOW, HIT)
    assert (one.kind, one.where, one.sha256) == ("network_capture", "a.har#entry 12 body", SHA256)
    assert one.excerpt == (
        "t=1.500 s POST api.lantern.example/v1/up user.phone=139******34 (account.phone, base64; form_and_key)"
    )


def test_a_planted_marker_is_named() -> None:
    hit = Hit("contacts", "contact-1", "clear", "canary", "a.har#entry 12 body", "c", "灯***")
    assert shows.hit(given("a.har"), FLOW, hit).excerpt.endswith("c=灯*** (contacts; canary contact-1)")


def test_two_captures_of_one_name_leave_the_hash_open_unless_their_bytes_are_the_same() -> None:
    two = Facts((Input("traffic", "a.har", SHA256, 1), Input("traffic", "a.har", "cd" * 32, 1)), ())
    assert shows.flow(two, FLOW).sha256 == ""
    assert shows.flow(given("b.har"), FLOW).sha256 == ""


def test_the_coverage_counts_what_could_be_read() -> None:
    closed = Flow(0, "x.example", protocol="tls", hits=Unread("CAPTURE_ENCRYPTED"))
    net = Net((FLOW, closed), captures=(Capture("a.har", "har"),), canaries=("c",))
    one = shows.coverage(given("a.har"), net)
    assert (one.where, one.excerpt, one.sha256) == ("a.har", "2 flows, 1 readable; 1 canaries", SHA256)
