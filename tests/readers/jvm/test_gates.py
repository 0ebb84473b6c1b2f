"""Guards in class files: shown where one outcome of the check dominates the call, and nowhere else."""

import itertools
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator
from operator import eq, lt, ne
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.dex.targets import Target, Targets
from hegui.readers.jvm import gates
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.sites import Scanned, Wanted, scan
from tests.readers.jvm.make_class import DEVICE_ID, TELEPHONY, Class, Made, two

CONTEXT = "android/content/Context"
PREFERENCES = "android/content/SharedPreferences"
JUMPS = {
    "ifeq": 0x99, "ifne": 0x9A, "iflt": 0x9B, "ifge": 0x9C, "ifgt": 0x9D, "ifle": 0x9E, "if_icmpeq": 0x9F,
    "if_icmpne": 0xA0, "goto": 0xA7, "jsr": 0xA8, "ifnull": 0xC6,
}  # fmt: skip
PLAIN = {
    "nop": b"\x00", "aconst_null": b"\x01", "iconst_m1": b"\x02", "iconst_0": b"\x03", "iconst_1": b"\x04",
    "iload_2": b"\x1c", "iload_3": b"\x1d", "aload_1": b"\x2b", "istore_2": b"\x3d", "istore_3": b"\x3e",
    "astore_3": b"\x4e", "pop": b"\x57", "ineg": b"\x74", "iinc_2": b"\x84\x02\x01", "ret_3": b"\xa9\x03",
    "return": b"\xb1", "athrow": b"\xbf",
}  # fmt: skip

CHECK = ["check"]
READ = ["aload_1", "read", "pop"]
END = ["no:", "return"]
GRANTED = "checkSelfPermission"


def assembled(made: Class, lines: list[str]) -> Made:
    """A method from instructions and labels; `.try a b h` has an exception from a to b go on at h.

    check, own_check, flag, other_flag, read, risky and unknown are calls; flag may have a NAME. tableswitch and
    lookupswitch take `default key=label…`.
    """
    pool = made.pool
    string = "Ljava/lang/String;"
    calls = {
        "check": b"\x01\x01\xb6" + two(pool.method(CONTEXT, "checkSelfPermission", f"({string})I")),
        "own_check": b"\x01\xb8" + two(pool.method("p/Own", "checkPermission", f"({string})Z")),
        "read": b"\xb6" + two(pool.method(TELEPHONY, "getDeviceId", f"(){string}")),
        "risky": b"\xb8" + two(pool.method("p/Own", "risky", "()V")),
        "unknown": b"\xb8" + two(pool.method("p/Own", "unknown", "()I")),
    }
    get = f"({string}Z)Z"
    flags = {
        "flag": b"\xb9" + two(pool.interface_method(PREFERENCES, "getBoolean", get)) + b"\x03\0",
        "other_flag": b"\xb6" + two(pool.method("p/Own", "getBoolean", get)),
    }
    places: dict[str, int] = {}
    code = b""
    # The second time, all labels are known.
    for _ in range(2):
        code = b""
        for line in lines:
            op, *words = line.split()
            at = len(code)
            if op.endswith(":"):
                places[op[:-1]] = at
            elif op in JUMPS:
                code += bytes([JUMPS[op]]) + struct.pack(">h", places.get(words[0], at) - at)
            elif op in ("tableswitch", "lookupswitch"):
                keys = [int(each.partition("=")[0]) for each in words[1:]]
                default, *ways = [places.get(each.rpartition("=")[2], at) - at for each in words]
                code += b"\xaa" if op == "tableswitch" else b"\xab"
                code += b"\0" * (-len(code) % 4)
                if op == "tableswitch":
                    code += struct.pack(f">3i{len(ways)}i", default, keys[0], keys[-1], *ways)
                else:
                    pairs = itertools.chain(*zip(keys, ways, strict=True))
                    code += struct.pack(f">2i{2 * len(keys)}i", default, len(keys), *pairs)
            elif op in flags:
                # The preferences, the key (without a name, an object that is not known) and what stands for no value.
                code += b"\x01" + (b"\x13" + two(pool.string(words[0])) if words else b"\x2b") + b"\x03" + flags[op]
            elif op != ".try":
                code += calls.get(op) or PLAIN[op]
    handlers = []
    for line in lines:
        if line.startswith(".try"):
            start, end, handler = (places[label] for label in line.split()[1:])
            handlers.append((start, end, handler, 0))
    return Made("go", f"(L{TELEPHONY};)V", code, handlers=tuple(handlers))


