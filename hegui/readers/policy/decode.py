"""The characters of a text file whose encoding is declared, declared wrongly, or not at all."""

import codecs
import re
from dataclasses import dataclass, replace

# How browsers read what pages declare (WHATWG Encoding, section 4.2): the larger set that holds the named one.
_WIDER = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252")

# <meta charset=…>, <meta http-equiv=Content-Type content="…; charset=…"> and <?xml encoding=…?>.
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I
)
_DECLARED_WITHIN = 8192

# The characters that make up a third of any Chinese text on this subject, simplified and traditional.
_COMMON = frozenset(
    "的我您在们信息个人务服和用会或是不有为将以所其等使收集第三方權個務們這與應與條會機關來開時對，。、；：（）《》“”"
)
# Broken, private, or of an alphabet that neither language uses.
_ODD = frozenset(map(chr, (*range(0x7F, 0xA0), *range(0xC0, 0x100), *range(0xE000, 0xF900), 0xFFFD)))
# In Chinese text every third character is a common one; the bound leaves room for tables of names.
_RAREST = 20
_SAMPLE = 200_000
# Bytes that are no text come out below nothing: control characters weigh more than chance hits.
_NO_TEXT = 0.05


@dataclass(frozen=True)
class Decoded:
    """`broken` counts the characters that could not be decoded and stand as U+FFFD in `text`.

    `is_text` is False when no encoding makes text of the bytes.
    """

    text: str
    encoding: str
    broken: int
    is_text: bool = True


def decode(data: bytes, declared: str = "") -> Decoded:
    """Decode by byte order mark; else as UTF-8 if it is; else as declared, if the result is plausible; else as what reads best.

    `declared` is the encoding a container (an HTTP or MIME header) names; the file's own declaration comes after it.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    try:
        # Text in any other encoding is never valid UTF-8 by chance, unless it is ASCII or has zero bytes.
        text = data.decode("utf-8")
        if "\0" not in text:
            return Decoded(text, "utf-8", text.count("\ufffd"))
    except UnicodeDecodeError:
        pass
    found = _DECLARED.search(data[:_DECLARED_WITHIN])
    named = [_python_name(name) for name in (declared, found[1].decode("ascii") if found else "")]
    # A tie goes to what is declared, then to the more usual encoding.
    candidates = list(dict.fromkeys([name for name in named if name] + list(_CANDIDATES)))
    scores = {name: _plausible(data[:_SAMPLE], name) for name in candidates}
    best = max(candidates, key=lambda name: (scores[name], -candidates.index(name)))
    return replace(_decoded(data, best), is_text=scores[best] > _NO_TEXT)


def _decoded(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _python_name(name: str) -> str | None:
    wider = _WIDER.get(name.lower().strip(), name)
    try:
        # Refuses what is no encoding of text: "rot13" and "zip" are codecs too.
        b" ".decode(wider, "replace")
        return codecs.lookup(wider).name
    except (LookupError, UnicodeError, ValueError):
        return None


def _plausible(sample: bytes, encoding: str) -> float:
    """How much a text in this encoding looks like Chinese or English rules, by share of its characters."""
    text = sample.decode(encoding, "replace")
    common = sum(letter in _COMMON for letter in text)
    ideographs = sum("\u3400" <= letter <= "\u9fff" for letter in text)
    if ideographs > _RAREST * (common + 1):
        # Bytes that are no text make characters too, but not those that text is made of.
        return -1.0
    good = common + sum("\x20" <= letter <= "\x7e" or letter.isspace() for letter in text)
    bad = sum(letter in _ODD or (letter < " " and not letter.isspace()) for letter in text)
    return (good - 5 * bad) / max(len(text), 1)
