import pytest

from hegui.readers.policy.html import read_html
from tests.readers.policy.shown import blocks, cells, check_places, hidden, marks


def test_headings_paragraphs_and_lists_become_a_tree() -> None:
    read = read_html(
        "<title>甲应用隐私政策</title><h1>隐私政策</h1><p>我们收集\n您的位置。</p><h2>二</h2>"
        "<ul><li>设备<ul><li>型号</li></ul>等</li></ul><p>完</p>"
    )
    assert blocks(read) == [
        ("heading", 1, "隐私政策"),
        ("paragraph", 0, "我们收集您的位置。"),
        ("heading", 2, "二"),
        ("item", 1, "设备|等"),
        ("item", 2, "型号"),
        ("paragraph", 0, "完"),
    ]
    assert [block.parent for block in read.blocks] == [None, 0, 0, 2, 3, 2]
    assert read.title == "甲应用隐私政策"
    check_places(read)


@pytest.mark.parametrize(
    ("page", "paragraphs"),
    [
        pytest.param(
            "一<br><br>二<br>三", ["一", "二", "三"], id="line breaks make paragraphs outside lists and tables"
        ),
        pytest.param("<div>一<div>二</div>三</div>", ["一", "二", "三"], id="a div is a paragraph"),
        pytest.param("<p>个人&nbsp;&nbsp;信息&#x3002;</p>", ["个人 信息。"], id="entities, and one space for many"),
        pytest.param(
            "<p>收集\n<b>位置</b>\n信息</p>", ["收集位置信息"], id="a source line break between Chinese is nothing"
        ),
        pytest.param("<p>we\ncollect</p>", ["we collect"], id="a source line break between English words is a space"),
        pytest.param("<pre>一\n二</pre>", ["一", "二"], id="lines of preformatted text stay"),
        pytest.param(
            "<p>一<script>var a='二'</script><style>p{}</style></p>", ["一"], id="scripts and styles are no text"
        ),
        pytest.param("<span style='display:block'>一</span>二", ["一", "二"], id="an element shown as a block is one"),
        pytest.param("<p>位\u200b置\ufeff信息</p>", ["位置信息"], id="characters without width are left out"),
        pytest.param(
            "<p>个⼈信息，⻚面</p>", ["个人信息，页面"], id="radicals stand for the characters they look like"
        ),
    ],
)
def test_paragraphs(page: str, paragraphs: list[str]) -> None:
    read = read_html(page)
    assert [words for *_, words in blocks(read, "paragraph")] == paragraphs
    check_places(read)


@pytest.mark.parametrize(
    ("page", "hides"),
    [
        ('<p style="display:none">暗</p>', True),
        ("<style>.x{display:none}</style><p class='a x'>暗</p>", True),
        ("<style>#x p{visibility:hidden}</style><div id=x><p>暗</p></div>", True),
        ("<p hidden>暗</p>", True),
        ('<p style="font-size:0">暗</p>', True),
        ('<p style="font-size:1px">暗</p>', True),
        ('<p style="color:#fff">暗</p>', True),
        ('<div style="background:#eee"><p style="color:#eeeeee">暗</p></div>', True),
        ('<p style="position:absolute;left:-9999px">暗</p>', True),
        ('<p style="text-indent:-9999px">暗</p>', True),
        ('<p style="opacity:0">暗</p>', True),
        ('<p style="height:0;overflow:hidden">暗</p>', True),
        ('<p style="position:absolute;clip:rect(0 0 0 0)">暗</p>', True),
        ("<dialog>暗</dialog>", True),
        ('<font color="white">暗</font>', True),
        ('<div style="visibility:hidden"><p style="visibility:visible">明</p></div>', False),
        ("<details><summary>题</summary>明</details>", False),
        ('<div style="background:#000"><p style="color:#fff">明</p></div>', False),
        ('<div style="background:url(a.png)"><p style="color:#fff">明</p></div>', False),
        ("<link rel=stylesheet href=a.css><p style='color:#fff'>明</p>", False),
        ("<style>@media print{p{display:none}}</style><p>明</p>", False),
        ("<style>p:hover{display:none}</style><p>明</p>", False),
        ("<style>.a p{display:none}</style><p>明</p>", False),
        ("<style>p{display:none}p{display:block}</style><p>明</p>", False),
        ("<style>.x{display:none !important}</style><p class=x style='display:block'>暗</p>", True),
    ],
)
def test_text_that_nobody_sees_is_kept_as_hidden(page: str, hides: bool) -> None:
    read = read_html("<p>我们收集您的信息。</p>" + page)
    assert hidden(read) == (["暗"] if hides else [])
    check_places(read)


def test_words_hidden_inside_a_sentence_stand_after_it() -> None:
    read = read_html("<p>我们收集<span style='display:none'>通讯录和</span>位置。</p>")
    assert blocks(read) == [("paragraph", 0, "我们收集位置。")]
    assert hidden(read) == ["通讯录和"]


