"""Guards by way of the app's own methods: shown where one check decides what such a method gives back, and nowhere else."""

import pytest

from tests.readers.dex.make_dex import ABSTRACT, INTERFACE, PUBLIC, STATIC, Assembly
from tests.readers.dex.reading import IMEI, only, read

GET = "Landroid/content/SharedPreferences;->getBoolean(Ljava/lang/String;Z)Z"
CHECK = "Landroid/content/Context;->checkSelfPermission(Ljava/lang/String;)I"
GIVEN = "Lapp/Consent;->given(Landroid/content/Context;)Z"
# The parameters stand in the last registers.
BODY = ['const-string v1, "agreed"', f"invoke-interface {{v9, v1, v2}}, {GET}", "move-result v0"]
PASSED_ON = [*BODY, "return v0"]
READ = "invoke-virtual {v9}, " + IMEI

WRAPPERS: dict[str, tuple[list[str], str | None]] = {
    "the flag is given back": (PASSED_ON, "flag:agreed"),
    "the flag is given back negated": ([*BODY, "xor-int/lit8 v0, v0, 1", "return v0"], "flag:!agreed"),
    "a permission is asked for": (
        [f"invoke-virtual {{v15, v6}}, {CHECK}", "move-result v0", "if-nez v0, no", "const/4 v0, 1", "return v0", "no:",
         "const/4 v0, 0", "return v0"], "checkSelfPermission"),
    "another condition has to hold too": (
        ["if-eqz v7, no", *BODY, "return v0", "no:", "const/4 v0, 0", "return v0"], "flag:agreed"),
    "another condition does as well": (["if-eqz v7, yes", *PASSED_ON, "yes:", "const/4 v0, 1", "return v0"], None),
    "the flag does not decide": ([*BODY, "const/4 v0, 1", "return v0"], None),
    "what is given back is not known": (
        [*BODY, "if-eqz v0, no", "nop", "no:", "invoke-static {}, Lp/T;->any()Z", "move-result v0", "return v0"], None),
    "without the flag it does not come back": (
        [*BODY, "if-eqz v0, no", "const/4 v0, 1", "return v0", "no:", "throw v3"], None),
    "an error counts as agreed": (
        [".try a b h", "a:", *BODY, "b:", "return v0", "h:", "const/4 v0, 1", "return v0"], None),
    "an error counts as not agreed": (
        [".try a b h", "a:", *BODY, "b:", "return v0", "h:", "const/4 v0, 0", "return v0"], "flag:agreed"),
}  # fmt: skip


def calling(target: str, how: str = "invoke-static {v8}", test: str = "if-eqz") -> list[str]:
    return [f"{how}, {target}", "move-result v0", f"{test} v0, no", READ, "no:", "return-void"]


def app(lines: list[str], *more: Assembly) -> Assembly:
    made = more[0] if more else Assembly()
    made.cls("Lapp/Main;").method("go()V", lines)
    return made


def consent(lines: list[str]) -> Assembly:
    made = Assembly()
    made.cls("Lapp/Consent;").method("given(Landroid/content/Context;)Z", lines, PUBLIC | STATIC)
    return made


@pytest.mark.parametrize(("lines", "gate"), WRAPPERS.values(), ids=WRAPPERS.keys())
def test_what_decides_an_answer(lines: list[str], gate: str | None) -> None:
    found = only(read(app(calling(GIVEN), consent(lines))))
    assert found.gate == (gate and f"{gate} via {GIVEN}")


def test_the_other_answer_is_the_other_outcome() -> None:
    assert only(read(app(calling(GIVEN, test="if-nez"), consent(PASSED_ON)))).gate == f"flag:!agreed via {GIVEN}"


@pytest.mark.parametrize("first", ["the caller", "the wrapper"])
def test_the_wrapper_may_stand_in_another_dex_file(first: str) -> None:
    caller, wrapper = (
        app([".try a b h", "a:", *calling(GIVEN)[:-1], "b:", "return-void", "h:", "return-void"]),
        consent(PASSED_ON),
    )
    assert (
        only(read(*((caller, wrapper) if first == "the caller" else (wrapper, caller)))).gate
        == f"flag:agreed via {GIVEN}"
    )


def test_a_wrapper_of_a_wrapper_counts_and_one_of_that_does_not() -> None:
    made = consent(PASSED_ON)
    for name, called in (("second", "given"), ("third", "second")):
        lines = [
            f"invoke-static {{v15}}, Lapp/Consent;->{called}(Landroid/content/Context;)Z",
            "move-result v0",
            "return v0",
        ]
        made.classes[0].method(f"{name}(Landroid/content/Context;)Z", lines, PUBLIC | STATIC)
    second, third = (f"Lapp/Consent;->{name}(Landroid/content/Context;)Z" for name in ("second", "third"))
    assert only(read(app(calling(second), made))).gate == f"flag:agreed via {second}"
    made.classes.pop()
    assert only(read(app(calling(third), made))).gate is None


def test_the_name_of_a_flag_may_be_passed() -> None:
    made = Assembly()
    lines = [f"invoke-interface {{v9, v15, v2}}, {GET}", "move-result v0", "return v0"]
    made.cls("Lapp/Consent;").method("allows(Landroid/content/Context;Ljava/lang/String;)Z", lines, PUBLIC | STATIC)
    allows = "Lapp/Consent;->allows(Landroid/content/Context;Ljava/lang/String;)Z"
    named = ['const-string v3, "rates"', *calling(allows, "invoke-static {v8, v3}")]
    assert only(read(app(named, made))).gate == f"flag:rates via {allows}"
    made.classes.pop()
    assert only(read(app(calling(allows, "invoke-static {v8, v7}"), made))).gate == f"flag:? via {allows}"


INSTANCE = "Lapp/Kept;->given()Z"


def of_object(made: Assembly, *others: str) -> Assembly:
    made.cls("Lapp/Gate;", access=PUBLIC | INTERFACE | ABSTRACT).method("given()Z", None, PUBLIC | ABSTRACT)
    made.cls("Lapp/Kept;", interfaces=("Lapp/Gate;",)).method("given()Z", PASSED_ON)
    for name in others:
        made.cls(name, "Lapp/Kept;").method("given()Z", ["const/4 v0, 1", "return v0"])
    return made


@pytest.mark.parametrize(
    ("target", "how"), [(INSTANCE, "invoke-virtual"), ("Lapp/Gate;->given()Z", "invoke-interface")]
)
def test_an_object_s_method_counts_while_there_is_only_one(target: str, how: str) -> None:
    lines = calling(target, f"{how} {{v8}}")
    assert only(read(app(lines, of_object(Assembly())))).gate == f"flag:agreed via {INSTANCE}"
    assert only(read(app(lines, of_object(Assembly(), "Lapp/Other;")))).gate is None
    later = Assembly()
    later.cls("Lapp/Other;", "Lapp/Kept;").method("given()Z", ["const/4 v0, 1", "return v0"])
    assert only(read(app(lines, of_object(Assembly())), later)).gate is None


def test_the_methods_own_guard_comes_first() -> None:
    own = [f"invoke-virtual {{v5, v6}}, {CHECK}", "move-result v0", "if-nez v0, no"]
    assert only(read(app([*own, *calling(GIVEN)], consent(PASSED_ON)))).gate == "checkSelfPermission"
