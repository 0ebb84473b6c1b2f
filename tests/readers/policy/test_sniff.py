import pytest

from hegui.readers.errors import NotSupported
from hegui.readers.policy.document import read_document
from hegui.readers.policy.sniff import kind_of_text
from tests.readers.policy.files import Words, docx, p, pdf

_MHTML = (
    'From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    "Content-Type: text/html; charset=gbk\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+ztLDx8rVvK/E+rXE0MXPoqGjPC9wPg==\r\n"
    "--b\r\nContent-Type: text/css\r\n\r\np{color:red}\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (pdf([[Words(60, 700, "我们收集您的信息。")]]), "pdf"),
        (docx(p("我们收集您的信息。")), "docx"),
        ("<p>我们收集您的信息。</p>".encode(), "html"),
        ("<!-- 存 --><!DOCTYPE html><body>我们收集您的信息。".encode("gbk"), "html"),
        (_MHTML.encode(), "html"),
        ("# 隐私政策\n**我们**收集您的信息。".encode(), "markdown"),
        ("我们收集您的信息。".encode("utf-16"), "text"),
    ],
)
def test_the_content_tells_the_kind(data: bytes, form: str) -> None:
    read = read_document(data)
    assert read.form == form
    assert "我们收集您的信息。" in read.text
    assert not read.reason


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as DOCX"),
        (b"{\\rtf1 }", "RTF"),
        (b"bplist00" + bytes(100), "web archive"),
        (b'{"code": 0, "data": "<p>..."}', "JSON"),
        (bytes(2000), "no text that is known"),
    ],
)
def test_other_kinds_are_refused_with_advice(data: bytes, says: str) -> None:
    with pytest.raises(NotSupported, match=says):
        read_document(data)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff\xe0" + bytes(50), b"RIFF\0\0\0\0WEBPVP8 "]
)
def test_a_picture_is_said_to_be_one(data: bytes) -> None:
    assert read_document(data).reason == "POLICY_IMAGE_ONLY"


def test_a_text_that_speaks_of_tags_is_text() -> None:
    assert kind_of_text("我们在网页中使用 <p> 等标签。") == "text"


def test_a_text_of_blanks_is_no_policy() -> None:
    assert read_document(b" \n \n").reason == "NO_POLICY"


def test_damaged_text_is_read_in_part() -> None:
    data = "我们收集您的个人信息。".encode() * 20
    read = read_document(data[:30] + b"\xff" * 3 + data[33:])
    assert read.reason == "MALFORMED"
    assert "damaged" in read.unread
