"""The picture of rules and code: every pair has a place, a sign that needs no colour, and words a lawyer reads."""

import html
import re
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from hegui.audit import judge
from hegui.audit.file import audit_file
from hegui.facts import Facts, Unread
from hegui.facts.package import CallSite
from hegui.facts.policy import Policy, Stated, StatedPermission, StatedSdk, StatedType
from hegui.facts.queries.consistency import State
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.regulations import load_checks
from hegui.report import names
from hegui.report.consistency import MOST_PAIRS, ORDER, Sides, sides
from hegui.report.html import to_html
from tests.policies import policy, span
from tests.report.example import HOSTILE, MAPS, NOTES, audited, facts, package, site
from tests.report.test_html import Reader, section

TEXT = "我们收集精确位置。我们不会读取您的通讯录。示例地图 2.9 位置。我们需要相机权限。"


def rules(text: str = TEXT, **more: object) -> Policy:
    made = policy(text)
    parts: dict[str, object] = {
        "types": (StatedType("location.precise", said="精确位置", span=span(made, "我们收集精确位置。")),),
        "negatives": (Stated("collect:contacts", span(made, "我们不会读取您的通讯录。")),),
        "sdks": (
            StatedSdk("示例地图", sdk_id="com.example.maps", version="2.9", types=("location",),
                      span=span(made, "示例地图 2.9 位置。")),
        ),
        "permissions": (StatedPermission("camera", group="camera", said="相机", span=span(made, "我们需要相机权限。")),),
    }  # fmt: skip
    return replace(made, **(parts | more))  # type: ignore[arg-type]


def sites() -> tuple[CallSite, ...]:
    """Calls of the shipped catalogue."""
    return (
        site("contacts.phones", "contacts", "Lx;->y()V", NOTES + "Share;->pick()V"),
        site("location.updates", "location.precise", "Lx;->y()V", NOTES + "Main;->here()V"),
        site("location.updates", "location.precise", "Lx;->z()V", MAPS + "Ids;->where()V", "com.example.maps"),
        site("app_list.packages", "app_list", "Lx;->y()V", MAPS + "Ids;->apps()V", "com.example.maps"),
        site("app_list.packages", "app_list", "Lx;->y()V", "Lx/y;->z()V", "unknown"),
    )


def given(said: Policy | Unread | None = None, **parts: object) -> Facts:
    pkg = replace(package(), **({"callsites": sites()} | parts))  # type: ignore[arg-type]
    return replace(facts(pkg), policy=rules() if said is None else said)


def both() -> Sides:
    found = sides(given())
    assert isinstance(found, Sides)
    return found


def page(read: Facts) -> str:
    knobs = {name: knob.value for name, knob in shipped_knobs().items()}
    return to_html(
        audit_file(judge(read, shipped(), load_checks(), knobs, date(2026, 11, 2)), knobs, ()), read, shipped()
    )


def test_every_state_has_words_a_sign_and_a_place_in_the_order() -> None:
    assert set(get_args(State)) == set(ORDER) == set(names.STATES) == set(names.STATE_SIGNS)
    signs = [sign.zh for sign in names.STATE_SIGNS.values()] + [sign.en for sign in names.STATE_SIGNS.values()]
    assert len(set(signs)) == len(signs), "a sign says one thing"
    assert not {sign.zh for sign in names.STATE_SIGNS.values()} & {letter.zh for letter in names.LETTERS.values()}


def test_the_matrix_puts_what_contradicts_first_and_names_each_party() -> None:
    found = both()
    assert [one.name.zh for one in found.columns] == ["应用自身", "示例地图", "公共库与归属不明的代码"]
    assert isinstance(found.pairs, tuple)
    assert [(one.state, one.kind.zh, one.party.zh) for one in found.pairs] == [
        ("contradicted", "通讯录", "应用自身"),
        ("unstated", "已安装应用列表", "示例地图"),
        ("unstated", "已安装应用列表", "公共库与归属不明的代码"),
        ("general", "精确位置", "示例地图"),
        ("agrees", "精确位置", "应用自身"),
    ]


def test_sentence_and_code_place_stand_side_by_side_with_their_commands_and_finding() -> None:
    text = page(given())
    pair = text[text.index('id="pair-0"') :]
    shown = html.unescape(pair[: pair.index("</article>")])
    assert "我们不会读取您的通讯录。" in shown
    assert "rules.txt@9-21" in shown
    assert "com.example.notes.<b>Share.pick</b>" in shown
    assert "hegui show '示例 notes.apk' classes.dex@0x24" in shown
    (number,) = re.findall(r'href="#finding-(\d+)"', shown)
    card = text[text.index(f'id="finding-{number}"') :]
    assert "规则称不收集通讯录" in card[: card.index("</article>")]


