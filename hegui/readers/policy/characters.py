"""Characters as a reader of Chinese rules means them: which space counts, and which look-alikes stand for others."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

# A line break the author wrote, as opposed to one of the source file. (VERTICAL TAB; it is white space everywhere.)
BREAK = "\v"

CJK = r"\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff"

# White space, and characters without width or meaning: soft hyphen, joiners, direction marks, byte order mark, controls.
_SPACE = r"\s\u00a0\u3000"
_NOTHING = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\x00-\x08\x0e-\x1b\x7f"
_GAP = re.compile(f"[{_SPACE}{_NOTHING}]+")
_ONLY_NOTHING = re.compile(f"[{_NOTHING}]+")
_PLAIN_SPACE = " "
_IS_CJK = re.compile(f"[{CJK}“”‘’—…]")
_LETTERS = re.compile(r"[A-Za-z]+")
_IDEOGRAPH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# Radicals that PDF writers give for the characters they look like. Kangxi radicals and compatibility ideographs have a
# normal form; of the CJK Radicals Supplement only two have, the rest is from EquivalentUnifiedIdeograph.txt of Unicode.
_SUPPLEMENT = dict(
    zip(
        "⺁⺄⺅⺇⺈⺉⺋⺌⺍⺎⺏⺑⺒⺓⺔⺗⺘⺙⺛⺝⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺬⺭⺮⺯⺰⺱⺲⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乙亻几刀刂㔾小小兀尣尢巳幺彑忄扌攵旡月民氵氺灬爪爫丬犭王疋示礻竹糸纟罒罒羊羊羊耂肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)
_SAME = {
    code: normal
    for code in (*range(0x2E80, 0x2FD6), *range(0xF900, 0xFB00))
    if len(normal := unicodedata.normalize("NFKC", chr(code))) == 1 and normal != chr(code)
} | {ord(radical): meant for radical, meant in _SUPPLEMENT.items()}


def unified(text: str) -> str:
    """The text with radicals and compatibility ideographs as ordinary characters; of the same length."""
    return text.translate(_SAME)


def tidy(text: str) -> tuple[str, Callable[[int], int]]:
    """The text with its white space as shown, and where an offset of the old text is in the new one.

    Space at either end goes, and so does a break of the source between two Chinese characters; BREAK becomes a line
    break. Other white space is one space.
    """
    pieces: list[str] = []
    # For each gap that changed: where it begins in the old text and in the new one, how long it was and is.
    starts: list[int] = []
    gaps: list[tuple[int, int, int]] = []
    done = length = 0
    for gap in _GAP.finditer(text):
        start, end = gap.span()
        written = gap[0]
        if written == _PLAIN_SPACE and start > 0 and end < len(text):
            continue
        put = _shown(written, text[start - 1 : start], text[end : end + 1])
        pieces += (text[done:start], put)
        length += start - done
        starts.append(start)
        gaps.append((length, end - start, len(put)))
        length += len(put)
        done = end
    pieces.append(text[done:])

    def moved(offset: int) -> int:
        at = bisect_right(starts, offset) - 1
        if at < 0:
            return offset
        start, was, now = gaps[at]
        into = offset - starts[at]
        return start + (min(into, now) if into < was else into - was + now)

    return "".join(pieces), moved


def _shown(gap: str, before: str, after: str) -> str:
    if not before or not after or _ONLY_NOTHING.fullmatch(gap):
        return ""
    if BREAK in gap:
        return "\n"
    if "\n" in gap and _IS_CJK.match(before) and _IS_CJK.match(after):
        return ""
    return _PLAIN_SPACE


def language(text: str) -> str:
    """ "zh" or "en": whether there are more Chinese characters than words in Latin letters."""
    chinese = len(_IDEOGRAPH.findall(text))
    words = len(_LETTERS.findall(text))
    return "en" if words > chinese else "zh"
