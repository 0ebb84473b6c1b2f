"""Two official texts, a draft and its successor, compared article by article, and the duties each change touches.

Articles are matched by what they say, not by their numbers, and inside them sentence by sentence, so that renumbering,
splitting, merging and moving show as such. Deterministic: ties go to the order of the text.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any, Literal

from hegui.law.duty import Duty
from hegui.law.text import Article, Item, OfficialText, number_of, numeral

Kind = Literal["same", "renumbered", "changed", "moved", "split", "merged", "added", "removed"]
EditKind = Literal["changed", "moved", "added", "removed"]
FlagKind = Literal["number", "modality", "reference", "punctuation"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: article, paragraph, the numbers of item and sub-item, and which sentence of those."""

    article: int
    inserted: int
    paragraph: int
    items: tuple[int, ...]
    sentence: int

    @property
    def label(self) -> str:
        after = f"之{numeral(self.inserted)}" if self.inserted else ""
        names = "".join(f"第{numeral(one)}{name}" for one, name in zip(self.items, "项目点段", strict=False))
        sentence = f"第{self.sentence}句" if self.sentence > 1 else ""
        return f"第{numeral(self.article)}条{after}第{numeral(self.paragraph)}款{names}{sentence}"


@dataclass(frozen=True, slots=True)
class Flag:
    """What a change amounts to: "number" 7个工作日 → 10个工作日, "modality" 应当 → 可以. "" stands for nothing.

    "reference": only references that follow the renumbering; "punctuation": only marks between the words.
    """

    kind: FlagKind
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the character diff; what is equal stands on both sides."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One sentence that differs. `duties` are those taken from it, `checks` the checks that answer these."""

    kind: EditKind
    old: Place | None
    new: Place | None
    segments: tuple[Segment, ...]
    flags: tuple[Flag, ...]
    duties: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What became of one article. `moved`: it stands at another place among the others.

    `cited_anew` are duties whose sentence is untouched but has another number now.
    """

    kind: Kind
    old: tuple[str, ...]
    new: tuple[str, ...]
    moved: bool
    edits: tuple[Edit, ...]
    cited_anew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextDiff:
    old_title: str
    new_title: str
    articles: tuple[ArticleChange, ...]

    @property
    def counts(self) -> dict[Kind, int]:
        return dict(Counter(one.kind for one in self.articles))

    @property
    def duties(self) -> tuple[str, ...]:
        """Every duty a change of wording touches, once, in the order of the text."""
        return tuple(dict.fromkeys(duty for one in self.articles for edit in one.edits for duty in edit.duties))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence; `home` is the index of its article in the text."""

    home: int
    place: Place
    text: str
    folded: str


def compare_texts(
    old: OfficialText,
    new: OfficialText,
    duties: Iterable[Duty] = (),
    checks: Mapping[str, Sequence[str]] | None = None,
) -> TextDiff:
    """Compare two texts; `duties` are those of the old one, `checks` maps a duty id to the names of its checks."""
    olds, news = _sentences(old), _sentences(new)
    pairs = _match_articles(olds, news, len(old.articles), len(new.articles))
    same = _match_sentences(olds, news, pairs)
    for j in range(len(new.articles)):
        if (
            j not in pairs.values()
            and (source := _mostly(news, j, {b: olds[a].home for a, b in same.items()})) is not None
        ):
            # Hardly alike as wholes, but what the one says now stands in the other.
            pairs.setdefault(source, j)
    last = {(one.place.article, one.place.paragraph): one.place.sentence for one in olds if not one.place.items}
    edits, anew = _edits(olds, news, pairs, same, _Duties(tuple(duties), checks or {}, last), old, new)
    return TextDiff(old.title, new.title, tuple(_changes(old, new, olds, news, pairs, same, edits, anew)))


