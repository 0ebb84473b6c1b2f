"""Official texts as people find them: whatever the wrapper, the same articles."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.law.compare_texts import fold
from hegui.law.errors import LawError
from hegui.law.packs import shipped
from hegui.law.text import (
    OfficialText,
    is_draft,
    number_of,
    numeral,
    parse_official_text,
    read_official_text,
    regulation_of,
)

from .invented import CATS, TITLE, official, written


def parse(text: str, encoding: str = "utf-8") -> OfficialText:
    return parse_official_text(text.encode(encoding), "trial.txt")


def outline(text: OfficialText) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Label, paragraphs, and the marks of their items."""
    return [(a.label, [(p.text, [i.label + i.text for i in p.items]) for p in a.paragraphs]) for a in text.articles]


def kinds(text: OfficialText) -> list[tuple[str, str]]:
    return [(one.kind, one.place) for one in text.faults]


PLAIN = """\
猫舍管理办法
第一章 总则
第一条 为了猫好，制定本办法。
第二条 猫舍应当做到：
（一）干净；
（二）安静。
第二章 附则
第三条 本办法自2030年1月1日起施行。
"""
WANTED = [
    ("第一条", [("为了猫好，制定本办法。", [])]),
    ("第二条", [("猫舍应当做到：", ["（一）干净；", "（二）安静。"])]),
    ("第三条", [("本办法自2030年1月1日起施行。", [])]),
]

WRAPPED = {
    "plain text": PLAIN,
    "blank lines between paragraphs": PLAIN.replace("\n", "\n\n"),
    "DOS line ends": PLAIN.replace("\n", "\r\n"),
    "ideographic and no-break spaces": PLAIN.replace("条 ", "条\u3000\u3000")
    .replace("章 ", "章\u00a0")
    .replace("\n第", "\n\u3000\u3000第"),
    "zero-width marks": PLAIN.replace("条 ", "条\u200b \ufeff"),
    "spaces inside the numbers": PLAIN.replace("第一条", "第 一 条")
    .replace("第二条", "第二 条")
    .replace("总则", "总　则"),
    "arabic and full-width numbers": PLAIN.replace("第一条", "第1条").replace("第二条", "第２条"),
    "a number glued to its text": PLAIN.replace("条 ", "条"),
    "articles glued to one another": PLAIN.replace("\n第二条", "第二条").replace("\n第三条", "第三条"),
    "items glued to their paragraph": PLAIN.replace("\n（一）", "（一）").replace("\n（二）", "（二）"),
    "everything on one line": PLAIN.replace("\n第", "第").replace("\n（", "（").replace("办法第一章", "办法\n第一章"),
    "a number on a line of its own": PLAIN.replace("第一条 ", "第一条\n\n").replace("第二条 ", "第二条\n"),
    "a chapter title on the next line": PLAIN.replace("第一章 总则", "第一章\n总 则"),
    "Markdown": "# 猫舍管理办法\n\n"
    + PLAIN.partition("\n")[2]
    .replace("第一条", "**第一条**")
    .replace("第二条", "> 第二条")
    .replace("第一章", "## 第一章"),
    "footnote and bookmark marks": PLAIN.replace("第二条", "[bookmark: _Hlk1]第二条")
    .replace("猫好", "猫好[1]")
    .replace("安静", "安静[^2]"),
    "a footnote at the end": PLAIN + "\n[1] 猫，指园区内的猫。\n",
    "pictures and links": PLAIN.replace("第二章", "![图](https://example.org/a.png)\n第二章").replace(
        "干净", "[干净](https://example.org)"
    ),
    "front matter": "---\ntitle: 第九条\nurl: https://example.org\n---\n" + PLAIN,
    "a rule at the top": "---\n" + PLAIN,
    "a decree and a history in brackets": "首页 > 法规\n猫舍管理办法\n某猫舍公告\n第三十七号\n《猫舍管理办法》已通过,现予公布。\n"
    "某猫舍\n2029年12月26日\n(2029年10月17日某猫舍通过\n2029年12月3日某园区批准)\n" + PLAIN.partition("\n")[2],
    "a page around it": "首页 法规 关于我们\n来源：某网站\n"
    + PLAIN
    + "猫舍管理处\n2029年12月1日\n责任编辑：某某\n相关阅读：《狗舍管理办法》\n",
    "a table of contents": "目 录\n第一章 总则……1\n第二章 附则……2\n" + PLAIN,
    "a table of contents after the title": PLAIN.replace(
        "办法\n第一章", "办法\n目录\n第一章 总则\n第二章 附则\n第一章", 1
    ),
    "a table of contents with articles": "目录\n第一章 总则\n第一条 目的\n第二条 猫舍\n第二章 附则\n第三条 施行\n"
    + PLAIN,
    "page numbers": PLAIN.replace("\n（二）", "\n— 1 —\n（二）").replace("\n第二章", "\n第 2 页 共 2 页\n第二章"),
    "a web page": "<!DOCTYPE html>\n<html><head><meta charset=gb2312><style>p{color:red}</style>"
    "<script>var x='第八条 甲。'</script></head><body><!-- 第七条 乙。 -->"
    + "".join(f"<p>&nbsp;&nbsp;<span>{line}</span></p>\n" for line in PLAIN.splitlines()).replace(
        "猫好", "猫<b>好</b><sup>[1]</sup>"
    )
    + "</body></html>",
    "a web page with broken lines": "<html><body>"
    + "<br/>".join(PLAIN.replace("为了猫好，", "为了猫好，\n    ").splitlines())
    + "</body></html>",
    "an explanation behind it": PLAIN + "关于《猫舍管理办法》的起草说明\n第一条 说明。\n",
    "an announcement before it": "关于公布《猫舍管理办法》的通知\n各猫舍：\n根据猫舍章程第三条的规定，现予公布。\n1.请传阅。\n"
    + PLAIN,
}


