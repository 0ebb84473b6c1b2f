"""What holds for any bytes: places inside the text, every word in one block, and no error but one of ours."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hegui.readers.errors import ReadError
from hegui.readers.policy.characters import tidy
from hegui.readers.policy.document import read_document
from hegui.readers.policy.html import read_html
from hegui.readers.policy.markdown import read_markdown
from hegui.readers.policy.text import read_text
from tests.readers.policy.files import Words, docx, grid, p, pdf
from tests.readers.policy.shown import check_places

_WORDS = st.sampled_from(
    ["我们收集", "位置", "。", " ", "\n", "一、总则", "Android ID", "\u200b", "⽇", "|", "*", "**", "- ", "1. ", "# "]
)
_TAGS = st.sampled_from([
    "p", "div", "br", "b", "ul", "ol", "li", "table", "tr", "td", "th", "h1", "h3", "dl", "dt", "dd", "span", "font", "a",
    "pre", "script", "style", "details", "img", "dialog", "caption",
])  # fmt: skip
_ATTRIBUTES = st.sampled_from(
    [
        "",
        " hidden",
        " style='display:none'",
        " style='color:#fff'",
        " colspan=2",
        " rowspan=3",
        " href='https://a.example'",
    ]
)
_PAGE = st.lists(
    st.one_of(
        _WORDS, st.tuples(_TAGS, _ATTRIBUTES).map(lambda one: f"<{one[0]}{one[1]}>"), _TAGS.map(lambda tag: f"</{tag}>")
    ),
    max_size=60,
).map("".join)
_FILES = [
    docx(
        p("隐私政策", "1")
        + p("我们收集信息。")
        + f"<w:tbl><w:tr><w:tc>{p('甲')}</w:tc><w:tc>{p('乙')}</w:tc></w:tr></w:tbl>"
    ),
    pdf([[Words(60, 700, "我们收集您的信息。"), *grid(60, 600, [90, 90], [20, 20]), Words(64, 585, "甲")]]),
    "<meta charset=gbk><h1>隐私政策</h1><table><tr><td>甲<td>乙</table>".encode("gbk"),
]


@given(_PAGE)
@settings(max_examples=300, deadline=None)
def test_any_page(page: str) -> None:
    check_places(read_html(page))


@given(st.lists(_WORDS, max_size=60).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text(text: str) -> None:
    check_places(read_text(text))
    check_places(read_markdown(text))


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data: bytes) -> None:
    _read(data)


@given(
    st.sampled_from(_FILES), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=8), st.floats(0.2, 1)
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_damage(data: bytes, damages: list[tuple[float, bytes]], kept: float) -> None:
    damaged = bytearray(data)
    for place, put in damages:
        at = int(place * len(damaged))
        damaged[at : at + len(put)] = put
    _read(bytes(damaged[: int(kept * len(damaged))]))


@given(st.text(alphabet=" \n\t\v\u3000\u200b我a。", max_size=40))
def test_offsets_of_tidied_text_stay_in_order(text: str) -> None:
    tidied, moved = tidy(text)
    places = [moved(at) for at in range(len(text) + 1)]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == len(tidied)


def _read(data: bytes) -> None:
    try:
        read = read_document(data)
    except ReadError:
        return
    assert read.text or read.reason
    check_places(read)