def to_plain(diff: TextDiff) -> dict[str, Any]:
    """The comparison as plain data for JSON: unchanged articles by number only."""

    def edit(one: Edit) -> dict[str, Any]:
        return {
            "kind": one.kind,
            "old": one.old.label if one.old else None,
            "new": one.new.label if one.new else None,
            "segments": [{"old": part.old, "new": part.new} for part in one.segments],
            "flags": [{"kind": flag.kind, "old": flag.old, "new": flag.new} for flag in one.flags],
            "duties": list(one.duties),
            "checks": list(one.checks),
        }

    return {
        "schema": "hegui/law-diff@1",
        "old": diff.old_title,
        "new": diff.new_title,
        "counts": dict(sorted(diff.counts.items())),
        "duties": list(diff.duties),
        "articles": [
            {
                "kind": one.kind,
                "old": list(one.old),
                "new": list(one.new),
                "moved": one.moved,
                "edits": [edit(each) for each in one.edits],
                "cited_anew": list(one.cited_anew),
            }
            for one in diff.articles
        ],
    }


# --- sentences ------------------------------------------------------------------------------------------------------

_SAME_SIGN = str.maketrans("“”‘’「」—–", '""\'\'""--')


def fold(text: str) -> str:
    """Text without what print may change: spaces, half and full width, kinds of quotation marks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(_SAME_SIGN))


def _sentences(text: OfficialText) -> list[_Sentence]:
    return [one for at, article in enumerate(text.articles) for one in _of_article(at, article)]


def _of_article(home: int, article: Article) -> Iterator[_Sentence]:
    for paragraph in article.paragraphs:
        yield from _of_unit(home, article, paragraph.number, (), paragraph.text)
        for path, item in _walk(paragraph.items, ()):
            yield from _of_unit(home, article, paragraph.number, path, item.text)


def _walk(items: tuple[Item, ...], above: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Item]]:
    for item in items:
        yield (*above, item.number), item
        yield from _walk(item.items, (*above, item.number))


def _of_unit(home: int, article: Article, paragraph: int, path: tuple[int, ...], text: str) -> Iterator[_Sentence]:
    parts = [part.strip() for part in re.findall(r"[^。！？]*[。！？]+[”’」）)》]*|[^。！？]+$", text) if part.strip()]
    for number, part in enumerate(parts, 1):
        yield _Sentence(home, Place(article.number, article.inserted, paragraph, path, number), part, fold(part))


# --- which became which ---------------------------------------------------------------------------------------------


class _Likeness:
    """How alike texts are: shared pairs of characters, where a pair that stands everywhere counts little."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.grams = {text: Counter(map("".join, pairwise(text))) or Counter([text]) for text in texts}
        spread = Counter(gram for grams in self.grams.values() for gram in grams)
        self.weight = {gram: math.log(1 + len(self.grams) / times) for gram, times in spread.items()}
        self.size = {text: self._sum(grams) for text, grams in self.grams.items()}

    def _sum(self, grams: Counter[str]) -> float:
        return math.fsum(self.weight[gram] * times for gram, times in grams.items())

    def __call__(self, one: str, other: str) -> float:
        if one == other:
            return 1.0
        return round(2 * self._sum(self.grams[one] & self.grams[other]) / (self.size[one] + self.size[other] or 1), 6)


def _match_articles(olds: list[_Sentence], news: list[_Sentence], many_old: int, many_new: int) -> dict[int, int]:
    old_texts, new_texts = _by_article(olds, many_old), _by_article(news, many_new)
    alike = _Likeness([*old_texts, *new_texts])
    pairs = _equal(old_texts, new_texts)
    taken = set(pairs.values())
    ranked = sorted(
        (-alike(a, b), abs(i / many_old - j / many_new), i, j)
        for i, a in enumerate(old_texts)
        if i not in pairs
        for j, b in enumerate(new_texts)
        if j not in taken
    )
    pairs |= _best_first((i, j) for score, _, i, j in ranked if score <= -0.35)
    # An article rewritten beyond recognition still stands between the same neighbours.
    around = {-1: -1, many_old: many_new, **pairs}
    for i in range(many_old):
        before, after = around.get(i - 1), around.get(i + 1)
        if i in pairs or before is None or after != before + 2:
            continue
        if alike(old_texts[i], new_texts[before + 1]) > 0.15:
            pairs[i] = before + 1
    return pairs


def _by_article(sentences: list[_Sentence], many: int) -> list[str]:
    parts: list[list[str]] = [[] for _ in range(many)]
    for one in sentences:
        parts[one.home].append(one.folded)
    return ["".join(part) for part in parts]