@pytest.mark.parametrize("name", WRAPPED)
def test_the_wrapper_does_not_change_the_articles(name: str) -> None:
    text = parse(WRAPPED[name])
    assert outline(text) == WANTED
    assert [one.title for one in text.chapters] == ["总则", "附则"]
    assert [one.chapter for one in text.articles] == [1, 1, 2]
    assert text.title == "猫舍管理办法"
    # A second text behind the first is not read in silence.
    assert kinds(text) == ([("twice", "第一条")] if name == "an explanation behind it" else [])


def test_half_width_marks_read_like_full_width_ones() -> None:
    text = parse(PLAIN.translate(str.maketrans("，；：（）。", ",;:().")))
    assert fold(str(outline(text))) == fold(str(WANTED)).replace("。", ".")
    assert not text.faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gb2312", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_told_from_the_bytes(encoding: str) -> None:
    assert outline(parse(PLAIN, encoding)) == WANTED


MARKS = (
    "（一） （二）, (一) (二), （1） （2）, (1) (2), 1. 2., １． ２．, 1、 2、, "
    "一、 二、, ① ②, ⑴ ⑵, 1） 2）, （一） (2), （１） （二）"
)


@pytest.mark.parametrize("marks", [pair.split() for pair in MARKS.split(", ")])
def test_every_usual_mark_makes_an_item(marks: list[str]) -> None:
    text = parse(PLAIN.replace("（一）", marks[0]).replace("（二）", marks[1]))
    assert [(item.number, item.text) for item in text.articles[1].paragraphs[0].items] == [(1, "干净；"), (2, "安静。")]
    assert not text.faults


def test_a_second_style_below_an_item_makes_sub_items() -> None:
    text = parse("第一条 下列情形：\n（一）甲：\n1．子；\n2．丑。\n（二）乙。\n本条另有一款。\n第二条 完。")
    items = text.articles[0].paragraphs[0].items
    assert [(one.label, [sub.text for sub in one.items]) for one in items] == [
        ("（一）", ["子；", "丑。"]),
        ("（二）", []),
    ]
    assert text.articles[0].paragraphs[1].text == "本条另有一款。"


def test_lines_broken_at_the_margin_are_joined() -> None:
    text = parse(
        """园区流浪猫照料
暂行规定
（征求意见稿）

　　第一条　为了照料园区里的流浪猫，保护居民的安宁，根据园
区公约，制定本规定。本规定由管理处解释，居民应当依照
第二条和第三条的规定执行，不得违
反。
　　第二条　喂养人应当在划定的喂食点投放猫粮，投放之后及时清
理容器。
　　喂食点的位置由管理处划定，并在公告栏内长期公
布。
　　第三条　违反本规定的，由管理处劝导，劝导之后仍不改正的，公
示一个月。
"""
    )
    assert text.title == TITLE + "（征求意见稿）"
    assert [len(one.paragraphs) for one in text.articles] == [1, 2, 1]
    assert text.articles[0].paragraphs[0].text.endswith("应当依照第二条和第三条的规定执行，不得违反。")
    assert not text.faults


