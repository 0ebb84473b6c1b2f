"""The container reader on packages built by code: sound ones, and one per fault."""

import hashlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.apk.container import Container
from hegui.readers.errors import LimitReached, Malformed, NotSupported, ReadError
from hegui.readers.limits import Limits
from tests.readers.apk import make_zip
from tests.readers.apk.make_zip import FAULTS, SOUND, File, pack


def opened(folder: Path, content: bytes, limits: Limits | None = None) -> Container:
    path = folder / "app.apk"
    path.write_bytes(content)
    return Container.open(path, limits)


def test_a_sound_package_is_read_whole_and_nothing_is_odd(tmp_path: Path) -> None:
    made = make_zip.sound()
    with opened(tmp_path, made) as container:
        assert container.odd == ()
        assert [entry.raw_name for entry in container.entries] == [file.name for file in SOUND]
        assert [container.read(entry.name) for entry in container.entries] == [file.content for file in SOUND]
        assert container.names("res/") == ("res/raw/poem.txt",)
        assert container.has("classes.dex")
        assert not container.has("classes2.dex")
        assert container.sha256 == hashlib.sha256(made).hexdigest()
        assert (container.size, container.zip_start) == (len(made), 0)
        assert made[container.cd_offset :].startswith(b"PK\x01\x02")
        assert container.cd_offset + container.cd_size == container.eocd_offset == len(made) - 22
        assert bytes(container.data[:4]) == b"PK\x03\x04"
        assert all(container.damage(entry.name) == () for entry in container.entries)
        assert container.head("res/raw/poem.txt", 3) == "床".encode()


# Faults that cannot be built without another.
ALSO = {"overlapping entries": {"LOCAL_HEADER_DIFFERS"}}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_reported_and_the_manifest_read_all_the_same(tmp_path: Path, fault: str) -> None:
    make, problem = FAULTS[fault]
    with opened(tmp_path, make()) as container:
        found = {entry.problem for entry in (*container.odd, *container.damage("AndroidManifest.xml"))}
        assert problem in found
        assert found <= {problem} | ALSO.get(fault, set())
        assert container.read("AndroidManifest.xml") == make_zip.manifest()


def test_offsets_not_rewritten_are_moved_by_what_was_put_before(tmp_path: Path) -> None:
    with opened(tmp_path, make_zip.prepended_data_with_offsets_left()) as container:
        assert container.zip_start == len(b"#!/bin/sh\n")
        assert container.read("classes.dex") == make_zip.dex()


def test_the_first_of_two_files_of_one_name_counts(tmp_path: Path) -> None:
    with opened(tmp_path, make_zip.duplicate_name()) as container:
        assert container.read("res/raw/poem.txt") == SOUND[-1].content
        assert len(container.entries) == len(container.by_name) + 1


def test_padding_that_the_build_tools_leave_at_the_start_is_not_odd(tmp_path: Path) -> None:
    padding = b"PK\x03\x04" + bytes(24) + (100).to_bytes(2, "little") + bytes(100)
    with opened(tmp_path, pack(*SOUND, before=padding)) as container:
        assert (container.odd, container.zip_start) == ((), 0)


def test_a_zip_inside_the_package_is_not_a_second_end_record(tmp_path: Path) -> None:
    with opened(tmp_path, pack(*SOUND, File(b"assets/inner.zip", make_zip.sound(), method=0))) as container:
        assert container.odd == ()


def test_an_end_record_in_the_comment_that_fits_nothing_is_passed_over(tmp_path: Path) -> None:
    decoy = b"PK\x05\x06" + bytes(4) + b"\x05\0\x05\0" + b"\x99" * 8 + bytes(2)
    with opened(tmp_path, pack(*SOUND, comment=decoy)) as container:
        assert len(container.entries) == len(SOUND)
        assert {entry.problem for entry in container.odd} == {"SECOND_EOCD"}


def test_many_faults_of_one_kind_are_counted_not_listed_without_end(tmp_path: Path) -> None:
    with opened(tmp_path, pack(*SOUND, *[File(b"assets/same", b"")] * 500)) as container:
        assert len(container.odd) == 51
        assert container.odd[-1].detail == "and 449 more"


def test_reading_stops_at_the_limit_whatever_the_size_stated(tmp_path: Path) -> None:
    bomb = File(b"assets/bomb", bytes(5_000_000), central={"size": 10}, local={"size": 10})
    with opened(tmp_path, pack(*SOUND, bomb)) as container:
        with pytest.raises(LimitReached, match="assets/bomb"):
            container.read("assets/bomb", limit=1000)
        assert len(container.read("assets/bomb", limit=5_000_000)) == 5_000_000


CLAIMS = {
    "an entry that claims 4 GiB": ({"size": 0xFFFFFFF0}, Limits()),
    "claims a hundred times the file": ({"size": 200 * 1024 * 1024}, Limits(ratio_from_mb=100)),
}


@pytest.mark.parametrize(("entry", "limits"), CLAIMS.values(), ids=CLAIMS)
def test_the_claims_of_a_bomb_are_refused_without_inflating(
    tmp_path: Path, entry: dict[str, int], limits: Limits
) -> None:
    bomb = File(b"classes2.dex", bytes(100), central=entry, local=entry)
    with (
        opened(tmp_path, pack(*SOUND, bomb), limits) as container,
        pytest.raises(LimitReached, match=r"zip bomb|claims"),
    ):
        container.refuse_bomb()


