"""Method handles and call sites: the methods an instruction names without an invoke of its own.

Source: Dalvik Executable format, "method_handle_item", "call_site_id_item", "call_site_item", "encoded_value encoding".
"""

from dataclasses import dataclass

from hegui.readers.dex.tables import Dex

# Kinds of method handle that name a method; those below name a field ("Method Handle Type Codes").
_FIRST_INVOKE = 4
_ARRAY, _ANNOTATION, _NULL, _BOOLEAN, _METHOD_HANDLE = 0x1C, 0x1D, 0x1E, 0x1F, 0x16
_DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Handles:
    """`of_handle` and `of_call_site` give the method ids that each method handle and call site names, in order."""

    of_handle: tuple[tuple[int, ...], ...] = ()
    of_call_site: tuple[tuple[int, ...], ...] = ()

    def using(self, methods: "set[int]") -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Of the given methods: those of each handle and of each call site, where there are any."""
        handles = {i: kept for i, named in enumerate(self.of_handle) if (kept := [m for m in named if m in methods])}
        sites = {i: kept for i, named in enumerate(self.of_call_site) if (kept := [m for m in named if m in methods])}
        return handles, sites


_NO_HANDLES = Handles()


def read_handles(dex: Dex) -> Handles:
    """All of a DEX file. Raises Malformed. Versions before 038 have none."""
    if dex.version < "038":
        return _NO_HANDLES
    items, offsets = dex.handles()
    of_handle = tuple(
        (items[i + 1] & 0xFFFF,) if items[i] & 0xFFFF >= _FIRST_INVOKE and items[i + 1] & 0xFFFF < dex.methods_n else ()
        for i in range(0, len(items), 2)
    )
    of_call_site = tuple(_named(dex, at, of_handle) for at in offsets.tolist())
    return Handles(of_handle, of_call_site) if of_handle or of_call_site else _NO_HANDLES


def _named(dex: Dex, at: int, of_handle: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The methods behind the handles in the encoded array of a call site, its bootstrap method first."""
    found: list[int] = []
    _array(dex, at, found, 0)
    return tuple(method for handle in found if handle < len(of_handle) for method in of_handle[handle])


def _array(dex: Dex, at: int, found: list[int], depth: int) -> int:
    count, at = dex.uleb(at)
    if count > len(dex.data) - at or depth > _DEEPEST:
        dex.bad(at, f"an encoded array of {count} values inside the file, nested at most {_DEEPEST} deep")
    for _ in range(count):
        at = _value(dex, at, found, depth)
    return at


def _value(dex: Dex, at: int, found: list[int], depth: int) -> int:
    if at >= len(dex.data):
        dex.bad(at, "an encoded value inside the file")
    kind, size = dex.data[at] & 0x1F, (dex.data[at] >> 5) + 1
    at += 1
    if kind == _ARRAY:
        return _array(dex, at, found, depth + 1)
    if kind == _ANNOTATION:
        _, at = dex.uleb(at)
        count, at = dex.uleb(at)
        for _ in range(min(count, len(dex.data))):
            _, at = dex.uleb(at)
            at = _value(dex, at, found, depth + 1)
        return at
    if kind in (_NULL, _BOOLEAN):
        return at
    if kind == _METHOD_HANDLE:
        found.append(int.from_bytes(dex.data[at : at + size], "little"))
    return at + size
