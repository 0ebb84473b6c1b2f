"""The marks a text is divided by: headings of chapters and articles, items of a list, ends of sentences."""

import re

from hegui.law.text.numerals import number_of

_NUMERAL = r"[〇零一二三四五六七八九十百千两0-9０-９]"
_NUMBER = rf"({_NUMERAL}(?:\s?{_NUMERAL}){{0,7}})"
HEAD = re.compile(rf"[【\[]?第\s?{_NUMBER}\s?条(?:\s?之\s?({_NUMERAL}{{1,3}})(?!{_NUMERAL}))?[】\]]?([\s:：、．.]*)")
CHAPTER = re.compile(rf"第\s?{_NUMBER}\s?([章节])(?![的第、，])[\s:：、．.]*")
# "第三条第二款的情形" is a reference, not a heading.
REFERENCE = re.compile(rf"第{_NUMERAL}+[款项条章]|的|之?规定|所[列述称]|[、，,；。）》]|[和及与至或]|中[的所规]")
_STYLES = {
    "（一）": re.compile(r"[（(]\s?([一二三四五六七八九十]{1,3})\s?[)）]\s?[、.．]?\s*"),
    "（1）": re.compile(r"[（(]?\s?([0-9０-９]{1,2})\s?[)）]\s?[、.．]?\s*"),
    "一、": re.compile(r"([一二三四五六七八九十]{1,3})、\s*"),
    "1．": re.compile(r"([0-9０-９]{1,2})\s?(?:[.．](?![0-9０-９])|、)\s*"),
    "①": re.compile(r"([①-⑳])\s*"),
}
ENDS = frozenset("。；！？”")
_FINISHED = re.compile(r"(?:[。！？；：;:!?…]|(?<=[\u4e00-\u9fff])\.)(?:[”’」』）)》]{0,2})$")


def finished(text: str) -> bool:
    return bool(_FINISHED.search(text[-4:]))


def mark_of(text: str) -> tuple[str, int, int] | None:
    """The item mark a line begins with: its style, its number, and where the text after it begins."""
    for style, pattern in _STYLES.items():
        if found := pattern.match(text):
            return style, _mark_number(found[1]), found.end()
    return None


def _mark_number(sign: str) -> int:
    return ord(sign) - ord("①") + 1 if "①" <= sign <= "⑳" else number_of(sign)


def glued_items(text: str) -> list[str]:
    """A line cut before each item of a list that was glued into it: …事项：（一）…；（二）…。"""
    first = mark_of(text)
    for style, pattern in _STYLES.items():
        wanted = first[1] + 1 if first and first[0] == style else 1
        cuts = []
        for found in re.finditer(rf"(?<=[：:；;。])\s?(?={pattern.pattern})", text):
            mark = pattern.match(text, found.end())
            if mark and _mark_number(mark[1]) == wanted:
                cuts.append(found.end())
                wanted += 1
        if cuts and (len(cuts) > 1 or (first and first[0] == style)):
            pieces = [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
            return [part for piece in pieces for part in glued_items(piece)]
    return [text]
