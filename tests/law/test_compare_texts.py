"""The comparison of two texts names exactly what changed, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.law.compare_texts import Edit, Flag, TextDiff, compare_texts, to_plain
from hegui.law.duty import Duty
from hegui.law.packs import shipped
from hegui.law.text import OfficialText, numeral, parse_official_text
from hegui.words import Words

from .invented import CATS, official

NOTHING = Words("", "")


def duty(id: str, article: int, paragraph: int | None = 1, item: str | None = None) -> Duty:
    return Duty(
        id, article, id, f"第{numeral(article)}条", "public", "must", "low", "none",
        NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, paragraph, item,
    )  # fmt: skip


DUTIES = (
    duty("cats:3.1.1", 3, item="s1"),
    duty("cats:3.1.2", 3, item="s2"),
    duty("cats:4.1.0", 4, item="lead"),
    duty("cats:4.1.1", 4, item="(一)"),
    duty("cats:4.1.2", 4, None, "(二)a"),
    duty("cats:4.2", 4, 2),
    duty("cats:5.1.1", 5, item="s1a"),
    duty("cats:5.1.2", 5, item="s2"),
    duty("cats:6.1", 6),
    duty("cats:8.1", 8),
    duty("cats:10.1.1", 10, item="s1"),
    duty("cats:10.1.2", 10, item="s2"),
)
CHECKS = {"cats:5.1.1": ("cats.registers_in_time",), "cats:3.1.2": ("cats.cleans", "cats.cleans_soon")}


def changed(diff: TextDiff) -> dict[str, str]:
    """The articles that are not the same, by their old (else new) label."""
    return {(one.old or one.new)[0]: one.kind for one in diff.articles if one.kind != "same"}


def edits(diff: TextDiff) -> list[Edit]:
    return [edit for one in diff.articles for edit in one.edits]


def edited(article: int, *pairs: tuple[str, str]) -> list[str]:
    bodies = list(CATS)
    for old, new in pairs:
        assert old in bodies[article - 1]
        bodies[article - 1] = bodies[article - 1].replace(old, new)
    return bodies


def compared(bodies: list[str], order: list[int] | None = None) -> TextDiff:
    return compare_texts(official(CATS), official(bodies, order=order), DUTIES, CHECKS)


def test_a_text_is_the_same_as_itself_however_it_is_printed() -> None:
    bodies = [body.replace("，", ", ").replace("（", "(").replace("7个", "７ 个") for body in CATS]
    diff = compared(bodies)
    assert diff.counts == {"same": 12}
    assert diff.duties == ()


ONE_EDIT = {
    "a longer term": (5, ("7个工作日", "10个工作日"), [Flag("number", "7个工作日", "10个工作日")], ("cats:5.1.1",)),
    "a number written as a numeral": (5, ("7个工作日", "七个工作日"), [], ("cats:5.1.1",)),
    "another unit": (10, ("15个工作日", "15日"), [Flag("number", "15个工作日", "15日")], ("cats:10.1.2",)),
    "a numeral": (12, ("劝导三次", "劝导五次"), [Flag("number", "三次", "五次")], ()),
    "a weaker duty": (5, ("应当自收留", "可以自收留"), [Flag("modality", "应当", "可以")], ("cats:5.1.1",)),
    "a ban added": (
        8,
        ("通风的航空箱，", "通风的航空箱，不得使用纸箱，"),
        [Flag("modality", "", "不得")],
        ("cats:8.1",),
    ),
    "a ban taken away": (3, ("，不得在楼道、车库投放", ""), [Flag("modality", "不得", "")], ("cats:3.1.1",)),
    "another word in the second sentence": (3, ("清理容器", "收回容器"), [], ("cats:3.1.2",)),
    "a word in an item": (4, ("识别标记", "耳标号码"), [], ("cats:4.1.1",)),
    "a word in an item of several duties": (4, ("投喂的时间", "喂食的时间"), [], ("cats:4.1.2",)),
    "a word before the items": (4, ("逐项写明", "逐条写明"), [], ("cats:4.1.0",)),
    "a second paragraph": (4, ("至少6个月", "至少12个月"), [Flag("number", "6个月", "12个月")], ("cats:4.2",)),
    "a mark between words": (8, ("航空箱，", "航空箱；"), [Flag("punctuation")], ("cats:8.1",)),
    "two words side by side": (7, ("提前5日公布", "提前7天内公布"), [Flag("number", "5日", "7天")], ()),
    "应 for 应当": (8, ("应当使用", "应使用"), [], ("cats:8.1",)),
}


@pytest.mark.parametrize("name", ONE_EDIT)
def test_one_edit_is_named_with_its_flags_and_duties(name: str) -> None:
    article, pair, flags, duties = ONE_EDIT[name]
    diff = compared(edited(article, pair))
    assert changed(diff) == {f"第{numeral(article)}条": "changed"}
    (edit,) = edits(diff)
    assert edit.kind == "changed"
    assert list(edit.flags) == flags
    assert edit.duties == duties
    assert pair[0] in "".join(part.old for part in edit.segments)
    assert pair[1] in "".join(part.new for part in edit.segments)


def test_a_weaker_verb_before_the_items_touches_the_items_too() -> None:
    diff = compared(edited(4, ("喂养人应当", "喂养人可以")))
    assert diff.duties == ("cats:4.1.0", "cats:4.1.1", "cats:4.1.2")


def test_the_checks_of_a_touched_duty_are_named() -> None:
    (edit,) = edits(compared(edited(3, ("30分钟", "60分钟"))))
    assert edit.checks == ("cats.cleans", "cats.cleans_soon")


def test_an_added_article_is_added_and_the_rest_renumbered() -> None:
    diff = compared([*CATS[:4], "夜间二十二时至次日六时不得投喂。", *CATS[4:]], [1, 2, 3, 4, 0, *range(5, 13)])
    assert diff.counts == {"same": 4, "added": 1, "renumbered": 8}
    assert [one.new for one in diff.articles if one.kind == "added"] == [("第五条",)]
    assert diff.duties == ()
    anew = {name for one in diff.articles for name in one.cited_anew}
    assert anew == {"cats:5.1.1", "cats:5.1.2", "cats:6.1", "cats:8.1", "cats:10.1.1", "cats:10.1.2"}


def test_references_that_follow_the_renumbering_are_no_change() -> None:
    diff = compared([*CATS[:2], "夜间二十二时至次日六时不得投喂。", *CATS[2:]], [1, 2, 0, *range(3, 13)])
    assert diff.counts == {"same": 2, "added": 1, "renumbered": 10}
    followed = [edit for edit in edits(diff) if edit.flags == (Flag("reference"),)]
    assert [edit.old.article for edit in followed if edit.old] == [6, 12]
    assert diff.duties == ()


def test_a_removed_article_is_removed() -> None:
    diff = compared([*CATS[:7], *CATS[8:]], [*range(1, 8), *range(9, 13)])
    assert diff.counts == {"same": 7, "removed": 1, "renumbered": 4}
    assert diff.duties == ("cats:8.1",)


def test_an_article_at_another_place_has_moved() -> None:
    order = [1, 2, 4, 5, 6, 7, 8, 9, 3, 10, 11, 12]
    diff = compared([CATS[n - 1] for n in order], order)
    (moved,) = [one for one in diff.articles if one.kind == "moved"]
    assert (moved.old, moved.new, moved.cited_anew) == (("第三条",), ("第九条",), ("cats:3.1.1", "cats:3.1.2"))
    assert diff.duties == ()


def test_an_article_may_move_and_change() -> None:
    order = [1, 2, 4, 5, 6, 7, 8, 9, 3, 10, 11, 12]
    bodies = edited(3, ("30分钟", "10分钟"))
    (one,) = [one for one in compared([bodies[n - 1] for n in order], order).articles if one.edits and one.moved]
    assert (one.kind, one.new) == ("changed", ("第九条",))


def test_a_split_article_is_split() -> None:
    first, second = CATS[6].split("\n")
    diff = compared([*CATS[:6], first, second, *CATS[7:]], [*range(1, 8), 0, *range(8, 13)])
    (split,) = [one for one in diff.articles if one.kind == "split"]
    assert (split.old, split.new) == (("第七条",), ("第七条", "第八条"))
    assert [(edit.kind, edit.duties) for edit in split.edits] == [("moved", ())]
    assert diff.counts == {"same": 6, "split": 1, "renumbered": 5}


def test_a_merged_article_is_merged() -> None:
    diff = compared([*CATS[:7], CATS[7] + "\n" + CATS[8], *CATS[9:]], [*range(1, 9), 10, 11, 12])
    (merged,) = [one for one in diff.articles if one.kind == "merged"]
    assert (merged.old, merged.new) == (("第八条", "第九条"), ("第八条",))
    assert {edit.kind for edit in merged.edits} == {"moved"}
    assert merged.cited_anew == ()
    assert diff.counts == {"same": 7, "merged": 1, "renumbered": 3}


def test_a_paragraph_may_move_to_another_article() -> None:
    bodies = list(CATS)
    bodies[3], moved = bodies[3].rsplit("\n", 1)
    bodies[9] += "\n" + moved
    (edit,) = edits(compared(bodies))
    assert edit.old is not None
    assert edit.new is not None
    assert (edit.kind, edit.old.label, edit.new.label, edit.duties) == ("moved", "第四条第二款", "第十条第二款", ())


def test_a_removed_item_renumbers_those_after_it() -> None:
    body = (
        CATS[3]
        .replace("（一）猫的毛色、体态和识别标记；\n（二）", "（一）")
        .replace("（三）", "（二）")
        .replace("（四）", "（三）")
    )
    diff = compared([*CATS[:3], body, *CATS[4:]])
    (edit,) = edits(diff)
    assert (edit.kind, edit.duties) == ("removed", ("cats:4.1.1",))
    assert [one.cited_anew for one in diff.articles if one.cited_anew] == [("cats:4.1.2",)]


def test_a_sentence_moved_inside_an_article_is_no_change_of_words() -> None:
    first, second = CATS[6].split("\n")
    diff = compared([*CATS[:6], second + "\n" + first, *CATS[7:]])
    assert edits(diff) == []


def test_an_article_rewritten_between_its_neighbours_is_changed() -> None:
    diff = compared([*CATS[:10], "绝育费用由居民分担，鼓励捐款。", CATS[11]])
    assert changed(diff) == {"第十一条": "changed"}


def test_other_texts_have_nothing_in_common() -> None:
    other = parse_official_text("狗牌办法\n第一条 遛狗请牵绳。\n第二条 狗牌每年换发一次。\n".encode(), "b")
    assert compare_texts(official(CATS), other).counts == {"removed": 12, "added": 2}


def test_the_plain_form_is_json_and_the_same_each_time() -> None:
    bodies = edited(5, ("7个工作日", "10个工作日"))
    one, other = (json.dumps(to_plain(compared(bodies)), ensure_ascii=False, sort_keys=True) for _ in range(2))
    assert one == other
    row = next(row for row in json.loads(one)["articles"] if row["kind"] == "changed")
    assert row["edits"][0]["flags"] == [{"kind": "number", "old": "7个工作日", "new": "10个工作日"}]


@given(
    kept=st.permutations(range(1, 13)).map(lambda order: sorted(order[:8])),
    added_at=st.integers(0, 8),
)
def test_any_renumbering_is_only_a_renumbering(kept: list[int], added_at: int) -> None:
    """Articles 3, 4, 6 and 12 stay, since they refer to one another."""
    order = sorted({*kept, 3, 4, 6, 12})
    bodies = [CATS[n - 1] for n in order]
    order.insert(added_at, 0)
    bodies.insert(added_at, "狗的牵绳不得长于两米，遛狗人应当随身携带拾便袋。")
    diff = compared(bodies, order)
    place = {was: at for at, was in enumerate(order, 1)}
    for one in diff.articles:
        if one.kind == "added":
            assert one.new == (f"第{numeral(added_at + 1)}条",)
            continue
        number = next(n for n in range(1, 13) if one.old == (f"第{numeral(n)}条",))
        if number not in place:
            assert one.kind == "removed"
        else:
            assert one.new == (f"第{numeral(place[number])}条",)
            assert one.kind in ("same", "renumbered")
            assert all(edit.flags == (Flag("reference"),) for edit in one.edits)
    assert sum(one.kind == "added" for one in diff.articles) == 1


# --- the two drafts, where they lie beside the project --------------------------------------------------------------


def draft(shared: Path, name: str) -> str:
    return (shared / "law" / f"{name}-draft.txt").read_text("utf-8")


def against(source: str, change: Callable[[str], str], name: str) -> TextDiff:
    pack = next(one for one in shipped() if one.id == name)
    texts: list[OfficialText] = [parse_official_text(text.encode(), "draft") for text in (source, change(source))]
    return compare_texts(texts[0], texts[1], pack.duties)


def edited_at(source: str, *edits: tuple[int, int, int, str, str]) -> str:
    """Replace the first `old` in the line of an article, paragraph and item (0: the paragraph itself)."""
    text, lines = parse_official_text(source.encode(), "draft"), source.split("\n")
    for number, paragraph, item, old, new in edits:
        article = text.article(number)
        assert article is not None
        unit = article.paragraphs[paragraph - 1]
        at = (unit.items[item - 1].lines if item else unit.lines)[0] - 1
        assert old in lines[at]
        lines[at] = lines[at].replace(old, new, 1)
    return "\n".join(lines)


def shifted(source: str, after: int, last: int) -> str:
    """The headings after an article moved on by one; references stay, as they only look back."""
    for number in range(last, after, -1):
        source = source.replace(f"\n第{numeral(number)}条", f"\n第{numeral(number + 1)}条")
    return source


def test_a_renumbered_and_edited_copy_of_the_2026_draft(shared: Path) -> None:
    source = draft(shared, "cac-2026")

    def change(text: str) -> str:
        text = edited_at(text, (8, 2, 0, "7个", "10个"), (23, 1, 0, "不得", "可以"), (26, 2, 0, "应", "可以"))
        text = shifted(text, 9, 38)
        head = "\n第十一条"
        return text.replace(head, "\n第十条 收集儿童语音的，不得保存超过24小时。\n" + head, 1)

    diff = against(source, change, "cac-2026")
    assert diff.counts == {"same": 8, "changed": 3, "added": 1, "renumbered": 27}
    found = [(e.old.label if e.old else "", [(f.kind, f.old, f.new) for f in e.flags], e.duties) for e in edits(diff)]
    assert found == [
        ("第八条第二款", [("number", "7个工作日", "10个工作日")], ("cac-2026:8.2.1", "cac-2026:8.2.2")),
        ("", [("number", "", "24小时"), ("modality", "", "不得")], ()),
        ("第二十三条第一款", [("modality", "不得", "可以")], ("cac-2026:23.1.1", "cac-2026:23.1.2", "cac-2026:23.1.3")),
        ("第二十六条第二款", [("modality", "应", "可以")], ("cac-2026:26.2",)),
    ]
    anew = {name for one in diff.articles for name in one.cited_anew}
    moved_on = {one.id for one in shipped()[0].duties if one.article >= 10}
    assert anew == moved_on - {"cac-2026:23.1.1", "cac-2026:23.1.2", "cac-2026:23.1.3", "cac-2026:26.2"}


def test_a_renumbered_and_edited_copy_of_the_2021_draft(shared: Path) -> None:
    source = draft(shared, "app-2021")

    def change(text: str) -> str:
        text = edited_at(text, (9, 1, 4, "1个月", "三个月"), (16, 1, 1, "5个", "15个"))
        draft = parse_official_text(source.encode(), "draft")
        second, ninth = draft.article(2), draft.article(9)
        assert second is not None
        assert ninth is not None
        # Article 2 is gone, its number with it; so is the third item of article 9.
        gone = {second.lines[0], ninth.paragraphs[0].items[2].lines[0]}
        return "\n".join(line for at, line in enumerate(text.split("\n"), 1) if at not in gone)

    diff = against(source, change, "app-2021")
    assert diff.counts == {"same": 17, "changed": 2, "removed": 1}
    found = [
        (e.kind, e.old.label if e.old else "", [(f.kind, f.old, f.new) for f in e.flags], e.duties) for e in edits(diff)
    ]
    assert found == [
        ("removed", "第二条第一款", [("modality", "应当", "")], ("app-2021:2.1",)),
        ("removed", "第二条第一款第2句", [], ("app-2021:2.1",)),
        ("removed", "第九条第一款第三项", [("modality", "不得", "")], ("app-2021:9.3",)),
        (
            "changed",
            "第九条第一款第四项",
            [("number", "1个月", "三个月")],
            ("app-2021:9.4.1", "app-2021:9.4.2", "app-2021:9.4.3"),
        ),
        (
            "changed",
            "第十六条第一款第一项第2句",
            [("number", "5个工作日", "15个工作日")],
            ("app-2021:16.1.1", "app-2021:16.1.2", "app-2021:16.1.3"),
        ),
    ]


@pytest.mark.parametrize("name", ["cac-2026", "app-2021"])
def test_every_duty_is_found_from_the_words_it_is_taken_from(shared: Path, name: str) -> None:
    """A text of which nothing is left touches every duty of its pack."""
    pack = next(one for one in shipped() if one.id == name)
    old = parse_official_text(draft(shared, name).encode(), "draft")
    diff = compare_texts(old, official(CATS), pack.duties)
    assert set(diff.duties) == {one.id for one in pack.duties}
