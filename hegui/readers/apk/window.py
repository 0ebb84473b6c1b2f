"""A part of a file's bytes that reads like a mapped file of its own: an APK that stands inside another archive."""


class Window:
    """Bytes under a view, by the few operations of `mmap` that reading a container needs. Nothing is copied."""

    __slots__ = ("view",)

    def __init__(self, view: memoryview) -> None:
        self.view = view

    def __len__(self) -> int:
        return len(self.view)

    def __getitem__(self, part: slice) -> bytes:
        return bytes(self.view[part])

    def find(self, wanted: bytes, start: int = 0, end: int | None = None) -> int:
        """Where `wanted` first stands from `start` on; -1 when it does not."""
        stop = len(self.view) if end is None else min(end, len(self.view))
        # In overlapping pieces, for a view has no find of its own.
        for at in range(start, stop, _PIECE):
            found = bytes(self.view[at : min(at + _PIECE + len(wanted) - 1, stop)]).find(wanted)
            if found >= 0:
                return at + found
        return -1

    def rfind(self, wanted: bytes, start: int, end: int | None = None) -> int:
        """Where `wanted` last stands from `start` on; -1 when it does not. Meant for the end of a file: it copies."""
        found = bytes(self.view[start:end]).rfind(wanted)
        return found if found < 0 else start + found

    def close(self) -> None:
        self.view.release()


_PIECE = 1 << 16
