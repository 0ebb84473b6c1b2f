"""Guards: shown where one outcome of the check dominates the call, and nowhere else."""

import pytest

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
    "in a loop whose every round is checked": (
        ["top:", *CHECK, "if-nez v0, no", READ, "goto top", "no:", *END], "checkSelfPermission"),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "gate"), CASES.values(), ids=CASES.keys())
def test_gates(lines: list[str], gate: str | None) -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", lines)
    assert only(read(made)).gate == gate
