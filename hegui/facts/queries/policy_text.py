"""What may be asked of the text of privacy rules as a whole: is it all there, how plain is it, what is emphasised."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hegui.facts.facts import Facts
from hegui.facts.policy import Block, Mark, Policy, Span
from hegui.facts.unread import Unread

# A title in book marks or a linked text that sends the reader to a list kept in another document.
_ELSEWHERE = {
    "sdk_list": re.compile(
        r"《[^《》]{0,30}?(?:SDK|第三方|合作方)[^《》]{0,20}?(?:目录|清单|列表|名单)[^《》]{0,10}》"
        r"|(?:详见|参见|查看|点击|请见)[^。；\n《]{0,20}?(?:SDK|第三方)[^。；\n]{0,12}?(?:目录|清单|列表|名单)",
        re.IGNORECASE,
    ),
    "children": re.compile(r"《[^《》]{0,20}?(?:儿童|未成年人)[^《》]{0,30}》"),
}

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_CHINESE = re.compile(r"[㐀-鿿]")

# Words that leave open what is collected and when (R02). "可以" and "可能" differ: the first permits, the second hedges.
VAGUE = ("包括但不限于", "相关信息", "必要时", "等信息", "等数据", "可能会", "可能", "适当", "某些", "其他信息")

# How large a deviation from its surroundings makes a text stand out (R11).
_LARGER = 1.15
_COLOUR_DISTANCE = 30.0
# Block kinds whose emphasis marks a section, not a key content.
_NOT_BODY = ("heading",)


def fully_read(facts: Facts) -> bool:
    """Whether every document of the rules was read to its end: only then is "not found" said of the rules themselves."""
    if isinstance(facts.policy, Unread) or any(one.unread for one in facts.policy.documents):
        return False
    return all(stage.state == "done" for stage in facts.stages if stage.name.startswith("policy "))


def list_elsewhere(policy: Policy, kind: str) -> Span | None:
    """Where the rules send the reader to a list that is a document of its own and was not given; None if they do not."""
    if any(one.kind == kind for one in policy.documents):
        return None
    found = _ELSEWHERE[kind].search(policy.text)
    return span_at(policy, found.start(), found.end()) if found else None


def span_at(policy: Policy, start: int, end: int) -> Span:
    """The span of these characters, in the document they stand in."""
    document = next((one.name for one in policy.documents if one.start <= start < max(one.end, one.start + 1)), "")
    return Span(document, start, end)


def sentences(policy: Policy) -> Iterator[Span]:
    """The sentences that hold Chinese characters, in order."""
    for found in _SENTENCE.finditer(policy.text):
        if _CHINESE.search(found[0]):
            yield span_at(policy, found.start(), found.end())


@dataclass(frozen=True)
class Plainness:
    """How hard the text is to read: mean characters a sentence, and vague words for each word of about two characters."""

    sentences: int
    mean_length: float
    vague: tuple[Span, ...]
    vague_ratio: float


def plainness(policy: Policy) -> Plainness:
    """Measure the Chinese sentences. A text without one has zeros."""
    lengths = [span.end - span.start for span in sentences(policy)]
    vague = tuple(span_at(policy, found.start(), found.end()) for found in re.finditer("|".join(VAGUE), policy.text))
    words = sum(lengths) / 2
    return Plainness(
        len(lengths), sum(lengths) / len(lengths) if lengths else 0.0, vague, len(vague) / words if words else 0.0
    )


@dataclass(frozen=True)
class Emphasis:
    """Emphasised stretches of the body text, and their share of it."""

    spans: tuple[Span, ...]
    share: float


def emphasis(policy: Policy) -> Emphasis:
    """What stands out outside headings: bold, 1.15 times the body's size or more, or a colour or background of its own."""
    marked: list[Span] = []
    body = emphasised = 0
    parents = {one.parent for one in policy.blocks}
    for index, block in enumerate(policy.blocks):
        if block.hidden or block.kind in _NOT_BODY or index in parents or not block.spans:
            continue
        body += sum(span.end - span.start for span in block.spans)
        for start, end in _merged(block):
            emphasised += end - start
            marked.append(span_at(policy, start, end))
    return Emphasis(tuple(marked), emphasised / body if body else 0.0)


def stands_out(mark: Mark) -> bool:
    if mark.kind in ("bold", "background"):
        return True
    if mark.kind not in ("size", "colour"):
        return False
    try:
        return float(mark.value) >= (_LARGER if mark.kind == "size" else _COLOUR_DISTANCE)
    except ValueError:
        # A colour by name or code was kept because it differs from the body's.
        return mark.kind == "colour"


def _merged(block: Block) -> Iterator[tuple[int, int]]:
    open_at = until = -1
    for mark in sorted(block.marks, key=lambda one: (one.start, one.end)):
        if not stands_out(mark):
            continue
        if mark.start > until:
            if until > open_at >= 0:
                yield open_at, until
            open_at = mark.start
        until = max(until, mark.end)
    if until > open_at >= 0:
        yield open_at, until