def read(lines: list[str]) -> Scanned:
    made = Class()
    made.methods.append(assembled(made, lines))
    found = scan(ClassFile(made.file(), "Lantern.class"), Wanted(Targets([Target("device", "method", (DEVICE_ID,))])))
    assert not found.faults
    return found


CASES: dict[str, tuple[list[str], str | None]] = {
    "granted leads to the call": ([*CHECK, "ifne no", *READ, *END], GRANTED),
    "granted by a jump": ([*CHECK, "ifeq yes", "return", "yes:", *READ, "return"], GRANTED),
    "denied returns early": ([*CHECK, "ifeq go", "risky", "return", "go:", "nop", "risky", *READ, "return"], GRANTED),
    "compared with 0 on the stack": ([*CHECK, "iconst_0", "if_icmpne no", *READ, *END], GRANTED),
    "compared with denied": ([*CHECK, "iconst_m1", "if_icmpeq no", *READ, *END], GRANTED),
    "less than granted": ([*CHECK, "iflt no", *READ, *END], GRANTED),
    "at least granted": ([*CHECK, "ifge go", "return", "go:", *READ, "return"], GRANTED),
    "kept in a local": ([*CHECK, "istore_2", "risky", "iload_2", "ifne no", *READ, *END], GRANTED),
    "made a boolean first": (
        [*CHECK, "ifne f", "iconst_1", "goto b", "f:", "iconst_0", "b:", "istore_2", "iload_2", "ifeq no", *READ, *END],
        GRANTED,
    ),
    "a boolean that is negated": (
        [*CHECK, "ifne f", "iconst_1", "goto b", "f:", "iconst_0", "b:", "ifne g", "iconst_1", "goto c", "g:", "iconst_0",
         "c:", "ifne no", *READ, *END],
        GRANTED,
    ),
    "a boolean set where an exception may come between": (
        ["iconst_0", "istore_2", ".try a b h", "a:", *CHECK, "ifne f", "iconst_1", "goto s", "f:", "iconst_0", "s:",
         "istore_2", "b:", "goto go", "h:", "pop", "go:", "iload_2", "ifeq no", *READ, *END],
        GRANTED,
    ),
    "switched on": ([*CHECK, "tableswitch no -1=no 0=go", "go:", *READ, *END], GRANTED),
    "looked up": ([*CHECK, "lookupswitch no 0=go 7=no", "go:", *READ, *END], GRANTED),
    "the default of a switch": ([*CHECK, "tableswitch go -1=no", "go:", *READ, *END], GRANTED),
    "the default of a look-up": ([*CHECK, "lookupswitch go -1=no", "go:", *READ, *END], GRANTED),
    "in a loop whose every round is checked": (["top:", *CHECK, "ifne no", *READ, "goto top", *END], GRANTED),
    "denied goes round until granted": (["top:", *CHECK, "ifeq go", "risky", "goto top", "go:", *READ, "return"], GRANTED),
    "in a try": ([".try a b h", "a:", *CHECK, "ifne no", *READ, "b:", "goto no", "h:", "pop", *END], GRANTED),
    "what catches the exception of the call": (
        [*CHECK, "ifne no", ".try a b h", "a:", "risky", "b:", "goto no", "h:", "pop", *READ, *END], GRANTED),
    "denied throws": ([*CHECK, "ifeq go", "aconst_null", "athrow", "go:", *READ, "return"], GRANTED),
    "in a subroutine": (
        [*CHECK, "ifne no", "jsr sub", "goto no", "sub:", "astore_3", *READ, "ret_3", *END], GRANTED),
    "denied leads to the call": ([*CHECK, "ifeq no", *READ, *END], None),
    "both ways lead to the call": ([*CHECK, "ifne ask", "goto go", "ask:", "risky", "go:", *READ, "return"], None),
    "the result is not looked at": ([*CHECK, "pop", *READ, "return"], None),
    "the result is stored and never looked at": ([*CHECK, "istore_2", *READ, "return"], None),
    "the result is overwritten": ([*CHECK, "istore_2", "unknown", "istore_2", "iload_2", "ifne no", *READ, *END], None),
    "the result is counted up": ([*CHECK, "istore_2", "iinc_2", "iload_2", "ifne no", *READ, *END], None),
    "the result is computed with": ([*CHECK, "ineg", "ifne no", *READ, *END], None),
    "another way puts a number there": (
        ["unknown", "ifne other", *CHECK, "goto b", "other:", "iconst_0", "b:", "ifne no", *READ, *END], None),
    "one of two checks is enough": (
        [*CHECK, "ifeq go", *CHECK, "ifne no", "go:", *READ, *END], None),
    "only below a version": (["unknown", "iflt go", *CHECK, "ifne no", "go:", *READ, *END], None),
    "compared with an unknown number": ([*CHECK, "unknown", "if_icmpne no", *READ, *END], None),
    "compared with a number that is never given back": ([*CHECK, "iconst_1", "if_icmpne no", *READ, *END], None),
    "the check comes after": ([*READ, *CHECK, "ifne no", "nop", *END], None),
    "the check comes after, in a loop": (["top:", *READ, *CHECK, "ifeq top", "return"], None),
    "an exception leads past the check": (
        [".try a b h", "a:", "risky", *CHECK, "ifne no", "b:", "goto go", "h:", "pop", "go:", *READ, *END], None),
    "a finally runs either way": (
        [".try a b h", "a:", *CHECK, "ifne b", "risky", "b:", *READ, "return", "h:", "athrow"], None),
    "no way leads to the call at all": (["return", *CHECK, "ifne no", *READ, *END], None),
    "both cases of a switch": ([*CHECK, "tableswitch no -1=go 0=go", "go:", *READ, *END], None),
    "a method of that name that gives back a boolean": (["own_check", "ifne no", *READ, *END], None),
    "a flag that is set": (["flag agreed", "ifeq no", *READ, *END], "flag:agreed"),
    "a flag that is not set": (["flag agreed", "ifne no", *READ, *END], "flag:!agreed"),
    "a flag compared with true": (["flag agreed", "iconst_1", "if_icmpne no", *READ, *END], "flag:agreed"),
    "a flag that is switched on": (["flag agreed", "tableswitch no 0=no 1=go", "go:", *READ, *END], "flag:agreed"),
    "a flag whose name is not known": (["flag", "ifeq no", *READ, *END], "flag:?"),
    "a flag that is neither": (["flag agreed", "iconst_m1", "if_icmpne no", *READ, *END], None),
    "a method of that name on another class is no flag": (["other_flag agreed", "ifeq no", *READ, *END], None),
    "the nearer of two": ([*CHECK, "ifne no", "flag agreed", "ifeq no", *READ, *END], "flag:agreed"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "gate"), CASES.values(), ids=CASES.keys())
