"""Files of invented rules for tests and benchmarks: pages, Word documents and PDFs, whole and broken."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
    '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/></w:style></w:styles>'
)


def docx(body: str, *, prolog: str = "", styles: str = STYLES, links: dict[str, str] | None = None) -> bytes:
    """A Word document of this body, with the usual styles: 1 and 2 are headings."""
    document = f'{prolog}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    rels = "".join(
        f'<Relationship Id="{key}" Type="{R}/hyperlink" Target="{to}"/>' for key, to in (links or {}).items()
    )
    return archive(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="a" Type="{R}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": document,
            "word/styles.xml": styles,
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELS}">{rels}</Relationships>',
        }
    )


def archive(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def p(text: str, style: str = "", run: str = "") -> str:
    """A paragraph of a Word document with one run; `run` are its properties."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


@dataclass(frozen=True)
class Words:
    """A line of a PDF at a place, in points from the lower left. `mode` is the text rendering mode, 3 for unseen."""

    x: float
    y: float
    text: str
    size: float = 11.0
    bold: bool = False
    colour: tuple[float, float, float] = (0, 0, 0)
    mode: int = 0


@dataclass(frozen=True)
class Rule:
    """A line, or a filled area when both sides are long."""

    x: float
    y: float
    width: float
    height: float
    grey: float = 0.0


@dataclass(frozen=True)
class Picture:
    """A grey picture."""

    x: float
    y: float
    width: float
    height: float


Mark = Words | Rule | Picture


def pdf(
    pages: Sequence[Sequence[Mark]], links: Sequence[tuple[int, tuple[float, float, float, float], str]] = ()
) -> bytes:
    """A PDF of A4 pages. Its Chinese fonts are those every reader must know, so none is embedded (ISO 32000-1, 9.7.5.2)."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    for name, weight in (("STSong-Light", 400), ("STHeiti-Bold", 700)):
        base = len(objects) + 1
        objects.append(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/UniGB-UCS2-H/DescendantFonts[{base + 1} 0 R]>>".encode()
        )
        objects.append(
            f"<</Type/Font/Subtype/CIDFontType0/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
            f"/DW 1000/W[814 907 500 1 95 500]/FontDescriptor {base + 2} 0 R>>".encode()
        )
        objects.append(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 850/Descent -150"
            f"/CapHeight 700/StemV 80/FontWeight {weight}>>".encode()
        )
    image = len(objects) + 1
    objects.append(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        b"stream\n\x80\nendstream"
    )
    kids = []
    for number, marks in enumerate(pages):
        content = b"\n".join(_drawn(mark) for mark in marks)
        objects.append(b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream")
        drawn = len(objects)
        noted = []
        for at, (left, bottom, right, top), address in links:
            if at == number:
                objects.append(
                    f"<</Type/Annot/Subtype/Link/Rect[{left} {bottom} {right} {top}]/A<</S/URI/URI({address})>>>>".encode()
                )
                noted.append(f"{len(objects)} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {drawn} 0 R/Annots[{' '.join(noted)}]"
            f"/Resources<</Font<</F0 3 0 R/F1 6 0 R>>/XObject<</I {image} 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, thing in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + thing + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))


def _drawn(mark: Mark) -> bytes:
    if isinstance(mark, Rule):
        return f"{mark.grey} g {mark.x} {mark.y} {mark.width} {mark.height} re f".encode()
    if isinstance(mark, Picture):
        return f"q {mark.width} 0 0 {mark.height} {mark.x} {mark.y} cm /I Do Q".encode()
    red, green, blue = mark.colour
    return (
        f"BT /F{int(mark.bold)} {mark.size} Tf {red} {green} {blue} rg {mark.mode} Tr 1 0 0 1 {mark.x} {mark.y} Tm "
        f"<{mark.text.encode('utf-16-be').hex()}> Tj ET"
    ).encode()


def grid(x: float, top: float, widths: Sequence[float], heights: Sequence[float]) -> list[Mark]:
    """The rules of a table."""
    height, width = sum(heights), sum(widths)
    marks: list[Mark] = []
    for number in range(len(widths) + 1):
        marks.append(Rule(x + sum(widths[:number]), top - height, 0.8, height))
    for number in range(len(heights) + 1):
        marks.append(Rule(x, top - sum(heights[:number]), width, 0.8))
    return marks