def _equal(olds: Sequence[str], news: Sequence[str]) -> dict[int, int]:
    """Pair equal texts, the first with the first: most of a successor is its draft, and comparing it all takes long."""
    where: dict[str, list[int]] = {}
    for at in reversed(range(len(news))):
        where.setdefault(news[at], []).append(at)
    return {at: where[text].pop() for at, text in enumerate(olds) if where.get(text)}


def _match_sentences(olds: list[_Sentence], news: list[_Sentence], pairs: dict[int, int]) -> dict[int, int]:
    """Match sentences inside matched articles first, then what was left, wherever it went."""
    alike = _Likeness(one.folded for one in [*olds, *news])
    in_old, in_new = _homes(olds), _homes(news)
    same: dict[int, int] = {}
    for i, j in pairs.items():
        mine, theirs = in_old.get(i, []), in_new.get(j, [])
        equal = _equal([olds[a].folded for a in mine], [news[b].folded for b in theirs])
        same.update({mine[a]: theirs[b] for a, b in equal.items()})
        taken = {theirs[b] for b in equal.values()}
        ranked = []
        for a in (one for one in mine if one not in same):
            for b in (one for one in theirs if one not in taken):
                score = alike(olds[a].folded, news[b].folded)
                here = _inside(olds[a]) == _inside(news[b])
                if score >= (0.2 if here else 0.4):
                    ranked.append((-score, not here, abs((a - mine[0]) - (b - theirs[0])), a, b))
        same.update(_best_first((a, b) for *_, a, b in sorted(ranked)))
    # A stock phrase that stands in many places, "other duties set by the State", cannot be said to have moved.
    seen_old, seen_new = Counter(one.folded for one in olds), Counter(one.folded for one in news)
    taken = set(same.values())
    left = [a for a, one in enumerate(olds) if a not in same and seen_old[one.folded] == 1]
    right = [b for b, one in enumerate(news) if b not in taken and seen_new[one.folded] == 1]
    ranked_left = sorted((-alike(olds[a].folded, news[b].folded), abs(a - b), a, b) for a in left for b in right)
    return same | _best_first((a, b) for score, _, a, b in ranked_left if score <= -0.6)