def test_gates(lines: list[str], gate: str | None) -> None:
    (site,) = read(lines).sites
    assert site.gate == gate


def test_each_call_has_its_own_guard() -> None:
    lines = [
        *READ,
        *CHECK,
        "ifne no",
        *READ,
        "return",
        "no:",
        *READ,
        "flag agreed",
        "ifeq end",
        *READ,
        "end:",
        "return",
    ]
    assert [site.gate for site in read(lines).sites] == [None, GRANTED, None, "flag:agreed"]


def test_code_that_is_not_valid_has_no_guards() -> None:
    # Two ways meet with stacks of different heights.
    (site,) = read(["unknown", "ifne a", "iconst_0", "a:", *CHECK, "ifne no", *READ, *END]).sites
    assert site.gate is None


def test_a_method_too_large_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*CHECK, "ifne no", *READ, *END]
    assert read(lines).gates_left_out == 0
    monkeypatch.setattr(gates, "_MOST_WORK", 10)
    found = read(lines)
    assert (found.gates_left_out, [site.gate for site in found.sites]) == (1, [None])


LABELS = ("l0", "l1", "l2")
STEPS = [
    *([*what, keep] for what in (["check"], ["flag agreed"], ["iconst_0"], ["iconst_1"], ["unknown"])
      for keep in ("istore_2", "istore_3")),
    *([load, f"{test} {label}"] for load in ("iload_2", "iload_3", "check", "flag agreed")
      for test in ("ifeq", "ifne", "iflt") for label in LABELS),
    *(["iload_2", "iload_3", f"if_icmpeq {label}"] for label in LABELS),
    *(["iload_2", f"{switch} {label} -1=l0 0=l1"] for switch in ("tableswitch", "lookupswitch") for label in LABELS),
    ["risky"], ["risky"], ["return"],
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12),
    labels=st.lists(st.integers(0, 12), min_size=5, max_size=5),
    random=st.randoms(use_true_random=True),
)
def test_what_is_guarded_never_runs_when_the_check_fails(
    steps: list[list[str]], labels: list[int], random: Random
) -> None:
    """Code made by chance, whose beginning is in a try, is run by chance, but with a check that always fails."""
    *targets, call, tried = labels
    blocks = [*steps, ["return"]]
    blocks.insert(min(call, len(steps)), READ)
    for label, at in (("b", tried), *zip(LABELS, targets, strict=True)):
        at = min(at, len(blocks) - 1)
        blocks[at] = [f"{label}:", *blocks[at]]
    lines = ["a:", "nop", *itertools.chain(*blocks), "h:", "pop", "goto l0"]
    (site,) = read([".try a b h", *lines]).sites
    for _ in range(20 if site.gate else 0):
        chance = iter(random.choices((-1, 0, 1), k=80))
        if site.gate == GRANTED:
            assert not runs(lines, chance, check=-1)
        else:
            assert not runs(lines, chance, flag=int(site.gate == "flag:!agreed"))


