"""Instructions: lengths, the walk by regular expression against one by hand, branches and handlers."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.readers.dex import code
from hegui.readers.dex.code import LENGTHS, SAID, Body, starts_instruction, tokens
from hegui.readers.dex.tables import Dex, Methods
from tests.readers.dex.make_dex import Assembly

# Opcode ranges by format, from "Summary of bytecode set"; what is not listed is unused and of format 10x.
FORMATS = {
    1: [(0x00, 0x01), (0x04, 0x04), (0x07, 0x07), (0x0A, 0x12), (0x1D, 0x1E), (0x21, 0x21), (0x27, 0x28), (0x7B, 0x8F),
        (0xB0, 0xCF)],
    2: [(0x02, 0x02), (0x05, 0x05), (0x08, 0x08), (0x13, 0x13), (0x15, 0x16), (0x19, 0x1A), (0x1C, 0x1C), (0x1F, 0x20),
        (0x22, 0x23), (0x29, 0x29), (0x2D, 0x3D), (0x44, 0x6D), (0x90, 0xAF), (0xD0, 0xE2), (0xFE, 0xFF)],
    3: [(0x03, 0x03), (0x06, 0x06), (0x09, 0x09), (0x14, 0x14), (0x17, 0x17), (0x1B, 0x1B), (0x24, 0x26), (0x2A, 0x2C),
        (0x6E, 0x72), (0x74, 0x78), (0xFC, 0xFD)],
    4: [(0xFA, 0xFB)],
    5: [(0x18, 0x18)],
}  # fmt: skip


def test_every_opcode_has_the_length_of_its_format() -> None:
    expected = [1] * 256
    for length, ranges in FORMATS.items():
        for first, last in ranges:
            expected[first : last + 1] = [length] * (last + 1 - first)
    assert list(LENGTHS) == expected


def by_hand(units: list[int]) -> tuple[list[int], set[bytes], bool]:
    """Where instructions start, what they refer to, and whether all is whole: the plain way."""
    starts: list[int] = []
    said: set[bytes] = set()
    at = 0
    while at < len(units):
        unit = units[at]
        if unit in (0x100, 0x200, 0x300):
            if at + 4 > len(units):
                return starts, said, False
            count = units[at + 1]
            if unit == 0x100:
                size = 4 + 2 * count
            elif unit == 0x200:
                size = 2 + 4 * count
            else:
                size = 4 + (count * (units[at + 2] | units[at + 3] << 16) + 1) // 2
            at += size
            if at > len(units):
                return starts, said, False
            continue
        length = LENGTHS[unit & 0xFF]
        if at + length > len(units):
            return starts, said, False
        starts.append(at)
        if unit & 0xFF in SAID:
            said.add(struct.pack("<2H", unit, units[at + 1]))
        at += length
    return starts, said, True


# Units that often form instructions and, now and then, payloads.
UNITS = st.lists(
    st.one_of(
        st.sampled_from(sorted(SAID)).flatmap(lambda opcode: st.integers(0, 255).map(lambda high: opcode | high << 8)),
        st.sampled_from([0x100, 0x200, 0x300, 0, 1, 2, 3, 0x0E]),
        st.integers(0, 0xFFFF),
    ),
    max_size=60,
)


@given(UNITS)
def test_the_walk_by_regular_expression_is_the_walk_by_hand(units: list[int]) -> None:
    starts, said, whole = by_hand(units)
    data = b"pad!" + struct.pack(f"<{len(units)}H", *units)
    found, was_whole = tokens(data, 4, len(data))
    assert {found[i : i + 4] for i in range(0, len(found), 4)} == said
    assert was_whole == whole
    for place in range(len(units)):
        assert starts_instruction(data, 4, len(data), 4 + 2 * place) == (place in starts)


@given(UNITS)
def test_a_body_holds_the_same_instructions(units: list[int]) -> None:
    starts, _, whole = by_hand(units)
    made = Assembly()
    made.cls("La;").method("m()V", [".units " + " ".join(f"{unit:#x}" for unit in units)] if units else [])
    dex = Dex("classes.dex", made.dex())
    body = Body(dex, Methods(dex).code_off[0])
    assert body.at == starts
    assert body.whole == whole
    for k in range(len(body.at)):
        assert all(0 <= target < len(body.at) for target in (*body.goes_to(k), *body.comes_from(k)))
        assert body.written(k)[0] >= -1


def body_of(lines: list[str]) -> Body:
    made = Assembly()
    made.cls("La;").method("m()V", lines)
    dex = Dex("classes.dex", made.dex())
    return Body(dex, Methods(dex).code_off[0])


def test_branches_lead_where_they_say() -> None:
    body = body_of(["const/4 v0, 1", "if-eqz v0, end", "top:", "nop", "goto top", "end:", "return-void"])
    assert [body.goes_to(k) for k in range(5)] == [[1], [2, 4], [3], [2], []]
    assert body.comes_from(2) == [1, 3]


def test_a_switch_leads_to_its_cases() -> None:
    # Two cases, 3 and 4 code units after the switch; the payload stands 6 units after it.
    lines = [".units 0x002b 0x0006 0x0000", "return-void", "return-void", "nop", ".units 0x0100 2 7 0 3 0 4 0"]
    body = body_of(lines)
    assert body.goes_to(0) == [1, 1, 2]
    assert [body.opcode(k) for k in range(len(body.at))] == [0x2B, 0x0E, 0x0E, 0x00]


def test_exceptions_lead_to_handlers() -> None:
    lines = [
        ".try a b h", "a:", "invoke-static {}, La;->x()V", "b:", "return-void", "h:", "move-exception v0", "return-void",
    ]  # fmt: skip
    body = body_of(lines)
    assert body.caught_at(0) == [2]
    assert body.caught_at(1) == []
    assert body.comes_from(2) == [0]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("move v3, v1", (3, False)),
        ("const/4 v2, 1", (2, False)),
        ("const-wide/16 v4, 1", (4, True)),
        ('const-string v9, "x"', (9, False)),
        ("move-result-wide v6", (6, True)),
        ("sget-object v8, La;->F:La;", (8, False)),
        ("check-cast v8, La;", (-1, False)),
        ("invoke-static {v1}, La;->x(I)V", (-1, False)),
        ("sput-object v1, La;->F:La;", (-1, False)),
        ("aput-object v1, v2, v3", (-1, False)),
    ],
)
def test_the_register_an_instruction_writes(line: str, written: tuple[int, bool]) -> None:
    assert body_of([line, "return-void"]).written(0) == written


def test_the_registers_an_invoke_passes() -> None:
    body = body_of(
        [
            "invoke-virtual {v1, v2, v3, v4, v5}, La;->x(IIII)V",
            "invoke-static/range {v6, v7, v8}, La;->y(III)V",
            "invoke-static {}, La;->z()V",
        ]
    )
    assert [body.arguments(k) for k in range(3)] == [[1, 2, 3, 4, 5], [6, 7, 8], []]


def test_names_of_opcodes_hold_what_they_say() -> None:
    assert [LENGTHS[opcode] for opcode in (code.CONST_STRING, code.CONST_WIDE, code.INVOKE_POLYMORPHIC)] == [2, 5, 4]
