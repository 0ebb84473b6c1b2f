"""What each sentence of privacy rules is about: the eleven topics of the CAPP-130 corpus, by two small linear models.

The first scores a sentence by its runs of characters. The second sees that score, words that hint at a topic, and the
scores of neighbours, section and document, since "(3) 法律规定的其他情形" says nothing alone. The words (cues.toml) and the
weights, made by tools/train_topics.py, are in hegui/catalogue/lexicons/topics; of English, only machine translations of
Chinese policies were seen.
"""

import json
import re
import tomllib
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from math import exp, log
from operator import mul
from pathlib import Path
from typing import get_args

import ahocorasick  # type: ignore[import-not-found]

from hegui import catalogue
from hegui.facts.policy import Document, Passage, Policy, Span, Topic
from hegui.readers.policy.headings import could_be_heading

TOPICS: tuple[Topic, ...] = get_args(Topic)
LANGUAGES = ("zh", "en")
WEIGHTS = Path(catalogue.__file__).parent / "lexicons" / "topics"

# A weight is written as one character, so many steps from "@", which is zero; none needs escaping in JSON.
MOST_STEPS = 27
_ZERO = ord("@")

# So many sentences before and after are seen one by one; so many more together, as a mean.
NEIGHBOURS = 3
NEARBY = 8
# A document is cut into so many parts, to tell its beginning from its end.
PARTS = 5
_ENDINGS = (("。", "."), ("；", ";"), ("：", ":"))

