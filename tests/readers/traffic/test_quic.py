"""The server name of a QUIC connection, from packets sealed with the keys that the RFCs print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.readers.traffic.quic import server_name
from tests.readers.traffic.captures import QUIC_KEYS, client_hello, crypto_frame, quic_initial

HELLO = client_hello("api.example.com")[5:]
ACK = b"\2\0\0\0\0"


@pytest.mark.parametrize("version", QUIC_KEYS)
def test_the_name_is_read_of_both_versions(version: int) -> None:
    assert server_name([quic_initial(crypto_frame(0, HELLO), version)]) == "api.example.com"


def test_pieces_in_any_order_and_packet() -> None:
    first, second = crypto_frame(0, HELLO[:40]), crypto_frame(40, HELLO[40:])
    assert server_name([quic_initial(ACK + second + b"\1" + first)]) == "api.example.com"
    assert server_name([quic_initial(second, number=1), quic_initial(first, number=2)]) == "api.example.com"


def test_packets_that_share_a_datagram() -> None:
    first, second = crypto_frame(0, HELLO[:40]), crypto_frame(40, HELLO[40:])
    assert server_name([quic_initial(first) + quic_initial(second, number=3) + b"\x40rest"]) == "api.example.com"


@pytest.mark.parametrize(
    "datagrams",
    [
        [],
        [b"\x40" * 40],
        [quic_initial(crypto_frame(40, HELLO[40:]))],
        [quic_initial(crypto_frame(0, HELLO))[:600]],
        [quic_initial(crypto_frame(0, HELLO)).replace(b"\0\0\0\1", b"\0\0\0\2", 1)],
        [b"\xc0\0\0\0\0\1\0\1\0"],
        [quic_initial(crypto_frame(0, HELLO[:-4]))],
    ],
    ids=[
        "nothing",
        "later packets",
        "the rest of a greeting",
        "cut off",
        "a version unknown here",
        "negotiation",
        "half a name",
    ],
)
def test_what_cannot_be_read_has_no_name(datagrams: list[bytes]) -> None:
    assert server_name(datagrams) == ""


@given(st.binary(max_size=200), st.integers(0, 1250))
def test_changed_bytes_never_crash(noise: bytes, at: int) -> None:
    packet = quic_initial(crypto_frame(0, HELLO))
    server_name([packet[:at] + noise + packet[at + len(noise) :], noise])
