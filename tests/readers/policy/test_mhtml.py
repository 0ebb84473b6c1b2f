import pytest

from hegui.readers.errors import Malformed
from hegui.readers.policy.mhtml import read_mhtml
from tests.readers.policy.shown import blocks, marks

_HEAD = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
_PAGE = (
    b"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<meta charset=3Dutf-8><link rel=3Dstylesheet href=3Da.css>=\r\n"
    b"<p>=E6=88=91=E4=BB=AC<i class=3Dem>=E6=94=B6=E9=9B=86</i>=E4=BF=A1=E6=81=AF=E3=80=82</p>\r\n"
)
_STYLES = b"--b\r\nContent-Type: text/css\r\n\r\n.em{font-weight:bold;font-style:normal}\r\n"


def test_the_page_is_read_with_the_styles_saved_beside_it() -> None:
    read = read_mhtml(_HEAD + _PAGE + _STYLES + b"--b--\r\n")
    assert blocks(read) == [("paragraph", 0, "我们收集信息。")]
    assert marks(read) == {("bold", "", "收集")}
    assert read.styled


def test_an_archive_without_a_page_is_refused() -> None:
    with pytest.raises(Malformed, match="without a page"):
        read_mhtml(_HEAD + _STYLES + b"--b--\r\n")
