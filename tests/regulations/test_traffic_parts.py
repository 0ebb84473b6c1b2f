from hegui.facts import Facts, Unread
from hegui.facts.declaration import AppDeclaration, Declaration, Recipient
from hegui.facts.traffic import Flow, Hit, Net
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
