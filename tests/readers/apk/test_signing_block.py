"""Finding the APK Signing Block and reading what is in it."""

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.readers.apk import signing_block as blocks
from hegui.readers.apk.container import Container
from tests.readers.apk import make_signed as make

PLAIN = make.pack(make.FILES)
OTHER = 0x71777777


def opened(tmp_path: Path, apk: bytes) -> Container:
    path = tmp_path / "app.apk"
    path.write_bytes(apk)
    return Container.open(path)


def change(apk: bytes, at: int, new: bytes) -> bytes:
    return apk[:at] + new + apk[at + len(new) :]


def test_a_package_without_a_block_has_none(tmp_path: Path) -> None:
    assert blocks.find_signing_block(opened(tmp_path, PLAIN)) is None


def test_pairs_are_found_with_their_names_and_places(tmp_path: Path) -> None:
    apk = make.with_block(PLAIN, [(make.V2, b"two"), (OTHER, b"channel"), (0x12345678, b"")])
    block = blocks.find_signing_block(opened(tmp_path, apk))
    assert block is not None
    assert [(pair.name, bytes(pair.value)) for pair in block.pairs] == [
        ("v2", b"two"),
        ("Walle channel", b"channel"),
        ("0x12345678", b""),
    ]
    assert block.problem == ""
    assert apk[block.start :][:8] == struct.pack("<Q", block.end - block.start - 8)
    assert [apk[pair.offset + 12 :][: len(pair.value)] for pair in block.pairs] == [b"two", b"channel", b""]


def test_of_two_pairs_with_one_id_the_first_counts(tmp_path: Path) -> None:
    block = blocks.find_signing_block(opened(tmp_path, make.with_block(PLAIN, [(make.V2, b"a"), (make.V2, b"b")])))
    assert block is not None
    found = block.find(make.V2)
    assert found is not None
    assert bytes(found.value) == b"a"


# The block of SIGNED begins where the entries of PLAIN end; its first pair stands 8 bytes on.
START = len(make.sections(PLAIN)[0])
SIGNED = make.with_block(PLAIN, [(OTHER, b"channel"), (make.V2, b"two")])
END = SIGNED.index(blocks.MAGIC) + 16


@pytest.mark.parametrize(
    ("apk", "problem", "names"),
    [
        pytest.param(change(SIGNED, START, b"\x01"), "at its start", [], id="two sizes that disagree"),
        pytest.param(change(SIGNED, END - 24, b"\x02\0"), "does not fit", [], id="a size too small for a block"),
        pytest.param(change(SIGNED, END - 20, b"\x7f"), "does not fit", [], id="a size beyond the file's start"),
        pytest.param(change(SIGNED, START + 8, b"\x03\0"), "pair 1", [], id="a pair too short for its ID"),
        pytest.param(change(SIGNED, START + 8, b"\xff\xff"), "pair 1", [], id="a pair longer than the block"),
        pytest.param(
            change(SIGNED, START + 27, b"\xff\xff"), "pair 2", ["Walle channel"], id="the pairs before a bad one stay"
        ),
    ],
)
def test_a_malformed_block_says_what_is_wrong(tmp_path: Path, apk: bytes, problem: str, names: list[str]) -> None:
    block = blocks.find_signing_block(opened(tmp_path, apk))
    assert block is not None
    assert problem in block.problem
    assert [pair.name for pair in block.pairs] == names


def test_digests_of_the_regions_equal_those_of_an_independent_computation(tmp_path: Path) -> None:
    big = make.align(make.pack({"big": bytes(range(256)) * 9000, "small": b"1"}))
    container = opened(tmp_path, make.with_block(big, [(OTHER, b"")], aligned=True))
    block = blocks.find_signing_block(container)
    assert block is not None
    digests = blocks.content_digests(container, block, ["sha256", "sha512", "verity"])
    assert digests == {name: make.content_digest(big, name) for name in ("sha256", "sha512", "verity")}


def test_a_verity_tree_of_several_levels_equals_an_independent_computation(tmp_path: Path) -> None:
    # 200 pages have hashes that fill more than one page, so that the tree gets a second level.
    big = make.align(make.pack({"big": bytes(range(251)) * 3264}))
    container = opened(tmp_path, make.with_block(big, [(OTHER, b"")], aligned=True))
    block = blocks.find_signing_block(container)
    assert block is not None
    assert blocks.content_digests(container, block, ["verity"])["verity"] == make.content_digest(big, "verity")


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_signers_or_a_bad_structure(data: bytes, with_range: bool) -> None:
    view = memoryview(data)
    for read in (
        lambda: blocks.signers(view, with_range=with_range),
        lambda: blocks.signed_data(view, with_range=with_range),
        lambda: blocks.lineage(data),
    ):
        with suppress(blocks.BadStructure):
            read()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(make.scheme(*[make.prefixed(b"")] * 11), id="more signers than a platform accepts"),
        pytest.param(make.u32(0xFFFFFFFF), id="a length beyond the end"),
        pytest.param(make.scheme(make.prefixed(b"\1\0\0")), id="a length cut short"),
    ],
)
def test_signers_that_claim_too_much_are_refused(value: bytes) -> None:
    with pytest.raises(blocks.BadStructure):
        blocks.signers(memoryview(value), with_range=False)
