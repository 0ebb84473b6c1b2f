"""A part of a file that reads like a mapped file."""

import mmap
import random

import pytest

from hegui.readers.apk.window import Window
from tests.readers.apk.make_zip import sound


def test_a_window_reads_like_a_map_of_its_own() -> None:
    chance = random.Random(7)  # noqa: S311
    content = bytes(chance.choice(b"PK\5\6") for _ in range(200_000))
    with mmap.mmap(-1, len(content)) as mapped:
        mapped[:] = content
        window = Window(memoryview(b"before" + content + b"after")[6:-5])
        assert len(window) == len(mapped)
        for start, end in ((0, 4), (5, 5), (199_990, 300_000), (0, 0), (7, 3)):
            assert window[start:end] == mapped[start:end]
        for wanted in (b"PK\5\6", b"PK\5\6PK\5\6", b"absent"):
            for at in (0, 65_530, 131_060, 199_999, 200_000):
                assert window.find(wanted, at) == mapped.find(wanted, at)
                assert window.find(wanted, at, at + 900) == mapped.find(wanted, at, at + 900)
                assert window.rfind(wanted, at) == mapped.rfind(wanted, at)
                assert window.rfind(wanted, 0, at) == mapped.rfind(wanted, 0, at)
        window.close()


@pytest.mark.parametrize("edge", [65_536, 65_535, 65_533])
def test_what_lies_across_two_pieces_is_found(edge: int) -> None:
    content = bytes(edge) + b"PK\5\6" + sound()
    assert Window(memoryview(content)).find(b"PK\5\6") == edge