def runs(lines: list[str], chance: Iterator[int], check: int | None = None, flag: int | None = None) -> bool:
    """Whether the call is run before chance has no more to say; an exception comes by chance in a try."""
    at, local = 0, {"2": next(chance), "3": next(chance)}
    stack: list[int] = []

    def to(label: str) -> int:
        return lines.index(f"{label}:")

    for now in chance:
        while lines[at].endswith(":"):
            at += 1
        op, *words = lines[at].split()
        at += 1
        if op == "read":
            return True
        if op == "return":
            return False
        if op in ("check", "flag", "unknown"):
            stack.append({"check": min(now, 0) if check is None else check, "unknown": now}.get(op, abs(now)))
            if op == "flag" and flag is not None:
                stack[-1] = flag
        elif op == "risky":
            if now == 1 and to("a") < at <= to("b"):
                at, stack = to("h"), [0]
        elif op == "aload_1":
            stack.append(0)
        elif op == "pop":
            stack.pop()
        elif op == "nop":
            continue
        elif op.startswith("iconst"):
            stack.append(int(op[-1]))
        elif op.startswith("istore"):
            local[op[-1]] = stack.pop()
        elif op.startswith("iload"):
            stack.append(local[op[-1]])
        elif op == "goto":
            at = to(words[0])
        elif op in ("tableswitch", "lookupswitch"):
            cases = dict(each.split("=") for each in words[1:])
            at = to(cases.get(str(stack.pop()), words[0]))
        else:
            right = stack.pop() if op == "if_icmpeq" else 0
            if {"ifeq": eq, "if_icmpeq": eq, "ifne": ne, "iflt": lt}[op](stack.pop(), right):
                at = to(words[0])
    return False