_ENDS = {
    "zh": re.compile(r"[。；;！？!?]+[”」』）)]*|\n"),
    # A full stop of English ends a sentence before white space only, and semicolons join clauses of one sentence.
    "en": re.compile(r"[.!?]+(?=\s|\Z)|[。！？]+|\n"),
}
_DROPPED = re.compile(r"[\s,，]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Model:
    """Both models of a language. Weights of `grams` are in the order of TOPICS and count in steps of `step`.

    `sizes` are the shortest and longest run of characters. `context` holds one weight for each of `context_features`,
    `thresholds` the least probability at which a sentence is said to be about the topic.
    """

    sizes: tuple[int, int]
    step: float
    bias: tuple[float, ...]
    grams: dict[str, tuple[int, ...]]
    context_bias: tuple[float, ...]
    context: tuple[tuple[float, ...], ...]
    thresholds: tuple[float, ...]


@cache
def model(lang: str) -> Model:
    """The models of "zh" or "en"."""
    read = json.loads((WEIGHTS / f"{lang}.json").read_text("utf-8"))
    shortest, longest = read["sizes"]
    return Model(
        sizes=(shortest, longest),
        step=read["step"],
        bias=tuple(read["bias"]),
        grams={gram: tuple(ord(one) - _ZERO for one in weights) for gram, weights in read["grams"].items()},
        context_bias=tuple(read["context_bias"]),
        context=tuple(map(tuple, read["context"])),
        thresholds=tuple(read["thresholds"]),
    )


def prepare() -> None:
    """Load the weights and the cues, so that a forked reader shares them."""
    _cue_words()
    for lang in LANGUAGES:
        model(lang)


def passages(policy: Policy) -> tuple[Passage, ...]:
    """The sentences of each topic, in the order of the text; a sentence may be about several, most are about none.

    A line of the text is a sentence at least, so is a row of a table. What a reader is not shown is left out.
    `conf` is the probability that a lawyer gives the sentence this topic.
    """
    hidden = _Hidden(policy)
    documents = policy.documents or (Document("", "rules", "", 0, len(policy.text), "text", policy.lang),)
    found: list[Passage] = []
    for document in documents:
        lang = "en" if document.lang == "en" else "zh"
        places = [place for place in sentences(policy.text, document.start, document.end, lang) if place not in hidden]
        used = model(lang)
        rows = probabilities(used, [policy.text[start:end] for start, end in places])
        for (start, end), row in zip(places, rows, strict=True):
            span = Span(document.name, start, end)
            found += [
                Passage(topic, span, round(probability, 2))
                for topic, probability, least in zip(TOPICS, row, used.thresholds, strict=True)
                if probability >= least
            ]
    return tuple(found)


def sentences(text: str, start: int, end: int, lang: str) -> Iterator[tuple[int, int]]:
    """The places of the sentences in text[start:end], without the white space around them; empty ones are left out."""
    ends = (one.end() for one in _ENDS[lang].finditer(text, start, end))
    for begins, stops in pairwise((start, *ends, end)):
        said = text[begins:stops]
        first = begins + len(said) - len(said.lstrip())
        last = begins + len(said.rstrip())
        if first < last:
            yield first, last


def probabilities(used: Model, said: Sequence[str]) -> list[tuple[float, ...]]:
    """For each sentence of one document, given in order, the probability of each topic in the order of TOPICS."""
    seen = context_features(said, [scores(used, one) for one in said])
    return [
        tuple(
            _probability(bias + sum(map(mul, weights, features)))
            for bias, weights, features in zip(used.context_bias, used.context, row, strict=True)
        )
        for row in seen
    ]


def scores(used: Model, sentence: str) -> tuple[float, ...]:
    """The first model: log-odds of each topic from the sentence alone."""
    rows = list(filter(None, map(used.grams.get, grams(sentence, used.sizes))))
    if not rows:
        return used.bias
    return tuple(bias + used.step * sum(steps) for bias, steps in zip(used.bias, zip(*rows, strict=True), strict=True))


def grams(sentence: str, sizes: tuple[int, int]) -> set[str]:
    """The runs of characters of a sentence, in lower case, without commas and white space, each number as one 0.

    ^ and $ are its ends. White space is kept in runs of three or more, which tell words of English apart.
    """
    shortest, longest = sizes
    dropped = _DROPPED.sub("" if shortest < 3 else " ", sentence)
    plain = f"^{_DIGITS.sub('0', dropped).lower()}$"
    return {plain[at : at + size] for size in range(shortest, longest + 1) for at in range(len(plain) - size + 1)}


def cues(sentence: str) -> frozenset[Topic]:
    """The topics of which the sentence holds a word."""
    return frozenset(topic for _, topic in _cue_words().iter(sentence.lower()))


@cache
def _cue_words() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for topic, words in tomllib.loads((WEIGHTS / "cues.toml").read_text("utf-8"))["words"].items():
        for word in words:
            automaton.add_word(word, topic)
    automaton.make_automaton()
    return automaton


def context_features(
    said: Sequence[str], scored: Sequence[tuple[float, ...]]
) -> Iterator[tuple[tuple[float, ...], ...]]:
    """What the second model sees: for each sentence, for each topic, numbers in a fixed order.

    First those of the topic: the probabilities by the first model of the sentences around, of its section, of its wider
    surroundings and of the document, then score and cue of the heading above and of itself. Then those all topics see:
    the sentence's own probabilities, whether it looks like a heading, the part of the document, its end and length.
    """
    count = len(said)
    headings = [could_be_heading(one) for one in said]
    hints = [cues(one) for one in said]
    section_of = list(accumulate((at if headings[at] else 0 for at in range(count)), max))
    section_ends = dict(pairwise([*sorted({0, *section_of}), count]))
    alone = [tuple(map(_probability, row)) for row in scored]
    edge = [0.0] * NEIGHBOURS
    columns = [array("d", [*edge, *(row[topic] for row in alone), *edge]) for topic in range(len(TOPICS))]
    sums = [array("d", accumulate(column[NEIGHBOURS:-NEIGHBOURS], initial=0.0)) for column in columns]
    for at, one in enumerate(said):
        section = section_of[at]
        low, high = max(0, at - NEARBY), min(count, at + NEARBY + 1)
        ends = section_ends[section]
        shared = (
            *alone[at],
            float(headings[at]),
            *(float(at * PARTS // count == part) for part in range(PARTS)),
            *(float(one.endswith(ending)) for ending in _ENDINGS),
            log(len(one) + 1) / 4,
        )
        yield tuple(
            (
                *column[at : at + NEIGHBOURS],
                *column[at + NEIGHBOURS + 1 : at + 2 * NEIGHBOURS + 1],
                (before[ends] - before[section]) / (ends - section),
                (before[high] - before[low]) / (high - low),
                before[count] / count,
                title / 4 if headings[section] else 0.0,
                float(headings[section] and topic in hints[section]),
                score / 2,
                float(topic in hints[at]),
                *shared,
            )
            for topic, column, before, title, score in zip(
                TOPICS, columns, sums, scored[section], scored[at], strict=True
            )
        )


class _Hidden:
    """Where the text is not shown to a reader."""

    def __init__(self, policy: Policy) -> None:
        spans = sorted((span.start, span.end) for block in policy.blocks if block.hidden for span in block.spans)
        self._starts = [start for start, _ in spans]
        # Spans may lie in one another, so the end that counts is the furthest of all that begin before.
        self._ends = list(accumulate((end for _, end in spans), max))

    def __contains__(self, place: tuple[int, int]) -> bool:
        before = bisect_right(self._starts, place[0])
        return before > 0 and self._ends[before - 1] > place[0]


def _probability(score: float) -> float:
    # exp() overflows at 710.
    return 1 / (1 + exp(-score)) if score > -700 else 0.0
