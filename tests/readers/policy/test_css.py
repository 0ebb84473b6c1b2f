from lxml import etree

from hegui.readers.policy.css import Stylesheet


def _told(css: str, page: str) -> dict[str, str]:
    sheet = Stylesheet()
    sheet.add(css)
    root = etree.fromstring(page, etree.HTMLParser())
    return sheet.of(next(root.iter("b")))


def test_the_more_specific_rule_wins_whatever_its_place() -> None:
    css = "#i{color:red} .c{color:green} b{color:blue} b.c{color:black}"
    assert _told(css, "<b class='c d' id=i>x</b>") == {"color": "red"}
    assert _told(css, "<b class='c d'>x</b>") == {"color": "black"}


def test_ancestors_and_parents() -> None:
    assert _told(".a b{color:red}", "<div class=a><p><b>x</b></p></div>") == {"color": "red"}
    assert _told(".a>b{color:red}", "<div class=a><p><b>x</b></p></div>") == {}
    assert _told("div .a b{color:red}", "<div><p class=a><b>x</b></p></div>") == {"color": "red"}


def test_the_style_attribute_stands_above_rules_but_not_above_important_ones() -> None:
    assert _told("#i{color:red}", "<b id=i style='COLOR: Green'>x</b>") == {"color": "green"}
    assert _told("b{color:red!important}", "<b style='color:green'>x</b>") == {"color": "red"}


def test_rules_that_hold_at_times_are_left_out() -> None:
    css = "@media print{b{color:red}} @supports (x:y){b{color:red}} b:hover{color:red} b[x]{color:red} @import 'a'; b{top:0}"
    assert _told(css, "<b>x</b>") == {"top": "0"}
    assert _told("@media screen{b{color:red}} /* b{top:0} */", "<b>x</b>") == {"color": "red"}