def _homes(sentences: list[_Sentence]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for at, one in enumerate(sentences):
        found.setdefault(one.home, []).append(at)
    return found


def _inside(sentence: _Sentence) -> tuple[int, tuple[int, ...], int]:
    return sentence.place.paragraph, sentence.place.items, sentence.place.sentence


def _best_first(ranked: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    taken: set[int] = set()
    for one, other in ranked:
        if one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found


def _mostly(sentences: list[_Sentence], home: int, elsewhere: Mapping[int, int]) -> int | None:
    """The article of the other text where at least half of an article's words stand."""
    sizes: Counter[int] = Counter()
    for at, one in enumerate(sentences):
        if one.home == home and at in elsewhere:
            sizes[elsewhere[at]] += len(one.folded)
    whole = sum(len(one.folded) for one in sentences if one.home == home)
    best = min(sizes, key=lambda where: (-sizes[where], where), default=None)
    return best if best is not None and sizes[best] * 2 >= whole else None


# --- what differs ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Duties:
    """The duties of the old text by the place they are taken from."""

    all: tuple[Duty, ...]
    checks: Mapping[str, Sequence[str]]
    last_sentence: Mapping[tuple[int, int], int]

    def of(self, place: Place) -> tuple[str, ...]:
        """Duties taken from this very sentence."""
        last = self.last_sentence.get((place.article, place.paragraph), 1)
        return tuple(one.id for one in self._in(place) if _is_taken_from(one, place, last))

    def touched(self, place: Place, whole: bool) -> tuple[str, ...]:
        """Duties a change of this sentence touches. `whole`: those of the items too, which hang on the words before them.

        Words from which no duty is taken belong to the duties of their paragraph.
        """
        here = self._in(place)
        lead = tuple(one.id for one in here if item_number(one) is None)
        everything = tuple(one.id for one in here)
        return everything if whole else self.of(place) or lead or everything

    def _in(self, place: Place) -> list[Duty]:
        wanted = () if place.inserted else self.all
        return [one for one in wanted if one.article == place.article and one.paragraph in (None, place.paragraph)]

    def names_of_checks(self, duties: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for duty in duties for name in self.checks.get(duty, ())))


def item_number(duty: Duty) -> int | None:
    """The number of the item (项) a duty is taken from: 2 for "(二)a"; None when it is taken from a paragraph."""
    found = re.match(r"[（(](.+?)[)）]", duty.item or "")
    return number_of(found[1]) if found else None


def _is_taken_from(duty: Duty, place: Place, last: int) -> bool:
    """Whether a duty's `item`, such as (一)a, s2b or lead, names this sentence; a bare letter names no sentence.

    `last` is the number of sentences there: s2 of a paragraph with a single full stop is in the first.
    """
    number = item_number(duty)
    if number or place.items:
        return place.items[:1] == (number,)
    found = re.match(r"s(\d+)", duty.item or "")
    return found is None or min(int(found[1]), last) == place.sentence


def _edits(
    olds: list[_Sentence],
    news: list[_Sentence],
    pairs: dict[int, int],
    same: dict[int, int],
    duties: _Duties,
    old: OfficialText,
    new: OfficialText,
) -> tuple[dict[tuple[int, int], Edit], dict[int, list[str]]]:
    """The edits by sentence, (old, -1) or (-1, new) where it has no partner; and by article the duties cited anew."""
    numbers = {_number(old.articles[i]): _number(new.articles[j]) for i, j in pairs.items()}
    edits: dict[tuple[int, int], Edit] = {}
    anew: dict[int, list[str]] = {}

    def made(kind: EditKind, a: _Sentence | None, b: _Sentence | None) -> Edit:
        before, after = a.text if a else "", b.text if b else ""
        flags = _flags(before, after, numbers)
        touches = a is not None and fold(before) != fold(after) and flags != (Flag("reference"),)
        whole = a is not None and not a.place.items and any(flag.kind in ("number", "modality") for flag in flags)
        touched = duties.touched(a.place, whole and _leads_items(olds, a)) if a and touches else ()
        return Edit(
            kind,
            a.place if a else None,
            b.place if b else None,
            _segments(before, after),
            flags,
            touched,
            duties.names_of_checks(touched),
        )

    for at, a in enumerate(olds):
        if at not in same:
            edits[at, -1] = made("removed", a, None)
            continue
        b = news[same[at]]
        away = pairs.get(a.home) != b.home
        if away or a.folded != b.folded:
            edits[at, same[at]] = made("moved" if away else "changed", a, b)
        if a.place != b.place and not (edits.get((at, same[at])) or _NO_EDIT).duties:
            anew.setdefault(a.home, []).extend(duties.of(a.place))
    taken = set(same.values())
    edits.update({(-1, at): made("added", None, b) for at, b in enumerate(news) if at not in taken})
    # In the order of the new text; what was removed stands after what was before it.
    at_new = [same.get(a, -1) for a in range(len(olds))]
    reached = [max(at_new[: a + 1], default=-1) for a in range(len(olds))]
    ordered = sorted(edits, key=lambda key: (key[1] if key[1] >= 0 else reached[key[0]] + 0.5, key))
    return {key: edits[key] for key in ordered}, anew


_NO_EDIT = Edit("changed", None, None, (), (), (), ())


def _number(article: Article) -> tuple[int, int]:
    return article.number, article.inserted


def _leads_items(sentences: list[_Sentence], lead: _Sentence) -> bool:
    return any(
        one.home == lead.home and one.place.paragraph == lead.place.paragraph and one.place.items for one in sentences
    )


def _segments(old: str, new: str) -> tuple[Segment, ...]:
    """The character diff, numbers and Latin words in one piece, without crumbs of one equal sign."""
    one, other = ([(part, fold(part)) for part in re.findall(r"[A-Za-z]+|\d+|\S", text)] for text in (old, new))
    matcher = SequenceMatcher(None, [key for _, key in one], [key for _, key in other], autojunk=False)
    codes = matcher.get_opcodes()
    steps = []
    for at, (tag, a, b, c, d) in enumerate(codes):
        crumb = tag == "equal" and b - a < 2 and 0 < at < len(codes) - 1
        steps.append((tag == "equal" and not crumb, "".join(x for x, _ in one[a:b]), "".join(x for x, _ in other[c:d])))
    made = []
    for equal, run in groupby(steps, key=lambda step: step[0]):
        parts = list(run)
        before = "".join(part for _, part, _ in parts)
        made.append(Segment(before, before if equal else "".join(part for *_, part in parts)))
    return tuple(made)


_MODAL = re.compile(
    r"不得|禁止|严禁|不应当?|不予|不可以|应当|应该|必须|可以|有权|鼓励|方可|无需|免于|(?<![响相适供对反效])应(?![用急对答届])"
)
_SAME_MODAL = {
    "应": "应当",
    "应该": "应当",
    "必须": "应当",
    "不应": "不得",
    "不应当": "不得",
    "禁止": "不得",
    "严禁": "不得",
}
_CN = "一二三四五六七八九十百千两〇零"
_UNIT = (
    "个?工作日|个?自然日|个月|周岁|小时|分钟|平方米|日|天|月|年|岁|次|倍|元|人|名|级|个|项|种|家|户|秒|米|%|以[上下]"
)
_COUNT = re.compile(rf"(?<![第\d{_CN}])(?:\d{{4}}年\d{{1,2}}月\d{{1,2}}日|(\d+(?:\.\d+)?|[{_CN}]+)([万亿]*)({_UNIT})?)")
_ARTICLE_REFERENCE = re.compile(rf"(?<!》)第([{_CN}\d]+)条(?:之([{_CN}]+))?")


def _flags(old: str, new: str, numbers: Mapping[tuple[int, int], tuple[int, int]]) -> tuple[Flag, ...]:
    one, other = fold(old), fold(new)
    if one == other:
        return ()
    if one and _follow(one, numbers) == other:
        return (Flag("reference"),)
    if re.sub(r"\W", "", one) == re.sub(r"\W", "", other):
        return (Flag("punctuation"),)
    regions = _regions(_segments(one, other))
    numbers_changed = _changed(regions, _counts(one), _counts(other))
    modals_changed = _changed(regions, _modals(one), _modals(other))
    return (
        *(Flag("number", *pair) for pair in numbers_changed),
        *(Flag("modality", *pair) for pair in modals_changed),
    )


def _follow(text: str, numbers: Mapping[tuple[int, int], tuple[int, int]]) -> str:
    """The text with its references to articles as they are numbered now."""

    def now(found: re.Match[str]) -> str:
        was = number_of(found[1]), number_of(found[2]) if found[2] else 0
        number, inserted = numbers.get(was, was)
        return f"第{numeral(number)}条" + (f"之{numeral(inserted)}" if inserted else "")

    return _ARTICLE_REFERENCE.sub(now, text)


@dataclass(frozen=True, slots=True)
class _Word:
    """A number or a modal verb: where it stands in the folded text, how it is written, and what it means."""

    start: int
    end: int
    text: str
    means: str


def _counts(text: str) -> list[_Word]:
    """The numbers, by value and unit. 一 without a unit (一键) is no number."""
    found = []
    for match in _COUNT.finditer(text):
        means = match[0]
        if match[1] is not None:
            if not (match[1][0].isdigit() or match[3] or match[2]):
                continue
            value = float(match[1]) if match[1][0].isdigit() else number_of(match[1])
            scale = 10_000 ** match[2].count("万") * 100_000_000 ** match[2].count("亿")
            means = f"{value * scale:.12g}{(match[3] or '').removeprefix('个')}"
        found.append(_Word(match.start(), match.end(), match[0], means))
    return found


def _modals(text: str) -> list[_Word]:
    return [_Word(one.start(), one.end(), one[0], _SAME_MODAL.get(one[0], one[0])) for one in _MODAL.finditer(text)]


_Region = tuple[int, int, int, int]


def _regions(segments: tuple[Segment, ...]) -> list[_Region]:
    """The stretches that differ: start and end in the old text, start and end in the new."""
    found, old, new = [], 0, 0
    for one in segments:
        if one.old != one.new:
            found.append((old, old + len(one.old), new, new + len(one.new)))
        old, new = old + len(one.old), new + len(one.new)
    return found


def _changed(regions: list[_Region], olds: list[_Word], news: list[_Word]) -> Iterator[tuple[str, str]]:
    """The words in the stretches that differ and mean different things, as pairs; "" where one side has none.

    A word at the edge of a stretch counts on both sides, and cancels out unless it is part of the change: 应当 → 应.
    """
    for old_start, old_end, new_start, new_end in regions:
        one = [word for word in olds if word.start <= old_end and old_start <= word.end]
        other = [word for word in news if word.start <= new_end and new_start <= word.end]
        olds, news = ([word for word in rest if word not in some] for rest, some in ((olds, one), (news, other)))
        matcher = SequenceMatcher(None, [word.means for word in one], [word.means for word in other], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                for at in range(max(b - a, d - c)):
                    yield one[a + at].text if a + at < b else "", other[c + at].text if c + at < d else ""


# --- what became of each article ------------------------------------------------------------------------------------


def _changes(
    old: OfficialText,
    new: OfficialText,
    olds: list[_Sentence],
    news: list[_Sentence],
    pairs: dict[int, int],
    same: dict[int, int],
    edits: dict[tuple[int, int], Edit],
    anew: dict[int, list[str]],
) -> list[ArticleChange]:
    """One row for each old article and each article that is only in the new text, in the order of the new text."""
    taken = set(pairs.values())
    from_old = {b: olds[a].home for a, b in same.items()}
    split = {j: _mostly(news, j, from_old) for j in range(len(new.articles)) if j not in taken}
    owner = {j: i for i, j in pairs.items()} | {j: i for j, i in split.items() if i is not None}
    mine: dict[int, list[Edit]] = {}
    fresh: dict[int, list[Edit]] = {}
    for (a, b), edit in edits.items():
        if a >= 0:
            mine.setdefault(olds[a].home, []).append(edit)
        elif news[b].home in owner:
            mine.setdefault(owner[news[b].home], []).append(edit)
        else:
            fresh.setdefault(news[b].home, []).append(edit)
    in_place = _longest_rising([pairs[i] for i in sorted(pairs)])
    rows: list[tuple[float, int, ArticleChange]] = []
    to_new = {a: news[b].home for a, b in same.items()}
    goals = {i: _mostly(olds, i, to_new) for i in range(len(old.articles)) if i not in pairs}
    for i, article in enumerate(old.articles):
        if i in pairs:
            j = pairs[i]
            joined = sorted([i, *(k for k, goal in goals.items() if goal in owner and owner[goal] == i)])
            parts = sorted([j, *(k for k, source in split.items() if source == i)])
            found = tuple(edit for k in joined for edit in mine.get(k, ()))
            moved = j not in in_place
            kind = _kind(article, new.articles[j], found, moved, len(parts), len(joined))
            names = tuple(old.articles[k].label for k in joined), tuple(new.articles[k].label for k in parts)
            at = float(j)
        elif goals[i] in owner:
            continue
        else:
            joined, found, moved, kind, names = [i], tuple(mine.get(i, ())), False, "removed", ((article.label,), ())
            at = next((pairs[k] for k in range(i, -1, -1) if k in pairs), -1) + 0.5
        touched = {duty for edit in found for duty in edit.duties}
        cited = dict.fromkeys(duty for k in joined for duty in anew.get(k, ()) if duty not in touched)
        rows.append((at, i, ArticleChange(kind, *names, moved, found, tuple(cited))))
    for j, source in split.items():
        if source is None:
            rows.append(
                (j, -1, ArticleChange("added", (), (new.articles[j].label,), False, tuple(fresh.get(j, ())), ()))
            )
    return [row for _, _, row in sorted(rows, key=lambda row: row[:2])]


def _kind(old: Article, new: Article, edits: tuple[Edit, ...], moved: bool, parts: int, joined: int) -> Kind:
    if parts > 1 or joined > 1:
        return "split" if parts > 1 else "merged"
    if any(edit.flags != (Flag("reference"),) for edit in edits):
        return "changed"
    if moved:
        return "moved"
    return "same" if _number(old) == _number(new) and not edits else "renumbered"


def _longest_rising(numbers: list[int]) -> set[int]:
    """The longest rising part of a sequence: the articles that kept their order."""
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for number in numbers:
        at = bisect_left(tails, number)
        chain = (*(chains[at - 1] if at else ()), number)
        tails[at : at + 1], chains[at : at + 1] = [number], [chain]
    return set(chains[-1]) if chains else set()
