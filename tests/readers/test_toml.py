"""TOML of users: as tomllib reads it, but for what would take all memory."""

import pytest

from hegui.readers.toml import loads


@pytest.mark.parametrize(
    "text",
    [
        'a = "com.example.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t"\n[b.c]\n"x.y" = 1\n',
        "note = '''\n" + "第一章 ....... 5\n" * 99 + "'''\n",
        ".".join("a" * 30) + " = 1\n",
    ],
)
def test_keys_and_texts_of_people_are_read(text: str) -> None:
    assert loads(text)


@pytest.mark.parametrize(
    "text",
    ["a." * 40 + "a = 1", "[" + "a . " * 40 + "a]", "x = {" + "'a'." * 40 + "a = 1}", r'"\""' + r'."\""' * 40 + " = 1"],
)
def test_a_key_of_many_steps_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"more than 32 steps \(at line 3\)"):
        loads(f"b = 1\n\n{text}\n")


def test_deep_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        loads("a = " + "[" * 100_000)


@pytest.mark.parametrize("unit", ['"\\', '"a', "'", '"', "a", '\\"', "a.b = ", '".'])
def test_a_megabyte_of_one_thing_is_looked_at_once(unit: str) -> None:
    with pytest.raises(ValueError, match=r"line 1|end of document"):
        loads(unit * ((1 << 20) // len(unit)))
