"""One pass over all code of a DEX file: what each method refers to.

The methods are walked side by side, an instruction of each at a time, so that the loop over them runs in numpy. Those that
are still under way when few are left, and those that come upon a payload, are left to the pattern of `code.tokens`.
Source: Dalvik bytecode, "Summary of bytecode set".
"""

from dataclasses import dataclass

import numpy as np

from hegui.readers.dex.code import LENGTHS, SAID, tokens
from hegui.readers.dex.tables import Column, Dex, Methods

# How many times over the code of a file may be shared by its methods: hostile ones could share all of it.
_SHARED = 8
# With fewer methods under way than this, a step of numpy costs more than it saves.
_FEW = 48
_PAYLOADS = (0x100, 0x200, 0x300)
# Longer than any code: no instruction, so that the walk ends there.
_NO_LENGTH = 1 << 30


def _of_units() -> tuple[Column, Column]:
    """By first code unit: the length of the instruction in code units, and whether what it refers to is told."""
    opcodes = np.arange(1 << 16) & 0xFF
    lengths = np.frombuffer(LENGTHS, np.uint8).astype(np.int64)[opcodes]
    lengths[list(_PAYLOADS)] = _NO_LENGTH
    is_said = np.zeros(256, np.bool_)
    is_said[list(SAID)] = True
    return lengths, is_said[opcodes]


_LENGTHS, _IS_SAID = _of_units()


@dataclass(frozen=True, slots=True)
class Walked:
    """`references` of all methods in order, each opcode | index << 16; those of method n end at `ends[n]`.

    `failed` counts the methods that have code which is not inside the file, or not whole instructions.
    """

    references: Column
    ends: Column
    failed: int


def walk(dex: Dex, methods: Methods) -> Walked:
    """What the code of a DEX file refers to: types, static fields, methods, call sites and method handles."""
    units = np.frombuffer(dex.data, "<u2", len(dex.data) // 2)
    owners, begins, ends, failed = _bodies(dex, methods)
    found_by: list[Column] = []
    found_at: list[Column] = []
    late: list[tuple[int, int, int]] = []
    # The smaller the numbers of the methods, the quicker they are sorted.
    at, stop, owner = begins, ends, owners.astype(np.min_scalar_type(len(methods.index)))
    while len(at):
        if len(at) < _FEW:
            late += zip(owner.tolist(), at.tolist(), stop.tolist(), strict=True)
            break
        # `take` is quicker than an index in brackets.
        first = units.take(at)
        following = at + _LENGTHS.take(first)
        said = np.flatnonzero(_IS_SAID.take(first))
        beyond = following > stop
        if beyond.any():
            late += zip(owner[beyond].tolist(), at[beyond].tolist(), stop[beyond].tolist(), strict=True)
            said = said[~beyond[said]]
        found_by.append(owner.take(said))
        found_at.append(at.take(said))
        goes_on = np.flatnonzero(following < stop)
        at, stop, owner = following.take(goes_on), stop.take(goes_on), owner.take(goes_on)
    places = np.concatenate([np.zeros(0, np.int64), *found_at])
    # The registers of an instruction are no part of what it refers to.
    found: list[Column] = [(units.take(places) & 0xFF) | units.take(places + 1).astype(np.uint32) << np.uint32(16)]
    for method, place, end in late:
        rest, whole = tokens(dex.data, 2 * place, 2 * end)
        failed += not whole
        more = np.frombuffer(rest, "<u4") & np.uint32(0xFFFF00FF)
        found_by.append(np.full(len(more), method, owner.dtype))
        found.append(more)
    by = np.concatenate([np.zeros(0, owner.dtype), *found_by])
    order = np.argsort(by, kind="stable")
    counts = np.bincount(by, minlength=len(methods.index))
    return Walked(np.concatenate(found).take(order), np.cumsum(counts), failed)


def _bodies(dex: Dex, methods: Methods) -> tuple[Column, Column, Column, int]:
    """The numbers of the methods with code; where it begins and ends, in code units; how many have it outside the file."""
    size = len(dex.data)
    words = np.frombuffer(dex.data, "<u4", size // 4)
    owners = np.flatnonzero(np.array(methods.code_off, np.uint32))
    at = np.array(methods.code_off, np.int64)[owners]
    inside = (at & 3 == 0) & (at + 16 <= size)
    begins = at + 16
    ends = begins + 2 * words[np.where(inside, at >> 2, -3) + 3].astype(np.int64)
    inside &= ends <= size
    inside &= np.cumsum(np.where(inside, ends - at, 0)) <= _SHARED * size
    failed = len(owners) - int(np.count_nonzero(inside))
    inside &= ends > begins
    return owners[inside], begins[inside] >> 1, ends[inside] >> 1, failed
