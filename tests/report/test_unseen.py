"""The sentence beside every count, and what it rests on."""

from dataclasses import replace

import pytest

from hegui.facts import Unread
from hegui.facts.library import Library, LibraryCoverage
from hegui.facts.package import Flags
from hegui.report.unseen import MOST_HOSTS, MOST_PLACES, hosts, limits, place_of, unseen
from tests.report.example import INVOKE, NOTES, call_sites, package, site

CLEAR = Flags(packed=False, packer=None, dyn_code=False, native_libs=(), obfuscation=0.03)
LOADS = next(one for one in call_sites() if one.api == "code.dex_loader")
NOT_READ = Unread("PLATFORM_UNSUPPORTED")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, "代码未加固、有 1 处动态加载、3 处反射、1 个原生库的内部不读、混淆约 62%：以下数目可能偏少。"),
        (
            {"flags": CLEAR, "callsites": ()},
            "代码未加固、未见动态加载、没有原生库、混淆约 3%：以下是静态读到的全部，能够发生不等于已经发生。",
        ),
        (
            {"flags": replace(CLEAR, dyn_code=True), "callsites": ()},
            "代码未加固、有动态加载、没有原生库、混淆约 3%：以下数目可能偏少。",
        ),
        (
            {
                "flags": replace(CLEAR, obfuscation=None),
                "callsites": tuple(s for s in call_sites() if s.api == "code.dex_loader"),
            },
            "代码未加固、未见动态加载（1 处加载字节码的调用只用于包内代码）、没有原生库、没有可测混淆的类："
            "以下是静态读到的全部，能够发生不等于已经发生。",
        ),
        (
            {"flags": replace(CLEAR, packed=True, packer="qihoo-jiagu"), "callsites": ()},
            "代码已加固（360 加固保）、未见动态加载、没有原生库、混淆约 3%：以下只是外壳的代码，不代表应用。",
        ),
        (
            {"flags": Flags(NOT_READ, None, NOT_READ, NOT_READ, NOT_READ, reflection=NOT_READ), "callsites": NOT_READ},
            "是否加固未读取、动态加载未读取、反射未读取、原生库未读取、混淆程度未读取：以下数目可能偏少。",
        ),
    ],
    ids=("hindered", "clear", "loads without a site", "loads its own", "packed", "not read"),
)
def test_the_sentence_says_what_was_in_the_way(parts: dict[str, object], says: str) -> None:
    assert limits(replace(package(), **parts)).zh == says  # type: ignore[arg-type]


def test_the_sentence_in_english_counts_as_english_does() -> None:
    assert limits(package()).en == (
        "The code is not packed; 1 place loads code; 3 uses of reflection; the inside of 1 native library is not read; "
        "about 62% of classes renamed: the counts below may be too low."
    )


def test_calls_that_hide_are_counted_by_party_and_the_first_places_given() -> None:
    many = tuple(site("code.reflect_invoke", None, INVOKE, f"{NOTES}A{one};->b()V") for one in range(50))
    found = unseen(replace(package(), callsites=(*call_sites(), *many)))
    assert found.reflection is not None
    assert found.bytecode is not None
    assert found.reflection.sites == 53
    assert len(found.reflection.places) == MOST_PLACES
    assert [(who.zh, count) for who, count in found.bytecode.actors] == [("Example Push", 1)]


def test_without_call_sites_nothing_is_said_of_calls() -> None:
    found = unseen(replace(package(), callsites=NOT_READ))
    assert (found.bytecode, found.other_code, found.reflection) == (None, None, None)


def test_methods_too_large_to_look_for_guards_in_are_told() -> None:
    assert unseen(replace(package(), flags=replace(CLEAR, gates_left_out=3))).gates_left_out == 3
    coverage = LibraryCoverage(1, 1, 1, 0, 0, {}, True, gates_left_out=2)
    library = Library("jar", (), (), (), (), (), coverage)
    assert unseen(replace(package(), library=library)).gates_left_out == 2


def test_a_packer_the_catalogue_does_not_know_keeps_its_id() -> None:
    found = unseen(replace(package(), flags=replace(CLEAR, packed=True, packer="new-shell")))
    assert found.packer is not None
    assert found.packer.zh == "new-shell"


def test_hosts_are_counted_with_the_unencrypted_first() -> None:
    listed, more = hosts(("https://a.example/1", "https://a.example/2", "http://b.example", "http://[broken", "plain"))
    assert [(one.name, one.addresses, one.plain) for one in listed] == [
        ("b.example", 1, True), ("a.example", 2, False), ("http://[broken", 1, False), ("plain", 1, False),
    ]  # fmt: skip
    assert more == 0
    assert hosts(f"https://h{one}.example" for one in range(MOST_HOSTS + 7))[1] == 7


def test_a_place_is_written_as_the_contract_says() -> None:
    one = replace(call_sites()[0], offset=18)
    assert place_of(one) == "Lcom/example/notes/Share;->pick()V @0x0012"
