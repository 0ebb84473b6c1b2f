"""Guards by way of an SDK's own methods, in class files."""

import pytest

from hegui.readers.dex.targets import Target, Targets
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.graph import Graph, typed
from hegui.readers.jvm.sites import Wanted, scan
from hegui.readers.jvm.wrappers import wrapped
from tests.readers.jvm.make_class import ABSTRACT, DEVICE_ID, INTERFACE, PUBLIC, STATIC, TELEPHONY, Class, two

PREFERENCES = "android/content/SharedPreferences"
STRING = "Ljava/lang/String;"
GET = f"({STRING}Z)Z"
TAKES = f"(L{PREFERENCES};)Z"
GIVEN = f"Lp/Consent;->given{TAKES}"
RETURN_1, RETURN_0 = b"\x04\xac", b"\x03\xac"


def flag(made: Class, name: str | None = "agreed") -> bytes:
    """aload_0, the name (without one: aload_1), iconst_0, getBoolean."""
    key = b"\x13" + two(made.pool.string(name)) if name else b"\x2b"
    return b"\x2a" + key + b"\x03\xb9" + two(made.pool.interface_method(PREFERENCES, "getBoolean", GET)) + b"\x03\0"


def consent() -> Class:
    made = Class(name="p/Consent")
    return made.method("given", TAKES, flag(made) + b"\xac", PUBLIC | STATIC)


def caller(call: bytes, made: Class) -> Class:
    """aload_0 passed to the call, then the device id is read unless it gives back 0."""
    read = b"\x2b\xb6" + two(made.pool.method(TELEPHONY, "getDeviceId", f"(){STRING}")) + b"\x57"
    code = b"\x2a" + call + b"\x99" + two(3 + len(read)) + read + b"\xb1"
    return made.method("go", f"(L{PREFERENCES};L{TELEPHONY};)V", code, PUBLIC | STATIC)


def calling(owner: str, name: str, descriptor: str = TAKES) -> Class:
    made = Class(name="p/Main")
    return caller(b"\xb8" + two(made.pool.method(owner, name, descriptor)), made)


def gate(*made: Class) -> str | None:
    """That of the only site of the first class, of all these."""
    files = {typed(each.name): each for each in (ClassFile(one.file(), f"{one.name}.class") for one in made)}
    graph = Graph()
    for each in files.values():
        graph.add(each)
    graph.finish()
    calls, left_out = wrapped(graph, files.values(), files.get)
    assert not left_out
    main = next(iter(files.values()))
    (site,) = scan(main, Wanted(Targets([Target("device", "method", (DEVICE_ID,))])), graph, None, calls).sites
    return site.gate


def test_a_method_that_gives_back_the_flag() -> None:
    assert gate(calling("p/Consent", "given"), consent()) == f"flag:agreed via {GIVEN}"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("the flag and something else", f"flag:agreed via {GIVEN}"),
        ("the flag or something else", None),
    ],
)
def test_another_condition(condition: str, expected: str | None) -> None:
    made = Class(name="p/Consent")
    other = b"\xb8" + two(made.pool.method("p/T", "any", "()Z"))
    jump = b"\x99" if condition == "the flag and something else" else b"\x9a"
    rest = flag(made) + b"\xac"
    code = other + jump + two(3 + len(rest)) + rest + (RETURN_0 if jump == b"\x99" else RETURN_1)
    made.method("given", TAKES, code, PUBLIC | STATIC)
    assert gate(calling("p/Consent", "given"), made) == expected


def test_a_method_that_asks_such_a_method() -> None:
    made = consent()
    for name, called in (("second", "given"), ("third", "second")):
        made.method(
            name, TAKES, b"\x2a\xb8" + two(made.pool.method("p/Consent", called, TAKES)) + b"\xac", PUBLIC | STATIC
        )
    assert gate(calling("p/Consent", "second"), made) == f"flag:agreed via Lp/Consent;->second{TAKES}"
    assert gate(calling("p/Consent", "third"), made) is None


def test_the_name_of_a_flag_may_be_passed() -> None:
    takes = f"(L{PREFERENCES};{STRING})Z"
    made = Class(name="p/Consent")
    made.method("allows", takes, flag(made, None) + b"\xac", PUBLIC | STATIC)
    main = Class(name="p/Main")
    call = b"\x13" + two(main.pool.string("rates")) + b"\xb8" + two(main.pool.method("p/Consent", "allows", takes))
    assert gate(caller(call, main), made) == f"flag:rates via Lp/Consent;->allows{takes}"


def test_a_flag_kept_as_a_text() -> None:
    made = Class(name="p/Consent")
    pool = made.pool
    code = b"\x13" + two(pool.string("2026")) + b"\x2a\x13" + two(pool.string("rules")) + b"\x01\xb9"
    code += two(pool.interface_method(PREFERENCES, "getString", f"({STRING}{STRING}){STRING}")) + b"\x03\0\xb6"
    code += two(pool.method("java/lang/String", "equals", "(Ljava/lang/Object;)Z")) + b"\xac"
    made.method("given", TAKES, code, PUBLIC | STATIC)
    assert gate(calling("p/Consent", "given"), made) == f"flag:rules via {GIVEN}"


@pytest.mark.parametrize("more", [(), ("p/Other",)])
def test_an_interface_s_method_counts_while_one_class_has_it(more: tuple[str, ...]) -> None:
    above = Class(name="p/Gate", access=PUBLIC | INTERFACE | ABSTRACT)
    above.method("given", "()Z", None, PUBLIC | ABSTRACT)
    kept = Class(name="p/Kept", interfaces=("p/Gate",))
    kept.method("given", "()Z", flag(kept) + b"\xac")
    others = [Class(name=name, interfaces=("p/Gate",)).method("given", "()Z", RETURN_1) for name in more]
    main = Class(name="p/Main")
    call = b"\xb9" + two(main.pool.interface_method("p/Gate", "given", "()Z")) + b"\x01\0"
    assert gate(caller(call, main), above, kept, *others) == (None if more else "flag:agreed via Lp/Kept;->given()Z")