# What each method is named for is what must be found in it.
JAVA = """
package p;
import android.content.*;
import android.telephony.TelephonyManager;
class Compiled {
  Context c; SharedPreferences s; TelephonyManager t;
  static final String KEY = "agreed";
  String granted_early() { if (c.checkSelfPermission("p") != 0) return null; return t.getDeviceId(); }
  String granted_else() { if (c.checkSelfPermission("p") == -1) { return "no"; } else { return t.getDeviceId(); } }
  String granted_boolean() {
    boolean ok = c.checkSelfPermission("p") == 0;
    System.gc();
    return !ok ? "" : t.getDeviceId();
  }
  String granted_try() {
    boolean ok = false;
    try { ok = c.checkSelfPermission("p") == 0; } catch (RuntimeException e) { System.gc(); } finally { System.gc(); }
    if (ok) { synchronized (this) { return t.getDeviceId(); } }
    return "";
  }
  String granted_both() {
    if (c.checkSelfPermission("p") == 0 && c.checkSelfPermission("q") == 0) return t.getDeviceId();
    return "";
  }
  String granted_switch() {
    switch (c.checkSelfPermission("p")) { case 0: return t.getDeviceId(); case 5: return "five"; default: return ""; }
  }
  String granted_loop(String[] all) {
    for (String one : all) if (c.checkSelfPermission(one) != 0) return "";
    boolean ok = false;
    for (String one : all) { ok = c.checkSelfPermission(one) == 0; if (!ok) break; }
    return ok ? t.getDeviceId() : "";
  }
  String set_flag() { return s.getBoolean(KEY, false) ? t.getDeviceId() : ""; }
  String unset_flag() { return s.getBoolean(KEY, false) ? "" : t.getDeviceId(); }
  String none_either() {
    if (c.checkSelfPermission("p") == 0 || c.checkSelfPermission("q") == 0) return t.getDeviceId();
    return "";
  }
  String none_ignored() { c.checkSelfPermission("p"); return t.getDeviceId(); }
  String none_denied() { return c.checkSelfPermission("p") == 0 ? "" : t.getDeviceId(); }
  String copied_finally() { try { if (c.checkSelfPermission("p") != 0) return ""; } finally { t.getDeviceId(); } return ""; }
  String none_later() { String d = t.getDeviceId(); return c.checkSelfPermission("p") == 0 ? d : ""; }
  String none_swallowed() {
    try { if (c.checkSelfPermission("p") != 0) return ""; } catch (RuntimeException e) { System.gc(); }
    return t.getDeviceId();
  }
}
"""
STUBS = {
    "android/content/Context": "public abstract class Context { public abstract int checkSelfPermission(String p); }",
    "android/content/SharedPreferences": "public interface SharedPreferences { boolean getBoolean(String k, boolean d); }",
    "android/telephony/TelephonyManager": "public class TelephonyManager { public String getDeviceId() { return null; } }",
}
# A finally is compiled once for every way out of its try, so that some of the calls are guarded.
EXPECTED = {
    "granted": {GRANTED},
    "set": {"flag:agreed"},
    "unset": {"flag:!agreed"},
    "none": {None},
    "copied": {GRANTED, None},
}


@pytest.mark.skipif(shutil.which("javac") is None, reason="needs javac of a JDK")
def test_what_javac_makes_of_guards(tmp_path: Path) -> None:
    sources = {name: f"package {name.rpartition('/')[0].replace('/', '.')};\n{text}" for name, text in STUBS.items()}
    for name, text in (sources | {"p/Compiled": JAVA}).items():
        path = tmp_path / f"{name}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(
        ["javac", "-proc:none", "-nowarn", "-d", tmp_path, *tmp_path.rglob("*.java")], check=True, capture_output=True
    )
    class_file = ClassFile((tmp_path / "p/Compiled.class").read_bytes(), "Compiled.class")
    sites = scan(class_file, Wanted(Targets([Target("device", "method", (DEVICE_ID,))]))).sites
    found: dict[str, set[str | None]] = {}
    for site in sites:
        found.setdefault(site.method.partition("(")[0], set()).add(site.gate)
    assert found == {name: EXPECTED[name.partition("_")[0]] for name in re.findall(r"String (\w+)\(", JAVA)}