@pytest.mark.parametrize("name", [b"assets/bomb", b"classes9.dex", b"a/AndroidManifest.xml", b"lib/x86/libbomb.so"])
@pytest.mark.parametrize(("entry", "limits"), CLAIMS.values(), ids=CLAIMS)
def test_what_an_entry_claims_that_the_app_does_without_keeps_nothing_from_being_judged(
    tmp_path: Path, entry: dict[str, int], limits: Limits, name: bytes
) -> None:
    bomb = File(name, bytes(100), central=entry, local=entry)
    with opened(tmp_path, pack(*SOUND, bomb), limits) as container:
        container.refuse_bomb()
        assert "claim" in container.excess


def test_a_sound_package_claims_nothing_in_excess(tmp_path: Path) -> None:
    with opened(tmp_path, make_zip.sound()) as container:
        assert container.excess == ""


def test_ten_gigabytes_claimed_by_zip64_are_refused(tmp_path: Path) -> None:
    extra = (1).to_bytes(2, "little") + (8).to_bytes(2, "little") + (10 * 2**30).to_bytes(8, "little")
    bomb = File(b"classes2.dex", bytes(100), central={"size": 0xFFFFFFFF}, central_extra=extra)
    with opened(tmp_path, pack(*SOUND, bomb)) as container, pytest.raises(LimitReached, match="10737418240"):
        container.refuse_bomb()


def test_more_entries_than_the_limit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitReached, match="claims 4 entries"):
        opened(tmp_path, make_zip.sound(), Limits(entries=3))


NOT_ZIPS = {
    b"%PDF-1.7 ...": "PDF",
    b"\x7fELF\x02\x01": "ELF",
    b"\n<!DOCTYPE html><html>": "web page",
    b"<?xml version": "XML",
    b"\xbe\0\0\0\x01": "wxapkg",
    b"Rar!\x1a\x07": "RAR",
    bytes(300): "unknown kind",
}


@pytest.mark.parametrize("content", NOT_ZIPS, ids=NOT_ZIPS.values())
def test_what_is_not_a_zip_is_named_as_what_it_is(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotSupported, match=NOT_ZIPS[content]):
        opened(tmp_path, content)


def test_a_package_cut_short_is_said_to_be_incomplete(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="incomplete ZIP"):
        opened(tmp_path, make_zip.sound()[:-30])


def test_places_that_hold_no_file_are_read_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.apk").touch()
    os.mkfifo(tmp_path / "pipe.apk")
    for name in ("absent.apk", "empty.apk", "pipe.apk", "."):
        with pytest.raises(ReadError):
            Container.open(tmp_path / name)


def test_a_broken_stream_names_its_entry_and_place(tmp_path: Path) -> None:
    with opened(tmp_path, pack(*SOUND, File(b"assets/a", b"", packed=b"\xff\xff\xff"))) as container:
        with pytest.raises(Malformed, match=r"assets/a \(offset \d+\) has no valid deflate stream"):
            container.read("assets/a")
        assert [each.problem for each in container.damage("assets/a")] == ["BROKEN_DATA"]
        with pytest.raises(Malformed, match="no entry assets/b"):
            container.read("assets/b")


def test_a_name_of_control_characters_does_not_reach_the_message(tmp_path: Path) -> None:
    evil = File(b"a\n\x1b[2J", b"", central={"size": 0xFFFFFFF0})
    with opened(tmp_path, pack(*SOUND, evil)) as container:
        assert container.excess.isprintable()


def test_end_records_without_number_are_listed_up_to_a_bound(tmp_path: Path) -> None:
    made = make_zip.sound()
    filled = made[:-22] + b"PK\x05\x06" * 500_000 + made[-22:]
    with opened(tmp_path, filled) as container:
        assert len([entry for entry in container.odd if entry.problem == "SECOND_EOCD"]) == 50


def read_everything(container: Container) -> None:
    assert isinstance(container.odd, tuple)
    for name in container.by_name:
        container.damage(name)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 12), cut=st.integers(0, 400))
def test_a_damaged_package_raises_read_errors_only(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: int, cut: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    made = bytearray(FAULTS[chance.choice(list(FAULTS))][0]() if seed % 3 else make_zip.sound())
    for _ in range(changes):
        made[chance.randrange(len(made))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
    made = made[: len(made) - cut] if seed % 2 else made
    folder = tmp_path_factory.getbasetemp()
    try:
        with opened(folder, bytes(made), Limits(entry_mb=1)) as container:
            read_everything(container)
    except ReadError:
        pass


def test_every_truncation_of_a_package_raises_read_errors_only(tmp_path: Path) -> None:
    made = make_zip.zip64()
    for size in range(1, len(made)):
        try:
            with opened(tmp_path, made[:size], Limits(entry_mb=1)) as container:
                read_everything(container)
        except ReadError:
            pass


def test_real_packages_have_no_damage_in_what_the_platform_parses(materials: Path) -> None:
    for path in sorted((materials / "apk").rglob("*.apk")):
        with Container.open(path) as container:
            assert container.damage("AndroidManifest.xml") == ()
            problems = {entry.problem for entry in container.odd}
            assert problems == ({"PREPENDED_DATA"} if path.name == "janus.apk" else set()), path.name
