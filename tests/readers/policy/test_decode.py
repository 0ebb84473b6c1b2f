import pytest

from hegui.readers.policy.decode import decode

_SHORT = "我们收集您的个人信息，用于提供服务。"
_TRADITIONAL = "我們收集您的個人資料，用於提供服務。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_simplified_text_in_any_encoding(encoding: str) -> None:
    assert decode(_SHORT.encode(encoding)).text == _SHORT


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16"])
def test_traditional_text_in_any_encoding(encoding: str) -> None:
    assert decode(_TRADITIONAL.encode(encoding)).text == _TRADITIONAL


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        pytest.param('<meta charset="gbk">', "gb18030", id="declared as the smaller set"),
        pytest.param(
            '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030", id="in the old way"
        ),
        pytest.param('<meta charset="utf-8">', "gb18030", id="declared wrongly"),
        pytest.param('<meta charset="iso-8859-1">', "gb18030", id="declared by a careless server"),
        pytest.param('<meta charset="gbk">', "utf-8", id="saved again in another encoding"),
        pytest.param('<meta charset="rot13">', "gb18030", id="declared as no encoding of text"),
        pytest.param('<meta charset="x-none">', "big5hkscs", id="declared as none that is known"),
    ],
)
def test_declarations(head: str, encoding: str) -> None:
    text = f"<html><head>{head}</head><body>{_TRADITIONAL if 'big5' in encoding else _SHORT}</body></html>"
    assert decode(text.encode(encoding)).text == text


def test_damage_is_counted() -> None:
    data = (_SHORT * 20).encode()
    damaged = decode(data[:99] + b"\xff" + data[100:])
    assert damaged.encoding == "utf-8"
    # The byte itself, and the two that it leaves without their first.
    assert damaged.broken == 3


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\0" * 1000, b"\x7fELF" + b"\1\0\0\0" * 500])
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert not decode(data).is_text
