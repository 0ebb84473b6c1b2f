"""The labelled sentences of CAPP-130 by document, in the topics of hegui.

The corpus names an annotation file by number (rw_16.jsonl) and a policy by the app; which belongs to which is found by
the sentences they share. Of the 130 documents those count whose files lie in ../shared/materials.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hegui.facts.policy import Topic

HERE = Path(__file__).resolve().parent
MATERIALS = HERE.parents[2] / "shared" / "materials"
CORPUS = Path("policy/zh/capp130")
FOLDERS = {"zh": "Annotation/Annotation", "en": "Translation_English"}

# Labels 0 to 10 of the corpus's Annotation/label_explanation.json, as its Chinese and its translated files write them.
LABELS: dict[str, Topic] = {
    "数据收集": "collection",
    "权限获取": "permission",
    "共享、委托、转让、公开（披露）": "sharing",
    "使用": "use",
    "存储方式": "storage",
    "安全措施": "security",
    "特殊人群": "special",
    "数据、权限管理": "management",
    "联系方式": "contact",
    "隐私政策的授权、修改与变更": "revision",
    "停止运营": "cessation",
    "First Party Collection Information": "collection",
    "Permission Acquisition": "permission",
    "Third Party Sharing/ Disclosure": "sharing",
    "Usage": "use",
    "Data Retention": "storage",
    "Data Security": "security",
    "Specific Audiences": "special",
    "Edit/Control": "management",
    "Contact Information": "contact",
    "Policy Change": "revision",
    "Cessation of Operations": "cessation",
}
IMPORTANT = {"摘要", "Important"}
# Shorter lines ("一、定义") stand in many policies and tell none.
_TELLING = 12


@dataclass(frozen=True)
class Row:
    """A sentence with its topics; `important` as the corpus labels it (摘要). Risks (潜在风险) are not used."""

    text: str
    topics: frozenset[Topic]
    important: bool


@dataclass(frozen=True)
class Labelled:
    """A labelled document, its sentences in order. `name` is that of its file in Original_policies, without .txt."""

    name: str
    rows: tuple[Row, ...]


def test_documents() -> frozenset[str]:
    """The documents whose labels nothing may learn from."""
    return frozenset((HERE / "test_documents.txt").read_text("utf-8").split("\n")) - {""}


def labelled_documents(materials: Path, lang: str = "zh") -> list[Labelled]:
    """All labelled documents by name; () of sentences never. Raises ValueError if a file fits no or two policies."""
    folder = materials / CORPUS
    policies = {
        path.stem: plain(path.read_text("utf-8")) for path in sorted((folder / "Original_policies").glob("*.txt"))
    }
    found = []
    for path in sorted((folder / FOLDERS["zh"]).glob("*.jsonl")):
        name = _policy_of(path.name, _rows(path), policies)
        found.append(Labelled(name, _rows(folder / FOLDERS[lang] / path.name)))
    names = [one.name for one in found]
    if len(set(names)) != len(names):
        raise ValueError(f"{folder}: two annotation files fit one policy: {sorted(names)}")
    return sorted(found, key=lambda one: one.name)


def plain(text: str) -> str:
    """The text without white space and commas: the corpus writes a comma for white space."""
    return re.sub(r"[\s,，]+", "", text)


def _rows(path: Path) -> tuple[Row, ...]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return tuple(
        Row(
            row["text"].strip(),
            frozenset(LABELS[label] for label in row["label"] if label in LABELS),
            not IMPORTANT.isdisjoint(row["label"]),
        )
        for row in rows
        if row["text"].strip()
    )


def _policy_of(name: str, rows: tuple[Row, ...], policies: dict[str, str]) -> str:
    telling = [said for row in rows if len(said := plain(row.text)) >= _TELLING]
    shared = Counter({policy: sum(said in text for said in telling) for policy, text in policies.items()})
    (best, most), (_, second) = shared.most_common(2)
    # The nearest rivals are policies of one company, which share sentences.
    if most < 1.5 * second or 2 * most < len(telling) * 0.8:
        raise ValueError(f"{name}: shares {most} of {len(telling)} sentences with {best}, {second} with another")
    return best
