import pytest

from hegui.readers.errors import Malformed, NotSupported
from hegui.readers.policy.docx import read_docx
from tests.readers.policy.files import W, archive, docx, p
from tests.readers.policy.shown import blocks, cells, check_places, hidden, marks


def test_headings_lists_and_paragraphs() -> None:
    item = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    )
    read = read_docx(
        docx(
            p("隐私政策", "1") + p("收集", "2") + p("我们收集信息。") + item.format(0, "设备") + item.format(1, "型号")
        )
    )
    assert blocks(read) == [
        ("heading", 1, "隐私政策"),
        ("heading", 2, "收集"),
        ("paragraph", 0, "我们收集信息。"),
        ("item", 1, "设备"),
        ("item", 2, "型号"),
    ]
    assert read.title == "隐私政策"
    assert read.blocks[2].at == "paragraph 3"
    check_places(read)


@pytest.mark.parametrize(
    ("run", "mark"),
    [
        ("<w:b/>", ("bold", "", "位置")),
        ('<w:sz w:val="42"/>', ("size", "2.00", "位置")),
        ('<w:color w:val="FF0000"/>', ("colour", "#ff0000", "位置")),
        ('<w:u w:val="single"/>', ("underline", "", "位置")),
        ('<w:highlight w:val="yellow"/>', ("background", "#ffff00", "位置")),
        ('<w:shd w:val="clear" w:fill="FFFF00"/>', ("background", "#ffff00", "位置")),
        ("<w:i/>", ("italic", "", "位置")),
    ],
)
def test_emphasis(run: str, mark: tuple[str, str, str]) -> None:
    inner = f"<w:r><w:t>我们收集您的</w:t></w:r><w:r><w:rPr>{run}</w:rPr><w:t>位置</w:t></w:r><w:r><w:t>等个人信息。</w:t></w:r>"
    assert marks(read_docx(docx(f"<w:p>{inner}</w:p>"))) == {mark}


@pytest.mark.parametrize("run", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>'])
def test_text_that_nobody_sees_is_kept_as_hidden(run: str) -> None:
    read = read_docx(docx(p("我们收集您的信息。") + p("暗", run=run)))
    assert hidden(read) == ["暗"]


def test_a_switched_off_toggle_is_off() -> None:
    assert hidden(read_docx(docx(p("明", run='<w:vanish w:val="0"/>')))) == []


def test_merged_cells_and_tables_in_cells() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell(p('内一'))}{cell(p('内二'))}</w:tr></w:tbl>"
    read = read_docx(
        docx(
            "<w:tbl><w:tr>"
            + cell(p("名称"))
            + cell(p("类型"), '<w:gridSpan w:val="2"/>')
            + "</w:tr><w:tr>"
            + cell(p("甲"), '<w:vMerge w:val="restart"/>')
            + cell(p("一") + p("二"))
            + cell(p("三"))
            + "</w:tr><w:tr>"
            + cell(p(""), "<w:vMerge/>")
            + cell(p(""))
            + cell(p("前") + inner + p("后"))
            + "</w:tr></w:tbl>"
        )
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


@pytest.mark.parametrize(
    "inner",
    [
        '<w:hyperlink r:id="rId1"><w:r><w:t>清单</w:t></w:r></w:hyperlink>',
        '<w:fldSimple w:instr=" HYPERLINK &quot;https://a.example/l&quot; "><w:r><w:t>清单</w:t></w:r></w:fldSimple>',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://a.example/l"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>清单</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ],
)
def test_links(inner: str) -> None:
    read = read_docx(docx(f"<w:p>{inner}</w:p>", links={"rId1": "https://a.example/l"}))
    assert marks(read) == {("link", "https://a.example/l", "清单")}
    assert read.text == "清单"


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>我们</w:t></w:r><w:del><w:r><w:delText>不</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>收集</w:t></w:r></w:ins></w:p>"
    )
    assert read_docx(docx(body)).text == "我们收集"


def test_a_ring_of_styles_ends() -> None:
    ring = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    assert read_docx(docx(p("我们收集信息。", "a"), styles=ring)).text == "我们收集信息。"


def test_a_document_of_pictures_is_one() -> None:
    picture = (
        '<w:p><w:r><w:drawing><extent cx="9000000" cy="9000000"/><docPr descr=""/>'
        '<blip xmlns="urn:a" r:embed="rId9"/></w:drawing></w:r></w:p>'
    )
    assert read_docx(docx(picture)).reason == "POLICY_IMAGE_ONLY"
    assert read_docx(docx("")).reason == "NO_POLICY"


_BILLION = (
    "<!DOCTYPE d [<!ENTITY a 'haha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        pytest.param(archive({"xl/workbook.xml": "<a/>"}), NotSupported, "Excel", id="a workbook"),
        pytest.param(archive({"AndroidManifest.xml": "<a/>"}), NotSupported, "PACKAGE", id="an app package"),
        pytest.param(archive({"a.html": "<a/>"}), NotSupported, "unpack", id="an archive of pages"),
        pytest.param(docx(p("信息"))[:-60], Malformed, "archive is broken", id="cut short"),
        pytest.param(docx("<w:p>"), Malformed, "no valid XML", id="an element that never ends"),
        pytest.param(docx(p("&j;"), prolog=_BILLION), Malformed, "DOCX", id="entities that multiply"),
        pytest.param(docx(p("信息"), prolog="<!DOCTYPE d []>"), Malformed, "DTD", id="a DTD"),
        pytest.param(docx("<w:sdt>" * 100_000), Malformed, "no valid XML", id="nested too deep"),
    ],
)
def test_broken_documents(data: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read_docx(data)
