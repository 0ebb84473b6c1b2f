"""Many methods at once give what each of them gives by itself."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.readers.dex import walk as walking
from hegui.readers.dex.tables import Dex, Methods
from hegui.readers.dex.walk import walk
from tests.readers.dex.make_dex import Assembly
from tests.readers.dex.test_code import by_hand

UNIT = st.one_of(
    st.integers(0, 0xFFFF),
    st.sampled_from([0x100, 0x200, 0x300, 0x0E, 0x12, 0x186E, 0x1071, 0x0062, 0x0022, 0x001C, 0x0318, 0x01FA]),
)
BODIES = st.lists(st.lists(UNIT, max_size=12), max_size=8)


def dex_of(bodies: list[list[int]]) -> Dex:
    made = Assembly()
    main = made.cls("Lapp/Main;")
    for number, units in enumerate(bodies):
        main.method(f"m{number:03}()V", [".units " + " ".join(map(hex, units))] if units else [])
    return Dex("classes.dex", made.dex())


@pytest.mark.parametrize("few", [1, 3, 1000])
@given(bodies=BODIES)
def test_the_references_are_those_of_a_walk_by_hand(few: int, bodies: list[list[int]]) -> None:
    dex = dex_of(bodies)
    methods = Methods(dex)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "_FEW", few)
        found = walk(dex, methods)
    references = found.references.tolist()
    failed = begin = 0
    for code_off, end in zip(methods.code_off, found.ends.tolist(), strict=True):
        units = dex.units(code_off + 16, dex.code_size(code_off)).tolist() if code_off else []
        _, said, whole = by_hand(units)
        assert set(references[begin:end]) == {struct.unpack("<I", token)[0] & 0xFFFF00FF for token in said}
        failed += not whole
        begin = end
    assert begin == len(references)
    assert found.failed == failed


def test_references_are_in_the_order_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_FEW", 1)
    dex = dex_of([[0x0022, 7, 0x001C, 9, 0x0022, 5, 0x0E], [0x0022, 3, 0x0E]])
    found = walk(dex, Methods(dex))
    assert [reference >> 16 for reference in found.references.tolist()] == [7, 9, 5, 3]
    assert found.ends.tolist() == [3, 4]


def test_code_outside_the_file_is_counted_and_left_out() -> None:
    dex = dex_of([[0x0E], [0x0E], [0x0E]])
    methods = Methods(dex)
    methods.code_off[0] += 2
    methods.code_off[1] = len(dex.data) + 4
    assert walk(dex, methods).failed == 2


def test_a_file_without_code_refers_to_nothing() -> None:
    dex = dex_of([])
    found = walk(dex, Methods(dex))
    assert (found.references.tolist(), found.ends.tolist(), found.failed) == ([], [], 0)
