import pytest

from hegui.readers.errors import Malformed
from hegui.readers.policy.pdf import read_pdf
from tests.readers.policy.files import Mark, Picture, Rule, Words, grid, pdf
from tests.readers.policy.shown import blocks, cells, check_places, hidden, marks

_LINE = "为向您提供服务我们会收集您的设备信息和位置信息并在最短期限内保存这些"


def test_lines_become_paragraphs_and_large_letters_headings() -> None:
    page = [
        Words(60, 780, "甲应用隐私政策", 20),
        Words(60, 740, _LINE),
        Words(60, 722, "信息。"),
        Words(60, 704, "我们另行告知。"),
        Words(60, 670, "一、收集"),
        Words(60, 640, _LINE),
    ]
    read = read_pdf(pdf([page]))
    assert blocks(read) == [
        ("heading", 1, "甲应用隐私政策"),
        ("paragraph", 0, _LINE + "信息。"),
        ("paragraph", 0, "我们另行告知。"),
        ("heading", 2, "一、收集"),
        ("paragraph", 0, _LINE),
    ]
    assert read.title == "甲应用隐私政策"
    check_places(read)


def test_what_every_page_repeats_is_left_out_and_a_paragraph_goes_on_over_it() -> None:
    pages = [
        [
            Words(60, 810, "甲应用隐私政策"),
            Words(60, 760, _LINE),
            Words(60, 742, _LINE),
            Words(290, 20, f"第 {number} 页 共 4 页"),
        ]
        for number in range(1, 5)
    ]
    read = read_pdf(pdf(pages))
    assert blocks(read) == [("paragraph", 0, _LINE * 8)]
    assert read.blocks[0].at == "page 1"


def test_ruled_tables_with_merged_cells() -> None:
    page: list[Mark] = [
        *grid(60, 700, [100, 150], [20, 20]),
        Words(64, 685, "名称"),
        Words(164, 685, "类型"),
        Words(64, 665, "甲SDK"),
        Words(164, 665, "位置"),
    ]
    # A last row of one cell under both.
    page += [Rule(60, 640, 0.8, 20), Rule(310, 640, 0.8, 20), Rule(60, 640, 250, 0.8), Words(64, 645, "以上均可关闭")]
    read = read_pdf(pdf([page]))
    assert cells(read) == [
        (0, 0, 1, 1, "名称"),
        (0, 1, 1, 1, "类型"),
        (1, 0, 1, 1, "甲SDK"),
        (1, 1, 1, 1, "位置"),
        (2, 0, 1, 2, "以上均可关闭"),
    ]
    check_places(read)


def test_a_table_goes_on_over_pages_without_its_repeated_head() -> None:
    def page(name: str) -> list[Mark]:
        rules = grid(60, 700, [100, 150], [20, 20])
        return [*rules, Words(64, 685, "名称"), Words(164, 685, "类型"), Words(64, 665, name), Words(164, 665, "位置")]

    read = read_pdf(pdf([page("甲SDK"), page("乙SDK")]))
    assert [words for *_, words in blocks(read, "table")] == ["名称\t类型\n甲SDK\t位置\n乙SDK\t位置"]
    assert [(row, words) for row, col, *_, words in cells(read) if col == 0] == [
        (0, "名称"),
        (1, "甲SDK"),
        (2, "乙SDK"),
    ]


def test_emphasis_and_links() -> None:
    page = [
        Words(60, 740, _LINE),
        Words(60, 700, "敏感", bold=True),
        Words(60, 660, "清单", colour=(1, 0, 0)),
        Words(60, 620, _LINE),
    ]
    read = read_pdf(pdf([page], links=[(0, (55, 655, 90, 675), "https://a.example/l")]))
    assert marks(read) == {("bold", "", "敏感"), ("colour", "#ff0000", "清单"), ("link", "https://a.example/l", "清单")}
    assert read.styled


@pytest.mark.parametrize(
    ("extra", "hides"),
    [
        pytest.param([Words(60, 700, "暗", colour=(1, 1, 1))], True, id="white on white"),
        pytest.param([Words(60, 700, "暗", mode=3)], True, id="drawn unseen"),
        pytest.param([Words(60, 700, "暗", 1)], True, id="tiny"),
        pytest.param([Words(900, 700, "暗")], True, id="beside the page"),
        pytest.param([Rule(50, 690, 100, 30, 0.2), Words(60, 700, "明", colour=(1, 1, 1))], False, id="white on dark"),
        pytest.param([Picture(0, 0, 595, 842), Words(60, 700, "明", mode=3)], False, id="recognised in a scan"),
    ],
)
def test_text_that_nobody_sees_is_kept_as_hidden(extra: list[Mark], hides: bool) -> None:
    read = read_pdf(pdf([[Words(60, 740, _LINE), *extra]]))
    assert hidden(read) == (["暗"] if hides else [])


@pytest.mark.parametrize(
    ("pages", "reason", "says"),
    [
        pytest.param([[Picture(0, 0, 595, 842)]] * 3, "POLICY_IMAGE_ONLY", "3 pages", id="scanned"),
        pytest.param(
            [[Words(60, 700, _LINE)], [Picture(0, 0, 595, 842)]],
            "POLICY_IMAGE_ONLY",
            "pictures: 2",
            id="one page scanned",
        ),
        pytest.param([[]], "NO_POLICY", "no text", id="blank"),
        pytest.param(
            [[Rule(60, n * 3, 2, 2) for n in range(99)]], "POLICY_IMAGE_ONLY", "shapes", id="letters as shapes"
        ),
    ],
)
def test_pages_without_text_say_why(pages: list[list[Mark]], reason: str, says: str) -> None:
    read = read_pdf(pdf(pages))
    assert read.reason == reason
    assert says in read.unread


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n%%EOF", id="nothing in it"),
        pytest.param(b"%PDF-1.7\n" + b"\xff" * 5000, id="noise"),
        pytest.param(pdf([[Words(60, 700, _LINE)]])[:700], id="cut short"),
    ],
)
def test_broken_files(data: bytes) -> None:
    with pytest.raises(Malformed, match="cannot be opened"):
        read_pdf(data)


def test_radicals_become_characters() -> None:
    assert read_pdf(pdf([[Words(60, 700, "个⼈信息⽇期")]])).text == "个人信息日期"
