"""Instructions: the pattern that walks in bulk and the loop that walks one by one see the same."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.readers.errors import Malformed
from hegui.readers.jvm.code import branches, instructions, references
from hegui.readers.jvm.opcodes import LAST_OPCODE, LENGTH, MOVES, SLOTS
from tests.readers.jvm.make_class import BROKEN_CODE

# References as `references` gives them, by opcode: how many bytes of the instruction.
SHOWN = {**dict.fromkeys((*range(0xB2, 0xBC),), 3), 0x12: 2, 0x13: 3}


def one_by_one(code: bytes, loads: bool) -> list[bytes]:
    return [
        code[at : at + SHOWN[code[at]]]
        for at in instructions(code, 0, len(code), "A.class")
        if code[at] in SHOWN and (loads or code[at] not in (0x12, 0x13))
    ]


def tableswitch(at: int, low: int, *offsets: int) -> bytes:
    return b"\xaa" + bytes(3 - at % 4) + struct.pack(f">3i{len(offsets)}i", 7, low, low + len(offsets) - 1, *offsets)


def lookupswitch(at: int, **pairs: int) -> bytes:
    words = [word for key, to in pairs.items() for word in (int(key[1:]), to)]
    return b"\xab" + bytes(3 - at % 4) + struct.pack(f">2i{len(words)}i", 9, len(pairs), *words)


def test_the_lengths_are_those_of_the_specification() -> None:
    # How many opcodes of each length section 6.5 lists; three hang on more than the opcode.
    counted = {length: sum(LENGTH[opcode] == length for opcode in range(LAST_OPCODE + 1)) for length in range(6)}
    assert counted == {0: 3, 1: 147, 2: 14, 3: 33, 4: 1, 5: 4}
    assert not any(LENGTH[LAST_OPCODE + 1 :])


def test_every_instruction_is_told_what_it_does_to_the_stack() -> None:
    told_elsewhere = {*range(0x01, 0x15), *range(0x15, 0x2E), *range(0x36, 0x4F), *range(0xB2, 0xBB), 0xC4, 0xC5}
    assert set(SLOTS) | set(MOVES) | told_elsewhere == set(range(LAST_OPCODE + 1))
    assert not set(MOVES) & set(SLOTS)


@pytest.mark.parametrize("pad", range(4))
def test_switches_are_stepped_over_wherever_they_stand(pad: int) -> None:
    before = b"\0" * pad
    call = b"\xb8\x00\x07"
    code = before + tableswitch(pad, -1, 1, 2, 3) + call
    code += lookupswitch(len(code), k1=20, k9=30) + call + b"\xb1"
    assert references(code, 0, len(code), "A.class") == [call, call]
    assert one_by_one(code, False) == [call, call]
    switch = pad
    assert branches(code, switch, 0) == [pad + 7, pad + 1, pad + 2, pad + 3]
    second = pad + len(tableswitch(pad, -1, 1, 2, 3)) + 3
    assert branches(code, second, 0) == [second + 9, second + 20, second + 30]


def test_a_switch_counts_from_the_start_of_its_code() -> None:
    code = tableswitch(0, 0, 12) + b"\xb1"
    for before in range(4):
        assert references(bytes(before) + code, before, len(code), "A.class") == []


@pytest.mark.parametrize("fault", BROKEN_CODE)
def test_broken_code_says_what_and_where(fault: str) -> None:
    code, says = BROKEN_CODE[fault]
    for walk in (
        lambda: references(code, 0, len(code), "A.class"),
        lambda: references(code, 0, len(code), "A.class", loads=True),
        lambda: list(instructions(code, 0, len(code), "A.class")),
    ):
        with pytest.raises(Malformed, match=r"A\.class at 0x") as raised:
            walk()
        assert says in raised.value.words.en


def outcome(code: bytes, loads: bool, bulk: bool) -> object:
    try:
        return references(code, 0, len(code), "A.class", loads) if bulk else one_by_one(code, loads)
    except Malformed as error:
        return error.words.en


PIECES = st.one_of(
    st.sampled_from([opcode for opcode in range(LAST_OPCODE + 1) if LENGTH[opcode]]).flatmap(
        lambda opcode: st.binary(min_size=LENGTH[opcode] - 1, max_size=LENGTH[opcode] - 1).map(
            lambda rest: bytes([opcode]) + rest
        )
    ),
    st.just(b"\xc4\x84\x00\x01\x00\x02"),
    st.just(b"\xc4\x15\x00\x01"),
    st.just(b"switch"),
)


@given(st.lists(PIECES, max_size=40), st.booleans())
def test_both_walks_see_the_same_in_code_that_is_sound(pieces: list[bytes], loads: bool) -> None:
    code = b""
    for piece in pieces:
        code += tableswitch(len(code), 3, 1, 2) if piece == b"switch" else piece
    assert references(code, 0, len(code), "A.class", loads) == one_by_one(code, loads)


@given(st.binary(max_size=60), st.booleans())
def test_both_walks_see_the_same_in_any_bytes(code: bytes, loads: bool) -> None:
    assert outcome(code, loads, bulk=True) == outcome(code, loads, bulk=False)
