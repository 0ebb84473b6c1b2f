import pytest

from hegui.facts import Facts, Unread
from hegui.facts.declaration import AppDeclaration, Declaration, Recipient
from hegui.facts.json import adapter
from hegui.facts.trace import Trace
from hegui.facts.traffic import Capture, Flow, Hit, Net
from hegui.regulations import traffic_parts as parts

PHONE = Hit("account.phone")


def of(*flows: Flow, recipients: tuple[Recipient, ...] = (), canaries: tuple[str, ...] = ()) -> Facts:
    declared = Declaration("林小雨", "2026-11-01", AppDeclaration(recipients=recipients))
    return Facts((), (), net=Net(flows, canaries=canaries), decl=declared)


def test_what_stays_on_the_device_and_what_is_never_a_finding_alone_is_left_out() -> None:
    facts = of(
        Flow(0, "localhost", hits=(PHONE,)),
        Flow(0, "[::1]", hits=(PHONE,)),
        Flow(0, "api.lantern.example", hits=(PHONE, Hit("model"))),
        Flow(0, "x.example", hits=Unread("CAPTURE_ENCRYPTED")),
    )
    assert [(one.flow.host, one.hit.pi_type) for one in parts.sent(facts)] == [("api.lantern.example", "account.phone")]


def test_a_declared_host_takes_in_what_is_under_it_and_nothing_that_only_ends_alike() -> None:
    facts = of(recipients=(Recipient("某伙伴", "joint", hosts=("partner.example",)),))
    party = parts.party_of(facts, Flow(0, "a.partner.example"))
    assert party is not None
    assert (party.name, party.role) == ("某伙伴", "joint")
    assert parts.party_of(facts, Flow(0, "notpartner.example")) is None


def test_silence_says_nothing_of_what_was_not_read_or_not_planted() -> None:
    gap = Flow(0, "x.example", gaps=(Unread("CAPTURE_ENCRYPTED"),))
    assert parts.unheard(Net()) == ("NO_CAPTURE", "NO_CANARY")
    assert parts.unheard(Net((gap,), canaries=("c",))) == ("CAPTURE_ENCRYPTED",)
    assert parts.unheard(Net((Flow(0, "x.example"),), canaries=("c",))) == ()


def test_a_hash_is_known_inside_another_encoding() -> None:
    assert parts.Sent(Flow(0, "x.example"), Hit("account.phone", encoding="base64+md5")).hashed
    assert not parts.Sent(Flow(0, "x.example"), Hit("account.phone", encoding="url+hex")).hashed


RUN = {"meta": {"run_id": "r", "started_at": "2026-03-05T09:00:00+08:00", "uncertainty_ms": 10}}
CAPTURE = Capture("a.har", "har", "2026-03-05T09:00:05+08:00", "r", uncertainty_ms=20)
FLOW = Flow(1000, "x.example", hits=(PHONE,), place="a.har#entry 1")


def with_log(*events: dict[str, object], capture: Capture = CAPTURE) -> Facts:
    trace = adapter(Trace).validate_python(RUN | {"ev": list(events)})
    return Facts((), (), net=Net((FLOW,), captures=(capture,)), trace=trace)


def test_a_capture_tells_when_in_the_run_it_was() -> None:
    at = parts.SameRuns(with_log()).moment(FLOW)
    assert at is not None
    assert (at.t_ms, at.slack_ms) == (6000, 30)


@pytest.mark.parametrize(
    "capture", [Capture("a.har", "har", "", "r"), Capture("a.har", "har", CAPTURE.started_at, "s")]
)
def test_without_a_date_or_a_run_of_that_name_nothing_relates_them(capture: Capture) -> None:
    assert parts.SameRuns(with_log(capture=capture)).moment(FLOW) is None


@pytest.mark.parametrize(
    ("events", "origin"),
    [
        ([], "unknown"),
        ([{"t_ms": 4971, "type": "net", "host": "x.example", "origin": "cn.jpush"}], "cn.jpush"),
        ([{"t_ms": 4969, "type": "net", "host": "x.example", "origin": "cn.jpush"}], "unknown"),
        ([{"t_ms": 6000, "type": "net", "host": "y.example", "origin": "cn.jpush"}], "unknown"),
        (
            [
                {"t_ms": 6000, "type": "net", "host": "x.example", "origin": "cn.jpush"},
                {"t_ms": 6100, "type": "net", "host": "x.example", "origin": "app"},
            ],
            "unknown",
        ),
    ],
)
def test_the_log_tells_who_sent_it_when_one_party_alone_can_have(events: list[dict[str, object]], origin: str) -> None:
    assert parts.Senders(with_log(*events)).of(FLOW)[0] == origin
