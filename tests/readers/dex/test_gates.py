"""Guards: shown where one outcome of the check dominates the call, and nowhere else."""

import itertools
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.readers.dex import gates
from tests.readers.dex.make_dex import Assembly
from tests.readers.dex.reading import IMEI, only, read

CHECK = [
    "invoke-virtual {v5, v6}, Landroid/content/Context;->checkSelfPermission(Ljava/lang/String;)I",
    "move-result v0",
]
AGREED = [
    'const-string v1, "agreed"',
    "const/4 v2, 0",
    "invoke-interface {v5, v1, v2}, Landroid/content/SharedPreferences;->getBoolean(Ljava/lang/String;Z)Z",
    "move-result v0",
]
VERSION = [
    'const-string v1, "rules"',
    'const-string v2, ""',
    "invoke-interface {v5, v1, v2}, Landroid/content/SharedPreferences;"
    "->getString(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;",
    "move-result-object v1",
    'const-string v2, "2026"',
    "invoke-virtual {v2, v1}, Ljava/lang/String;->equals(Ljava/lang/Object;)Z",
    "move-result v0",
]
READ = "invoke-virtual {v9}, " + IMEI
END = ["return-void"]

CASES: dict[str, tuple[list[str], str | None]] = {
    "granted leads to the call": ([*CHECK, "if-nez v0, no", READ, "no:", *END], "checkSelfPermission"),
    "granted by a jump": ([*CHECK, "if-eqz v0, yes", "return-void", "yes:", READ, *END], "checkSelfPermission"),
    "compared with a register that holds 0": (
        [*CHECK, "const/4 v3, 0", "if-ne v0, v3, no", READ, "no:", *END], "checkSelfPermission"),
    "compared with denied": ([*CHECK, "const/4 v3, -1", "if-eq v0, v3, no", READ, "no:", *END], "checkSelfPermission"),
    "the result moved before it is looked at": ([*CHECK, "move v4, v0", "if-nez v4, no", READ, "no:", *END],
                                              "checkSelfPermission"),
    "denied leads to the call": ([*CHECK, "if-eqz v0, no", READ, "no:", *END], None),
    "both ways lead to the call": ([*CHECK, "if-nez v0, ask", "goto go", "ask:", "nop", "go:", READ, *END], None),
    "the result is not looked at": ([*CHECK, READ, *END], None),
    "the result is overwritten": ([*CHECK, "const/4 v0, 0", "if-nez v0, no", READ, "no:", *END], None),
    "the check comes after": ([READ, *CHECK, "if-nez v0, no", "nop", "no:", *END], None),
    "an exception leads past the check": (
        [".try a b h", "a:", "invoke-static {}, Lp/T;->risky()V", *CHECK, "if-nez v0, no", "b:", "go:", READ, "no:", *END,
         "h:", "move-exception v7", "goto go"], None),
    "no path leads to the call at all": (["return-void", *CHECK, "if-nez v0, no", READ, "no:", *END], None),
    "a flag that is set": ([*AGREED, "if-eqz v0, no", READ, "no:", *END], "flag:agreed"),
    "a flag that is not set": ([*AGREED, "if-nez v0, no", READ, "no:", *END], "flag:!agreed"),
    "a flag whose name is not known": (
        ["invoke-interface {v5, v6, v7}, Landroid/content/SharedPreferences;->getBoolean(Ljava/lang/String;Z)Z",
         "move-result v0", "if-eqz v0, no", READ, "no:", *END], "flag:?"),
    "a method of that name on another class is no flag": (
        ["invoke-interface {v5, v6, v7}, Lp/Other;->getBoolean(Ljava/lang/String;Z)Z",
         "move-result v0", "if-eqz v0, no", READ, "no:", *END], None),
    "a method of that name that gives back a boolean": (
        ["invoke-static {v6}, Lp/Own;->checkPermission(Ljava/lang/String;)Z",
         "move-result v0", "if-nez v0, no", READ, "no:", *END], None),
    "the nearer of two": (
        [*CHECK, "if-nez v0, no", *AGREED, "if-eqz v0, no", READ, "no:", *END], "flag:agreed"),
    "granted is made a boolean that is stored": (
        [*CHECK, "if-nez v0, else", "const/4 v1, 1", "goto join", "else:", "const/4 v1, 0", "join:", "move v3, v1",
         "invoke-static {}, Lp/T;->risky()V", "if-eqz v3, no", READ, "no:", *END], "checkSelfPermission"),
    "a boolean that may be true for another reason": (
        ["if-nez v7, yes", *CHECK, "if-nez v0, else", "yes:", "const/4 v1, 1", "goto join", "else:", "const/4 v1, 0",
         "join:", "if-eqz v1, no", READ, "no:", *END], None),
    "both of two": (
        [*CHECK, "if-nez v0, else", *AGREED, "if-eqz v0, else", "const/4 v1, 1", "goto join", "else:", "const/4 v1, 0",
         "join:", "if-eqz v1, no", READ, "no:", *END], "flag:agreed"),
    "a flag that is negated": ([*AGREED, "xor-int/lit8 v0, v0, 1", "if-nez v0, no", READ, "no:", *END], "flag:agreed"),
    "a flag that is negated and not set": (
        [*AGREED, "xor-int/lit8 v0, v0, 1", "if-eqz v0, no", READ, "no:", *END], "flag:!agreed"),
    "a switch over the flag": (
        [*AGREED, "packed-switch v0, cases", "return-void", "one:", READ, *END, "cases:",
         ".units 0x0100 0x0001 0x0001 0x0000 0x0004 0x0000"], "flag:agreed"),
    "a switch over the flag, by the other case": (
        [*AGREED, "packed-switch v0, cases", READ, "return-void", "one:", *END, "cases:",
         ".units 0x0100 0x0001 0x0001 0x0000 0x0007 0x0000"], "flag:!agreed"),
    "a switch by keys": (
        [*AGREED, "sparse-switch v0, cases", "return-void", "one:", READ, *END, "cases:",
         ".units 0x0200 0x0001 0x0001 0x0000 0x0004 0x0000"], "flag:agreed"),
    "a flag that is there at all": (
        ['const-string v1, "agreed"',
         "invoke-interface {v5, v1}, Landroid/content/SharedPreferences;->contains(Ljava/lang/String;)Z",
         "move-result v0", "if-eqz v0, no", READ, "no:", *END], "flag:agreed"),
    "a flag kept as a text": ([*VERSION, "if-eqz v0, no", READ, "no:", *END], "flag:rules"),
    "a flag kept as another text": ([*VERSION, "if-nez v0, no", READ, "no:", *END], "flag:!rules"),
    "a text that says no": (
        [line.replace('"2026"', '"0"') for line in VERSION] + ["if-eqz v0, no", READ, "no:", *END], None),
    "two texts neither of which is kept": (
        ["invoke-virtual {v4, v5}, Ljava/lang/String;->equals(Ljava/lang/Object;)Z", "move-result v0", "if-eqz v0, no",
         READ, "no:", *END], None),
    "in a loop whose every round is checked": (
        ["top:", *CHECK, "if-nez v0, no", READ, "goto top", "no:", *END], "checkSelfPermission"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "gate"), CASES.values(), ids=CASES.keys())