def test_a_reference_at_the_start_of_a_line_is_no_heading() -> None:
    text = parse("第一条 甲。\n第二条 乙。\n第三条第一款所列情形除外。\n第三条 丙。\n第一条规定的丁。")
    assert [len(one.paragraphs) for one in text.articles] == [1, 2, 2]


FAULTY = {
    "an article that ends with a colon": (PLAIN.replace("（一）干净；\n（二）安静。\n", ""), [("cut_off", "第二条")]),
    "an article that ends in the middle": (PLAIN.replace("30年1月1日起施行。", ""), [("cut_off", "第三条")]),
    "an article that ends with dots": (PLAIN.replace("（二）安静。", "……"), [("cut_off", "第二条")]),
    "an article without text": (PLAIN + "第四条\n", [("cut_off", "第四条")]),
    "a missing article": (PLAIN.replace("第三条", "第五条"), [("gap", "第五条")]),
    "a missing beginning": (PLAIN.replace("第一条 为了猫好，制定本办法。\n", ""), [("gap", "第二条")]),
    "a number that stands twice": (PLAIN.replace("第三条", "第二条"), [("twice", "第二条")]),
    "an order turned round": (PLAIN + "第五条 丙。\n第四条 丁。\n", [("gap", "第五条"), ("gap", "第四条")]),
    "a missing item": (PLAIN.replace("（二）", "（三）"), [("gap", "第二条")]),
    "a blank date": (PLAIN.replace("2030年1月1日", " 年 月 日"), [("blank_date", "第三条")]),
    "a date of crosses": (PLAIN.replace("2030年1月1日", "××年×月×日"), [("blank_date", "第三条")]),
    "an article that was put in": (PLAIN.replace("第二章", "第二条之一 猫要安静。\n第二章"), []),
    "an article that was put in without its first": (
        PLAIN.replace("第二章", "第二条之二 猫要安静。\n第二章"),
        [("gap", "第二条之二")],
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_named_with_its_place(name: str) -> None:
    text, wanted = FAULTY[name]
    assert kinds(parse(text)) == wanted


def test_an_inserted_article_has_its_own_label() -> None:
    text = parse("第十一条 甲。\n第十一条之一 乙。\n第十二条 丙。")
    assert [one.label for one in text.articles] == ["第十一条", "第十一条之一", "第十二条"]
    assert text.article(11, 1) is text.articles[1]


def test_every_line_is_either_placed_or_said_to_be_unplaced() -> None:
    source = WRAPPED["a page around it"] + "[1] 一个脚注。\n![图](x.png)\n"
    text = parse(source)
    placed = {n for a in text.articles for n in range(a.lines[0], a.lines[1] + 1)} | {c.lines[0] for c in text.chapters}
    unplaced = {one.line for one in text.unplaced}
    title = {source.splitlines().index("猫舍管理办法") + 1}
    assert placed | unplaced | title == set(range(1, len(source.splitlines()) + 1))
    assert not placed & unplaced


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no article heading"),
        (b"\x00" * 50, "no article heading"),
        ("猫好。".encode(), "no article heading"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "PDF or Word"),
        (b"\x81", "encoding"),
    ],
)
def test_what_is_no_text_of_a_regulation_gets_one_clear_line(data: bytes, says: str) -> None:
    with pytest.raises(LawError, match=says):
        parse_official_text(data, "trial.txt")


def test_a_folder_or_a_missing_file_gets_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.txt"):
        with pytest.raises(LawError, match="cannot read"):
            read_official_text(path)