@pytest.mark.parametrize(
    ("page", "mark"),
    [
        ("<b>位置</b>", ("bold", "", "位置")),
        ("<strong>位置</strong>", ("bold", "", "位置")),
        ('<span style="font-weight:700">位置</span>', ("bold", "", "位置")),
        ("<style>.em{font-weight:bold}</style><span class=em>位置</span>", ("bold", "", "位置")),
        ('<span style="font-size:24px">位置</span>', ("size", "1.50", "位置")),
        ('<font size="5">位置</font>', ("size", "1.50", "位置")),
        ('<span style="color:red">位置</span>', ("colour", "#ff0000", "位置")),
        ('<font color="#f00">位置</font>', ("colour", "#ff0000", "位置")),
        ("<mark>位置</mark>", ("background", "#ffff00", "位置")),
        ("<u>位置</u>", ("underline", "", "位置")),
        ("<em>位置</em>", ("italic", "", "位置")),
        ('<a href="https://a.example/list">位置</a>', ("link", "https://a.example/list", "位置")),
    ],
)
def test_emphasis(page: str, mark: tuple[str, str, str]) -> None:
    read = read_html(f"<p>我们收集您的{page}等个人信息，用于提供服务。</p>")
    assert mark in marks(read)
    assert read.styled


def test_what_the_whole_page_looks_like_is_no_emphasis() -> None:
    read = read_html("<body style='font-size:12px;color:#333'><p>我们收集您的信息。</p>")
    assert marks(read) == set()


def test_styles_in_a_file_of_their_own_are_not_known() -> None:
    assert not read_html("<link rel='stylesheet' href='a.css'><p>我们收集您的信息。</p>").styled


def test_merged_cells_and_tables_in_cells() -> None:
    read = read_html(
        "<table><thead><tr><th>名称<th colspan=2>类型</tr></thead><tr><td rowspan=2>甲<td>一<br>二<td>三</tr>"
        "<tr><td><td>前<table><tr><td>内一<td>内二</tr></table>后</tr></table>"
    )
    assert cells(read) == [
        (0, 0, 1, 1, "名称"),
        (0, 1, 1, 2, "类型"),
        (1, 0, 2, 1, "甲"),
        (1, 1, 1, 1, "一\n二"),
        (1, 2, 1, 1, "三"),
        (2, 1, 1, 1, ""),
        (2, 2, 1, 1, "前|后"),
        (0, 0, 1, 1, "内一"),
        (0, 1, 1, 1, "内二"),
    ]
    check_places(read)


def test_text_that_strayed_between_cells_is_kept_in_its_row() -> None:
    read = read_html("<table><tr>散<td>甲<td>乙</tr>文<tr><td>丙<td>丁</tr></table>")
    assert [words for *_, words in blocks(read, "paragraph")] == ["散", "文"]
    check_places(read)


def test_an_empty_cell_inside_an_item_that_goes_on_has_its_place_in_order() -> None:
    read = read_html("<ul><li>前<table><tr><td>甲<td><td>乙</tr></table>后</ul>")
    assert [words for *_, words in cells(read)] == ["甲", "", "乙"]
    check_places(read)


def test_a_table_of_one_column_is_no_table() -> None:
    read = read_html("<table><tr><td><h2>一、收集</h2><p>我们收集信息。</p></td></tr></table>")
    assert blocks(read) == [("heading", 2, "一、收集"), ("paragraph", 0, "我们收集信息。")]


def test_bold_numbered_paragraphs_are_headings() -> None:
    read = read_html("<p><b>一、收集</b></p><p>文。</p><p><b>1. 注册</b></p><p>文。</p><p><b>二、使用</b></p>")
    assert blocks(read, "heading") == [
        ("heading", 1, "一、收集"),
        ("heading", 2, "1. 注册"),
        ("heading", 1, "二、使用"),
    ]


@pytest.mark.parametrize(
    ("page", "reason", "says"),
    [
        pytest.param(
            "<title>隐私政策</title><div id=app></div><script src=a.js></script>",
            "NO_POLICY",
            "browser",
            id="a script's shell",
        ),
        pytest.param(
            "<div id=root>加载中</div><script>window.__STATE__={}</script>",
            "NO_POLICY",
            "browser",
            id="a shell that says it loads",
        ),
        pytest.param("<iframe src='https://a.example/p.html'></iframe>", "NO_POLICY", "a.example", id="a frame"),
        pytest.param("<img src=a.png><img src=b.png>", "POLICY_IMAGE_ONLY", "2 pictures", id="pictures"),
        pytest.param("<html></html>", "NO_POLICY", "no text", id="nothing"),
        pytest.param("", "NO_POLICY", "no text", id="no element"),
    ],
)
def test_a_page_without_its_text_says_why(page: str, reason: str, says: str) -> None:
    read = read_html(page)
    assert read.reason == reason
    assert says in read.unread


def test_a_short_page_with_a_script_is_read_when_it_speaks() -> None:
    assert not read_html("<p>我们不收集您的个人信息。</p><script src=count.js></script>").reason


def test_nesting_past_what_can_be_read_is_told() -> None:
    read = read_html("<p>我们收集您的信息。</p>" + "<div>" * 100_000 + "深")
    assert read.reason == "LIMIT_REACHED"
    assert "我们收集您的信息。" in read.text


def test_pictures_that_are_more_than_icons_have_a_place() -> None:
    read = read_html(
        "<p>清单见图：</p><img src=a.png alt='SDK清单' width=600><img src=b.png width=16>" + "<p>我们收集信息。</p>"
    )
    assert blocks(read, "picture") == [("picture", 0, "SDK清单")]


def test_a_heading_inside_an_item_that_begins_later_stands_before_it() -> None:
    made = read_html("<h1><dt>我们收集<ul>我们收集")
    check_places(made)
    assert [block.kind for block in made.blocks] == ["heading", "item"]