def test_the_words_that_count_are_marked_in_their_sentence() -> None:
    assert "我们收集<mark>精确位置</mark>。" in page(given())


def test_every_cell_links_to_its_pair_and_the_page_stays_well_formed() -> None:
    read = Reader(page(given()))
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for attrs in read.all("a") if (attrs["href"] or "").startswith("#pair-")]
    assert len(links) == 5
    assert {(link or "")[1:] for link in links} <= set(ids)


def test_permissions_and_sdks_both_ways() -> None:
    found = both()
    assert isinstance(found.permissions, tuple)
    assert isinstance(found.sdks, tuple)
    shown = {one.name.zh: one.state for one in found.permissions}
    assert shown["相机"] == "unseen"
    assert shown["通讯录"] == "unstated"
    assert (found.sdks[0].name.zh, found.sdks[0].row.version) == ("示例地图", "differs")
    assert "规则写了，安装包没有" in section(page(given()), "consistency")


def test_nothing_in_rules_becomes_markup() -> None:
    text = f"{HOSTILE}我们收集{HOSTILE}。"
    made = policy(text, name=HOSTILE)
    place = span(made, text)
    said = replace(
        made,
        types=(StatedType(HOSTILE, said=HOSTILE, span=place), StatedType("sms", said=HOSTILE, span=place)),
        sdks=(StatedSdk(HOSTILE, package=HOSTILE, version=HOSTILE, types=(HOSTILE,), span=place),),
        permissions=(StatedPermission(HOSTILE, said=HOSTILE, span=place),),
        negatives=(Stated(f"collect:{HOSTILE}", place),),
    )
    read = given(said)
    shown = to_html(audited(package())[0], read, shipped())
    assert "<script>alert" not in shown
    assert len(Reader(shown).all("script")) == 1


def test_what_was_not_read_is_told_and_not_drawn() -> None:
    for read, code in ((given(Unread("POLICY_IMAGE_ONLY", "scan.pdf")), "POLICY_IMAGE_ONLY"),
                       (given(callsites=Unread("PLATFORM_UNSUPPORTED", "dex stage")), "dex stage")):  # fmt: skip
        shown = page(read)
        assert code in section(shown, "consistency")
        assert 'class="matrix sides"' not in shown
    shown = section(page(given(callsites=Unread("PLATFORM_UNSUPPORTED", "dex stage"))), "consistency")
    assert "版本不一致" in shown, "what was read is still held against the rules"


def test_hidden_code_and_rules_cut_short_are_told_beside_the_picture() -> None:
    seen = replace(rules(), types=(StatedType("sms", said="", span=span(rules(), "我们收集精确位置。")),))
    assert "没有看到不等于没有" in section(page(given(seen)), "consistency"), "the example loads code dynamically"
    cut = given()
    cut = replace(cut, stages=(*cut.stages, replace(cut.stages[2], name="policy document rules.txt")))
    assert "规则没有读完" in section(page(cut), "consistency")


def test_many_pairs_and_long_sentences_stay_on_a_page_of_bounded_size() -> None:
    kinds = ("sms", "contacts", "call_log", "calendar", "app_list", "clipboard", "photo", "audio")
    many = tuple(
        site("example.x", kinds[one % 8], "Lx;->y()V", f"Lv{one}/A;->a()V", f"sdk{one // 8}") for one in range(2000)
    )
    sdks = tuple(
        replace(package().sdks[0], sdk_id=f"sdk{one}", name=f"SDK {one}", pkg_prefix=f"v.x{one}")  # type: ignore[index]
        for one in range(250)
    )
    long = "我们收集" + "很" * 50_000 + "多的短信。"
    said = replace(
        policy(long), types=tuple(StatedType("sms", said="短信", span=span(policy(long), long)) for _ in range(500))
    )
    read = given(said, callsites=many, sdks=sdks)
    found = sides(read)
    assert isinstance(found, Sides)
    assert isinstance(found.pairs, tuple)
    assert len(found.pairs) > MOST_PAIRS
    shown = to_html(audited(package())[0], read, shipped())
    part = shown[shown.index('<section id="consistency">') :]
    assert len(part[: part.index("</section>")].encode()) < 600_000
    Reader(shown)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_are_on_the_page(language: str) -> None:
    read = given()
    shown = to_html(audited(package())[0], read, shipped(), language="en" if language == "en" else "zh")
    assert names.STATES["contradicted"].zh in shown
    assert names.STATES["contradicted"].en in shown