def test_gates(lines: list[str], gate: str | None) -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", lines)
    assert only(read(made)).gate == gate


def test_a_method_too_large_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [*CHECK, "if-nez v0, no", READ, "no:", *END])
    assert read(made).coverage["gates_left_out"] == 0
    monkeypatch.setattr(gates, "_MOST_WORK", 10)
    found = read(made)
    assert (found.coverage["gates_left_out"], only(found).gate) == (1, None)


LABELS = ("l0", "l1", "l2")
STEPS = [
    *([*what, f"move-result v{to}"] for what in ([CHECK[0]], AGREED[:-1]) for to in (3, 4)),
    *([f"const/4 v{to}, {value}"] for to in (3, 4) for value in (0, 1)),
    ["move v3, v4"], ["move v4, v3"], ["xor-int/lit8 v3, v4, 1"], ["xor-int/lit8 v4, v4, 1"],
    *([f"{test} v{one}, {label}"] for one in (3, 4) for test in ("if-eqz", "if-nez") for label in LABELS),
    *([f"if-eq v3, v4, {label}"] for label in LABELS),
    ["invoke-static {}, Lp/T;->risky()V"], ["invoke-static {}, Lp/T;->any()I", "move-result v3"], ["return-void"],
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
    blocks = [*steps, ["return-void"]]
    blocks.insert(min(call, len(steps)), [READ])
    for label, at in (("b", tried), *zip(LABELS, targets, strict=True)):
        at = min(at, len(blocks) - 1)
        blocks[at] = [f"{label}:", *blocks[at]]
    lines = ["a:", "nop", *itertools.chain(*blocks), "h:", "move-exception v5", "goto l0"]
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [".try a b h", *lines])
    gate = only(read(made)).gate
    for _ in range(20 if gate else 0):
        chance = iter(random.choices((-1, 0, 1), k=80))
        failed = {"check": -1} if gate == "checkSelfPermission" else {"flag": int(gate == "flag:!agreed")}
        assert not runs(lines, chance, failed)


def runs(lines: list[str], chance: Iterator[int], failed: dict[str, int]) -> bool:
    """Whether the call is run before chance has no more to say; an exception comes by chance in a try."""
    at, result = 0, 0
    held = {"v3": next(chance), "v4": next(chance)}
    for now in chance:
        while lines[at].endswith(":"):
            at += 1
        line = lines[at]
        op, _, rest = line.partition(" ")
        words = rest.split(", ")
        at += 1
        if line == READ:
            return True
        if op == "return-void":
            return False
        if op.startswith("invoke"):
            kind = "check" if "checkSelf" in line else "flag" if "getBoolean" in line else ""
            result = failed.get(kind, {"check": min(now, 0), "flag": abs(now)}.get(kind, now))
            if now == 1 and lines.index("a:") < at <= lines.index("b:") and "risky" in line:
                at = lines.index("h:")
        elif op == "move-result":
            held[words[0]] = result
        elif op.startswith("const/4"):
            held[words[0]] = int(words[1])
        elif op == "move":
            held[words[0]] = held[words[1]]
        elif op == "xor-int/lit8":
            held[words[0]] = held[words[1]] ^ 1
        elif op == "goto":
            at = lines.index(f"{words[0]}:")
        elif op.startswith("if"):
            other = held[words[1]] if op == "if-eq" else 0
            if (held[words[0]] == other) is (op != "if-nez"):
                at = lines.index(f"{words[-1]}:")
    return False
