"""The instruction set (JVMS 6.5): how long each instruction is, and what it does to the operand stack."""

from typing import Final

from hegui.readers.jvm.faults import malformed

LDC, LDC_W, LDC2_W = 0x12, 0x13, 0x14
IINC = 0x84
JSR, RET, TABLESWITCH, LOOKUPSWITCH = 0xA8, 0xA9, 0xAA, 0xAB
GETSTATIC, PUTSTATIC, GETFIELD, PUTFIELD = 0xB2, 0xB3, 0xB4, 0xB5
INVOKEVIRTUAL, INVOKESPECIAL, INVOKESTATIC, INVOKEINTERFACE, INVOKEDYNAMIC = 0xB6, 0xB7, 0xB8, 0xB9, 0xBA
NEW, ATHROW, WIDE, MULTIANEWARRAY = 0xBB, 0xBF, 0xC4, 0xC5
GOTO_W, JSR_W = 0xC8, 0xC9
LAST_OPCODE = JSR_W

_TWO_BYTES = (0x10, LDC, *range(0x15, 0x1A), *range(0x36, 0x3B), RET, 0xBC)
_THREE_BYTES = (
    0x11, LDC_W, LDC2_W, IINC, *range(0x99, 0xA9), *range(GETSTATIC, INVOKEINTERFACE), NEW, 0xBD, 0xC0, 0xC1,
    0xC6, 0xC7,
)  # fmt: skip


def _lengths() -> bytes:
    lengths = bytearray(256)
    for opcode in range(LAST_OPCODE + 1):
        lengths[opcode] = 1
    for opcode in _TWO_BYTES:
        lengths[opcode] = 2
    for opcode in _THREE_BYTES:
        lengths[opcode] = 3
    lengths[MULTIANEWARRAY] = 4
    lengths[INVOKEINTERFACE] = lengths[INVOKEDYNAMIC] = lengths[GOTO_W] = lengths[JSR_W] = 5
    lengths[TABLESWITCH] = lengths[LOOKUPSWITCH] = lengths[WIDE] = 0
    return bytes(lengths)


# Length in bytes; 0 where it does not hang on the opcode alone, or there is no such instruction.
LENGTH: Final = _lengths()


def length_of(data: bytes, at: int, start: int, end: int, file: str) -> int:
    """The length of the instruction at `at` of the code array data[start:end].

    Raises Malformed when there is no such instruction, or it runs past the end.
    """
    opcode = data[at]
    length = LENGTH[opcode] or _variable_length(data, at, start, end, file)
    if at + length > end:
        raise malformed(
            file, at, f"指令 0x{opcode:02x} 超出方法末尾", f"instruction 0x{opcode:02x} runs past the end of the method"
        )
    return length


def _variable_length(data: bytes, at: int, start: int, end: int, file: str) -> int:
    opcode = data[at]
    if opcode == WIDE and at + 1 < end:
        changed = data[at + 1]
        if changed == IINC:
            return 6
        if changed == RET or 0x15 <= changed <= 0x19 or 0x36 <= changed <= 0x3A:
            return 4
    elif opcode in (TABLESWITCH, LOOKUPSWITCH):
        # The operands begin at a multiple of four bytes from the start of the code (JVMS 6.5 tableswitch).
        operands = at + 4 - (at - start) % 4
        need = 12 if opcode == TABLESWITCH else 8
        if operands + need <= end:
            first = int.from_bytes(data[operands + 4 : operands + 8], signed=True)
            last = int.from_bytes(data[operands + 8 : operands + 12], signed=True)
            count = first if opcode == LOOKUPSWITCH else last - first + 1
            size = operands + need - at + count * (4 if opcode == TABLESWITCH else 8)
            if count >= (opcode == TABLESWITCH) and at + size <= end:
                return size
        raise malformed(
            file,
            at,
            f"switch 指令 0x{opcode:02x} 的分支表不在方法内",
            f"the jump table of switch 0x{opcode:02x} does not fit into the method",
        )
    raise malformed(
        file, at, f"应为指令，却是 0x{opcode:02x}", f"expected an instruction, found the undefined 0x{opcode:02x}"
    )


# What an instruction takes from and gives to the operand stack, in slots; a long or double fills two (JVMS 2.6.2).
# Left out: those that copy or move values, loads, stores, constants, calls and field access, multianewarray.
_SLOTS: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (0, 0, (0x00, 0x84, 0xA7, 0xB1, 0xC8, RET)),
    (0, 1, (JSR, JSR_W, NEW)),
    (1, 0, (0x57, *range(0x99, 0x9F), TABLESWITCH, LOOKUPSWITCH, 0xAC, 0xAE, 0xB0, ATHROW, 0xC2, 0xC3, 0xC6, 0xC7)),
    (1, 1, (0x74, 0x76, 0x86, 0x8B, 0x91, 0x92, 0x93, 0xBC, 0xBD, 0xBE, 0xC0, 0xC1)),
    (1, 2, (0x85, 0x87, 0x8C, 0x8D)),
    (2, 0, (0x58, *range(0x9F, 0xA7), 0xAD, 0xAF)),
    (2, 1, (
        0x2E, 0x30, 0x32, 0x33, 0x34, 0x35, 0x60, 0x62, 0x64, 0x66, 0x68, 0x6A, 0x6C, 0x6E, 0x70, 0x72, 0x78, 0x7A,
        0x7C, 0x7E, 0x80, 0x82, 0x88, 0x89, 0x8E, 0x90, 0x95, 0x96,
    )),
    (2, 2, (0x2F, 0x31, 0x75, 0x77, 0x8A, 0x8F)),
    (3, 0, (0x4F, 0x51, 0x53, 0x54, 0x55, 0x56)),
    (3, 2, (0x79, 0x7B, 0x7D)),
    (4, 0, (0x50, 0x52)),
    (4, 1, (0x94, 0x97, 0x98)),
    (4, 2, (0x61, 0x63, 0x65, 0x67, 0x69, 0x6B, 0x6D, 0x6F, 0x71, 0x73, 0x7F, 0x81, 0x83)),
)  # fmt: skip

SLOTS: Final = {opcode: (takes, gives) for takes, gives, opcodes in _SLOTS for opcode in opcodes}

# dup, dup_x1, dup_x2, dup2, dup2_x1, dup2_x2, swap: how many slots are taken, and which of them, counted from the
# bottom of those taken, are put back in which order.
MOVES: Final[dict[int, tuple[int, tuple[int, ...]]]] = {
    0x59: (1, (0, 0)),
    0x5A: (2, (1, 0, 1)),
    0x5B: (3, (2, 0, 1, 2)),
    0x5C: (2, (0, 1, 0, 1)),
    0x5D: (3, (1, 2, 0, 1, 2)),
    0x5E: (4, (2, 3, 0, 1, 2, 3)),
    0x5F: (2, (1, 0)),
}