HOSTILE = {
    "items": "第一条 甲：（一）" + "（一）" * 50_000,
    "items on lines": "第一条 甲：\n" + "（一）甲；\n" * 10_000,
    "dots in a title": "第一章 " + "." * 100_000 + "x\n第一条 甲。",
    "headings": "第一条 " + "。第" * 100_000,
    "brackets": "[" * 100_000 + "![](" * 50_000 + "\n第一条 甲。",
    "open tags": "<!doctype html>第一条 甲。" + "<a " * 50_000,
    "open comments": "<!doctype html>第一条 甲。" + "<!--" * 50_000,
    "quotation marks": "《甲" * 50_000 + "\n第一条 甲。",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_time(name: str) -> None:
    assert parse(HOSTILE[name]).articles


@given(st.integers(1, 9999))
def test_numerals_go_both_ways(number: int) -> None:
    assert number_of(numeral(number)) == number


@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(alphabet="第一二十条章（）、。：；\n 　1.<p>[]猫", max_size=200).map(str.encode),
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text = parse_official_text(data, "trial.txt")
    except LawError:
        return
    assert text.articles


SENTENCE = st.text(alphabet="猫狗舍园区应当不得照料居民登记公布", min_size=6, max_size=30).map(
    lambda words: words + "。"
)
ARTICLE = st.tuples(SENTENCE, st.lists(SENTENCE, max_size=2), st.lists(SENTENCE, min_size=2, max_size=4) | st.just([]))
STYLES = st.sampled_from([("（{}）", True), ("({})", True), ("（{}）", False), ("{}．", False), ("{}、", True)])


@given(
    st.lists(ARTICLE, min_size=2, max_size=15),
    STYLES,
    st.sampled_from(["　", " ", ""]),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_what_was_written_is_read_back(
    articles: list[tuple[str, list[str], list[str]]], style: tuple[str, bool], space: str, line_end: str
) -> None:
    form, chinese = style
    lines = ["猫舍管理办法"]
    for number, (first, more, items) in enumerate(articles, 1):
        lines += [f"第{numeral(number)}条{space}{first}", *more]
        lines += [form.format(numeral(at) if chinese else at) + item for at, item in enumerate(items, 1)]
    text = parse(line_end.join(lines))
    read = [([p.text for p in a.paragraphs], [i.text for i in a.paragraphs[-1].items]) for a in text.articles]
    assert read == [([first, *more], items) for first, more, items in articles]
    assert not text.faults
    assert not text.unplaced


def test_the_title_finds_the_regulation_and_a_draft_is_told_from_its_successor() -> None:
    for pack in shipped():
        assert regulation_of(pack.title.zh, shipped()) == pack
        assert regulation_of(pack.title.zh.partition("（")[0], shipped()) == pack
    assert regulation_of(TITLE, shipped()) is None
    assert regulation_of("", shipped()) is None
    assert is_draft("办法（征求意见稿）")
    assert not is_draft("办法（2030年1月1日公布）")


def test_the_invented_regulation_reads_whole() -> None:
    text = official(CATS)
    assert (text.title, len(text.articles), text.faults, text.unplaced) == (TITLE, 12, (), ())
    assert [len(one.paragraphs) for one in text.articles] == [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1]
    assert "第四条" in written(CATS)


@pytest.mark.parametrize(
    ("name", "articles", "chapters", "faults", "lists"),
    [
        ("cac-2026", 38, 7, [("cut_off", "第三十八条")], {7: 6, 27: 5}),
        ("app-2021", 20, 0, [("blank_date", "第二十条")], {6: 6, 7: 6, 8: 6, 9: 8, 10: 6, 11: 8, 12: 3, 16: 6}),
    ],
)
def test_the_two_drafts_as_found_on_the_web(
    shared: Path, name: str, articles: int, chapters: int, faults: list[tuple[str, str]], lists: dict[int, int]
) -> None:
    text = read_official_text(shared / "law" / f"{name}-draft.txt")
    assert [one.number for one in text.articles] == list(range(1, articles + 1))
    assert len(text.chapters) == chapters
    assert kinds(text) == faults
    pack = regulation_of(text.title, shipped())
    assert pack is not None
    assert pack.id == name
    found = {a.number: sum(len(p.items) for p in a.paragraphs) for a in text.articles}
    assert {number: many for number, many in found.items() if many} == lists
    # Every duty stands in a paragraph that the text has.
    for duty in pack.duties:
        article = text.article(duty.article)
        assert article is not None
        assert (duty.paragraph or 1) <= len(article.paragraphs), duty.id
