"""The resource table: every encoding gives the same values, and references end somewhere."""

import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.apk import arsc, axml
from hegui.readers.apk.arsc import MAX_REFERENCES, ResourceTable
from hegui.readers.apk.container import Container
from hegui.readers.errors import LimitReached, Malformed, ReadError
from tests.readers.apk.make_axml import JUNK_0080, Config, Ref, Scalar, Table, bag, compile_table

APP_NAME, ALIAS, FLAG, GAP = 0x7F010000, 0x7F010001, 0x7F020000, 0x7F010007
CHINESE, ENGLISH = Config("zh", "CN"), Config("en")
TABLE: Table = {
    APP_NAME: {Config(): "Lantern", CHINESE: "灯笼", ENGLISH: "Lantern"},
    ALIAS: {Config(): Ref(APP_NAME)},
    FLAG: {Config(): False, Config(sdk=31): True},
    GAP: {Config(): "after a gap"},
}


def shown(table: ResourceTable, resource_id: int) -> list[tuple[str, int, object]]:
    values = table.resolve(resource_id)
    return [(each.config.locale, each.config.sdk, each.string or each.data) for each in values]


@pytest.mark.parametrize("utf8", [False, True], ids=["utf-16", "utf-8"])
@pytest.mark.parametrize("form", ["plain", "sparse", "offset16", "compact"])
def test_every_encoding_gives_the_same(form: str, utf8: bool) -> None:
    table = ResourceTable(compile_table(TABLE, form=form, utf8=utf8))
    assert shown(table, APP_NAME) == [("", 0, "Lantern"), ("zh-CN", 0, "灯笼"), ("en", 0, "Lantern")]
    assert shown(table, ALIAS) == shown(table, APP_NAME)
    assert shown(table, FLAG) == [("", 0, 0), ("", 31, 0xFFFFFFFF)]
    assert shown(table, GAP) == [("", 0, "after a gap")]


@pytest.mark.parametrize("form", ["plain", "sparse", "offset16", "compact"])
@pytest.mark.parametrize(
    "resource_id", [0x7F010002, 0x7F01FFFF, 0x7F030000, 0x01040000, 0], ids=["hole", "beyond", "type", "package", "0"]
)
def test_what_is_not_there_has_no_value(form: str, resource_id: int) -> None:
    assert ResourceTable(compile_table(TABLE, form=form)).resolve(resource_id) == []


def test_a_bag_has_no_single_value() -> None:
    assert ResourceTable(bag(compile_table(TABLE))).values(APP_NAME) == []


def test_a_reference_that_leads_nowhere_stays_one() -> None:
    (value,) = ResourceTable(compile_table({ALIAS: {Config(): Ref(0x01040001)}})).resolve(ALIAS)
    assert (value.type, value.data) == (axml.TYPE_REFERENCE, 0x01040001)


def test_a_circle_of_references_ends() -> None:
    other = 0x7F010002
    table = ResourceTable(compile_table({ALIAS: {Config(): Ref(other)}, other: {Config(): Ref(ALIAS)}}))
    (value,) = table.resolve(ALIAS)
    assert value.type == axml.TYPE_REFERENCE


def test_references_that_multiply_end() -> None:
    # Each of twenty resources refers to the next in twenty languages: 20^20 ways.
    locales = [Config(chr(97 + i) + "a") for i in range(20)]
    many: dict[int, dict[Config, Scalar]] = {
        0x7F010000 + i: {config: Ref(0x7F010001 + i) for config in [Config(), *locales]} for i in range(MAX_REFERENCES)
    }
    began = time.perf_counter()
    ResourceTable(compile_table(many)).resolve(0x7F010000)
    assert time.perf_counter() - began < 2


def test_looking_up_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    # The name has a value in three configurations.
    monkeypatch.setattr(arsc, "MAX_ENTRIES", 3)
    table = ResourceTable(compile_table(TABLE))
    table.values(APP_NAME)
    with pytest.raises(LimitReached):
        table.values(APP_NAME)


def test_a_reference_keeps_the_language_of_both_ends() -> None:
    table = ResourceTable(
        compile_table(
            {
                ALIAS: {Config("zh"): Ref(APP_NAME), Config("fi"): Ref(GAP)},
                APP_NAME: {Config("zh", "CN"): "灯笼", Config("en"): "Lantern"},
                GAP: {Config("fil"): "parol", Config(): "lyhty"},
            }
        )
    )
    assert shown(table, ALIAS) == [("zh-CN", 0, "灯笼"), ("fi", 0, "lyhty")]


def test_three_letter_languages_and_scripts_are_named() -> None:
    table = compile_table({GAP: {Config("fil"): "parol", Config("zh", "CN", script="Hans"): "灯笼"}})
    assert [locale for locale, _, _ in shown(ResourceTable(table), GAP)] == ["fil", "zh-Hans-CN"]


def test_a_configuration_that_asks_for_more_than_language_and_level_says_so() -> None:
    values = ResourceTable(compile_table({GAP: {Config(): "a", Config(density=480): "b"}})).values(GAP)
    assert [each.config.other for each in values] == [False, True]


def test_a_staged_id_stands_for_its_final_one() -> None:
    table = ResourceTable(compile_table(TABLE, aliases={0x7FFF0000: APP_NAME}))
    assert shown(table, 0x7FFF0000) == shown(table, APP_NAME)


def test_the_types_of_a_split_are_numbered_from_its_offset() -> None:
    made = compile_table({0x7F050000: {Config(): "in the split"}}, offset=4)
    assert shown(ResourceTable(made), 0x7F050000) == [("", 0, "in the split")]


def test_chunks_nobody_knows_are_passed_over() -> None:
    made = compile_table(TABLE)
    grown = made[:12] + JUNK_0080 + made[12:]
    grown = grown[:4] + struct.pack("<I", len(grown)) + grown[8:]
    assert shown(ResourceTable(grown), APP_NAME)[0] == ("", 0, "Lantern")


@pytest.mark.parametrize("data", [b"", b"\x02\0\x0c\0", b"<?xml", b"\0" * 100], ids=["empty", "cut", "text", "zeros"])
def test_what_is_no_table_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        ResourceTable(data)


@settings(max_examples=300, deadline=2000)
@given(st.data())
def test_any_change_reads_or_is_refused(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["plain", "sparse", "offset16", "compact"]))
    made = bytearray(compile_table(TABLE, form=form, aliases={0x7FFF0000: APP_NAME}))
    for _ in range(data.draw(st.integers(1, 8))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(made)))
    for each in (bytes(made), bytes(made[:cut])):
        with suppress(ReadError):
            table = ResourceTable(each)
            for resource_id in (*TABLE, 0x7FFF0000, 0x7F01FFFF):
                table.resolve(resource_id)


def test_opening_a_large_table_reads_next_to_nothing(materials: Path) -> None:
    path = materials / "apk" / "fdroid" / "SystemWebView-repack.apk"
    with Container.open(path) as container:
        data = container.read("resources.arsc")
    assert len(data) > 4_000_000
    took = []
    for _ in range(5):
        began = time.perf_counter()
        ResourceTable(data)
        took.append(time.perf_counter() - began)
    # Measured 0.5 ms; the bound leaves room for a loaded machine.
    assert min(took) < 0.02
