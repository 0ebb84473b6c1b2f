#!/usr/bin/env python3
"""Finding the passages of each topic in policies labelled by lawyers: hegui beside a list of keywords.

    python bench/policy_topics.py [--materials ../shared/materials] [--lang zh] [--errors TOPIC]

The corpus is CAPP-130 (Zhu et al., NeurIPS 2023 Datasets and Benchmarks): 30 of its 130 policies lie in the materials,
each sentence with any of eleven topics or none. Measured are the 12 documents of policy_labels/test_documents.txt, of
which hegui's weights saw no label (tools/train_topics.py). A document is given to `passages` as text, one sentence a
line; a line has the topics of all passages in it. Printed:

* for each topic, over all sentences: precision, recall, F1 of the keywords and of hegui;
* both also over the sentences that stand word by word in no other document of the corpus, since policies share text;
* both over the sentences labelled important and with a topic: the published figures are of such sentences only, drawn
  from all 130 documents without regard to the document, so that text of one policy is on both sides;
* how well the lawyers agree with themselves: a sentence that stands in two documents, its labels in the one held
  against those in the other. No reader of single sentences can be expected to do much better.

`--lang en` takes the corpus's machine translation: the same documents and labels.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.policy_labels.capp import CORPUS, MATERIALS, Labelled, Row, labelled_documents, plain, test_documents
from hegui.facts.policy import Policy, Topic
from hegui.readers.policy.topics import TOPICS, passages

# Written from what the topics mean, and never tried on the test documents.
KEYWORDS: dict[Topic, str] = {
    "collection": "收集|采集|获取您|需要您提供|您需(?:要)?提供|记录您|collect|gather|obtain your|you need to provide",
    "permission": "权限|permission",
    "sharing": "共享|委托|转让|披露|公开您|第三方|合作伙伴|sdk|shar|disclos|transfer|entrust|third[- ]part",
    "use": "用于|使用您的|使用所收集|向您推荐|个性化推荐|used? (?:for|to)|we (?:will |may )?use",
    "storage": "存储|保存期限|保留期限|储存|存放|保存您|留存|境内|跨境|stor(?:e|age)|retain|retention",
    "security": "安全措施|加密|防止|保护您的个人信息|安全事件|泄露|访问控制|secur|encrypt|protect your|leak",
    "special": "未成年|儿童|监护人|minor|child|guardian",
    "management": "更正|删除|查询|注销|撤回|撤销|访问您|关闭|管理您|修改您|correct|delete|cancel|withdraw|turn off|access your",
    "contact": "联系我们|电子?邮[箱件]|客服|电话[：:]|联系方式|contact us|e-?mail|customer service",
    "revision": "修订|变更|更新本|更新后|生效日期|更新日期|revis|amend|update (?:this|of this)|effective date|changes? to this",
    "cessation": "停止运营|终止服务|停止服务|终止运营|停止提供|cease|stop operat|terminat\\w+ (?:of )?(?:the )?service",
}
_PATTERNS = {topic: re.compile(words) for topic, words in KEYWORDS.items()}

# Table 3 of the corpus's README: RoBERTa, the best of six. No figures by topic are published there.
PUBLISHED = {"micro": 0.819, "macro": 0.841}

Found = list[frozenset[Topic]]


@dataclass(frozen=True)
class Counts:
    """Sentences said and labelled to be of a topic, only said, only labelled."""

    both: int = 0
    said: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float:
        return self.both / (self.both + self.said) if self.both + self.said else 0.0

    @property
    def recall(self) -> float:
        return self.both / (self.both + self.labelled) if self.both + self.labelled else 0.0

    @property
    def f1(self) -> float:
        """0 where nothing was said and nothing labelled, as the published figures count it."""
        of = 2 * self.both + self.said + self.labelled
        return 2 * self.both / of if of else 0.0


def main() -> int:
    arguments = argparse.ArgumentParser(description="Measure the topics of passages.")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--lang", choices=("zh", "en"), default="zh")
    arguments.add_argument("--errors", choices=TOPICS, help="list the sentences this topic differs on")
    chosen = arguments.parse_args()
    if not (chosen.materials / CORPUS).is_dir():
        print(f"skipped: {chosen.materials / CORPUS} is absent; the documents are kept outside the repository")
        return 0
    documents = labelled_documents(chosen.materials, chosen.lang)
    names = test_documents()
    tested = [one for one in documents if one.name in names]
    rows = [row for one in tested for row in one.rows]
    ours = [topics for one in tested for topics in found_by_hegui(one, chosen.lang)]
    words = [found_by_keywords(row.text) for row in rows]
    if chosen.errors:
        _print_errors(rows, ours, chosen.errors)
        return 0
    labelled = sum(bool(row.topics) for row in rows)
    print(
        f"{len(tested)} test documents, {len(rows)} sentences, {labelled} with a topic; the other documents: training"
    )
    _print_topics(rows, words, ours)
    places: dict[str, list[tuple[str, frozenset[Topic]]]] = defaultdict(list)
    for one in documents:
        for row in one.rows:
            places[plain(row.text)].append((one.name, row.topics))
    own = [at for at, row in enumerate(rows) if len({name for name, _ in places[plain(row.text)]}) == 1]
    topical = [at for at, row in enumerate(rows) if row.important and row.topics]
    print()
    for what, kept in (("all sentences", range(len(rows))), ("in no other document", own), ("as published", topical)):
        chosen_rows = [rows[at] for at in kept]
        each = (
            f"{name} {_micro_macro(chosen_rows, [found[at] for at in kept])}"
            for name, found in (("keywords", words), ("hegui", ours))
        )
        print(f"{what} ({len(chosen_rows)}): micro/macro F1 " + ", ".join(each))
    print(f"published, RoBERTa, other split: {PUBLISHED['micro']:.3f}/{PUBLISHED['macro']:.3f}")
    _print_agreement(places.values())
    return 0


def found_by_hegui(document: Labelled, lang: str) -> Found:
    """The topics of each sentence of a document, by its passages."""
    text = "\n".join(row.text for row in document.rows)
    line_of = [line for line, row in enumerate(document.rows) for _ in range(len(row.text) + 1)]
    topics: list[set[Topic]] = [set() for _ in document.rows]
    for one in passages(Policy(text, lang=lang)):
        topics[line_of[one.span.start]].add(one.topic)
    return [frozenset(one) for one in topics]


def found_by_keywords(sentence: str) -> frozenset[Topic]:
    folded = sentence.lower()
    return frozenset(topic for topic, pattern in _PATTERNS.items() if pattern.search(folded))


def count(labelled: Iterable[frozenset[Topic]], found: Iterable[frozenset[Topic]], topics: Iterable[Topic]) -> Counts:
    """Of all the topics together, so that one topic gives its own counts."""
    asked = frozenset(topics)
    pairs = [(wanted & asked, said & asked) for wanted, said in zip(labelled, found, strict=True)]
    return Counts(
        sum(len(wanted & said) for wanted, said in pairs),
        sum(len(said - wanted) for wanted, said in pairs),
        sum(len(wanted - said) for wanted, said in pairs),
    )


def _micro_macro(rows: Sequence[Row], found: Found) -> str:
    labelled = [row.topics for row in rows]
    each = [count(labelled, found, [topic]).f1 for topic in TOPICS]
    return f"{count(labelled, found, TOPICS).f1:.3f}/{sum(each) / len(each):.3f}"


def _print_topics(rows: Sequence[Row], words: Found, ours: Found) -> None:
    labelled = [row.topics for row in rows]
    print(f"{'':12}{'sentences':>10}   {'keywords':^20}   {'hegui':^20}")
    print(f"{'':12}{'':>10}   {'P':>6}{'R':>7}{'F1':>7}   {'P':>6}{'R':>7}{'F1':>7}")
    tables: list[tuple[str, Sequence[Topic]]] = [*((topic, [topic]) for topic in TOPICS), ("micro", TOPICS)]
    for name, topics in tables:
        both = [count(labelled, found, topics) for found in (words, ours)]
        figures = "   ".join(f"{one.precision:6.3f}{one.recall:7.3f}{one.f1:7.3f}" for one in both)
        print(f"{name:12}{both[0].both + both[0].labelled:10}   {figures}")
    macro = [
        [sum(getattr(count(labelled, found, [topic]), what) for topic in TOPICS) / len(TOPICS) for what in _FIGURES]
        for found in (words, ours)
    ]
    print(f"{'macro':12}{'':10}   " + "   ".join(f"{p:6.3f}{r:7.3f}{f1:7.3f}" for p, r, f1 in macro))


_FIGURES = ("precision", "recall", "f1")


def _print_agreement(places: Iterable[list[tuple[str, frozenset[Topic]]]]) -> None:
    """Each pair of documents with the same sentence counts both ways, so that precision is recall."""
    pairs = [(one, other) for said in places for (doc, one), (with_, other) in permutations(said, 2) if doc != with_]
    counted = count([one for one, _ in pairs], [other for _, other in pairs], TOPICS)
    use = count([one for one, _ in pairs], [other for _, other in pairs], ["use"])
    print(
        f"the lawyers with themselves, {len(pairs) // 2} pairs of equal sentences in two documents: "
        f"micro F1 {counted.f1:.3f}; of use {use.f1:.3f}"
    )


def _print_errors(rows: Sequence[Row], ours: Found, topic: Topic) -> None:
    for row, said in zip(rows, ours, strict=True):
        if (topic in row.topics) != (topic in said):
            print("missed" if topic in row.topics else "wrong", row.text, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
