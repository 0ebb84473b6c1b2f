"""The SDKs of a package, beside what they reach and what the rules text says of them."""

from dataclasses import replace

import pytest

from hegui.catalogue.sdks import Sdk as CataloguedSdk
from hegui.facts import Unread
from hegui.facts.library import KeptClasses, Library, LibraryCoverage, LibraryVersion
from hegui.facts.package import Sdk, SdkClue
from hegui.facts.policy import Policy, StatedSdk
from hegui.law.packs import shipped
from hegui.report import embedded as embedded_module
from hegui.report import reading as reading_module
from hegui.report.embedded import Embedded, embedded
from hegui.report.html import to_html
from hegui.report.reading import Owners, reading
from hegui.words import Words
from tests.report.example import audited, facts, package


def rows(policy: Policy | Unread, **parts: object) -> dict[str, Embedded]:
    given = replace(facts(replace(package(), **parts)), policy=policy)  # type: ignore[arg-type]
    found = embedded(given, reading(given.pkg))
    assert isinstance(found, tuple)
    return {one.sdk.sdk_id: one for one in found}


def test_the_ones_that_reach_most_come_first_with_what_they_reach() -> None:
    found = rows(Unread("NO_POLICY"))
    assert list(found) == ["com.example.maps", "com.example.push", "com.example.view"]
    reads = found["com.example.maps"].reads
    assert isinstance(reads, tuple)
    assert [(row.code, cell.sites) for row, cell in reads] == [("device_id.imei", 1), ("location.precise", 2)]
    assert [one.sure for one in found.values()] == [True, False, True]


def test_whether_the_rules_name_it_is_unknown_without_rules() -> None:
    assert all(isinstance(one.stated, Unread) for one in rows(Unread("NO_POLICY")).values())


def test_the_rules_name_it_by_package_or_by_name() -> None:
    text = Policy("…", sdks=(StatedSdk("高德", package="com.example.maps"), StatedSdk("Example Push", version="1")))
    found = rows(text)
    assert [one.stated.name if isinstance(one.stated, StatedSdk) else one.stated for one in found.values()] == [
        "高德", "Example Push", None,
    ]  # fmt: skip


def test_what_each_reaches_is_unread_when_call_sites_are() -> None:
    assert all(
        isinstance(one.reads, Unread)
        for one in rows(Unread("NO_POLICY"), callsites=Unread("PLATFORM_UNSUPPORTED")).values()
    )


def test_below_the_knob_it_has_no_name_but_a_candidate() -> None:
    clue = SdkClue("string", 0.5, "lantern wick trimmed")
    one = Sdk(
        "unknown",
        "未知 SDK（unknown SDK）",
        "",
        Unread("SDK_UNKNOWN"),
        "",
        0.5,
        "push",
        True,
        (),
        "com.lantern",
        (clue,),
    )
    row = rows(Unread("NO_POLICY"), sdks=(one,))["unknown"]
    assert (row.sure, row.name.en) == (False, "unknown SDK")
    assert [(words.en, found) for words, found in row.clues] == [("constant", clue)]
    text = to_html(*audited(replace(package(), sdks=(one,)))[:2], shipped())
    for part in ("com.lantern", "lantern wick trimmed", "未知 SDK", "候选"):
        assert part in text


def test_what_an_sdk_package_says_of_itself_is_shown() -> None:
    coverage = LibraryCoverage(3, 9, 9, 0, 0, {}, True)
    library = Library(
        "aar", (), (LibraryVersion("4.5.6", "pom", "META-INF/pom.properties", "com.lantern:push"),),
        (KeptClasses("com.lantern.**", "proguard.txt"),), (), (), coverage,
    )  # fmt: skip
    text = to_html(*audited(replace(package(), library=library))[:2], shipped())
    for part in ("4.5.6", "com.lantern:push", "com.lantern.**"):
        assert part in text


def test_unread_sdks_stay_unread() -> None:
    given = facts(replace(package(), sdks=Unread("PLATFORM_UNSUPPORTED")))
    assert embedded(given, reading(given.pkg)) == Unread("PLATFORM_UNSUPPORTED")
    assert embedded(facts(Unread("NO_PACKAGE")), Unread("NO_PACKAGE")) == Unread("NO_PACKAGE")


def test_the_catalogue_gives_operator_names_and_further_prefixes(monkeypatch: pytest.MonkeyPatch) -> None:
    known = CataloguedSdk(
        "com.example.push", Words("示例推送", "Example Push"), "示例公司", "CN", "push",
        prefixes=("com.example.push.", "org.pushlib."), rules="https://push.example.com/rules",
    )  # fmt: skip
    for module in (embedded_module, reading_module):
        monkeypatch.setattr(module, "sdk", lambda id_: known if id_ == known.id else None)
    sdks = package().sdks
    assert isinstance(sdks, tuple)
    sure = tuple(replace(one, conf=0.9) for one in sdks)
    one = rows(Unread("NO_POLICY"), sdks=sure)["com.example.push"]
    assert one.name.zh == "示例推送"
    assert one.known == known
    assert Owners(package()).of_class("Lorg/pushlib/A;") == ("com.example.push", "org.pushlib")
    given = audited(replace(package(), sdks=sure))
    text = to_html(*given[:2], shipped())
    for part in ("示例公司", "https://push.example.com/rules", "示例推送"):
        assert part in text
