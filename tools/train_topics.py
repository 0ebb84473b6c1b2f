"""Make the weights of hegui/readers/policy/topics.py from the labelled sentences of the CAPP-130 corpus.

    python tools/train_topics.py [--materials ../shared/materials] [--lang zh] [--check]

Needs scikit-learn (`uv sync --group bench`), which hegui itself does not. Documents named in
bench/policy_labels/test_documents.txt are left out. All that is chosen is chosen by cross-validation over the others,
whole documents at a time: the second model learns from scores that the first gave to documents it had not seen, and the
threshold of a topic is where F1 is best on documents that neither had seen. `--check` prints those figures and writes
nothing.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.policy_labels.capp import MATERIALS, Labelled, labelled_documents, test_documents
from hegui.readers.policy.topics import MOST_STEPS, TOPICS, WEIGHTS, context_features, grams

FOLDS = 6
# A run of characters must stand in so many sentences; of those, the ones with the largest weights are kept.
LEAST_SENTENCES = {"zh": 8, "en": 30}
MOST_GRAMS = {"zh": 10_000, "en": 6_000}
SIZES = {"zh": (1, 3), "en": (4, 4)}
# Inverse strength of the regularisation of the two models.
C_WORDS = 0.1
C_CONTEXT = 1.0

Matrix = Any


class Words:
    """The first model: weights of runs of characters in whole steps, as they are written down."""

    def __init__(self, table: Matrix, labels: Matrix, most: int) -> None:
        fitted = [_logistic(table, labels[:, topic], C_WORDS, "liblinear") for topic in range(len(TOPICS))]
        weights = np.array([one.coef_[0] for one in fitted])
        largest = np.abs(weights).max(axis=0)
        self.kept = np.sort(np.argsort(-largest, kind="stable")[:most])
        self.step = float(largest.max() / MOST_STEPS)
        self.steps = np.rint(weights[:, self.kept] / self.step).astype(int)
        self.bias = np.array([one.intercept_[0] for one in fitted])

    def scores(self, table: Matrix) -> Matrix:
        return table[:, self.kept] @ self.steps.T * self.step + self.bias


def main() -> int:
    arguments = argparse.ArgumentParser(description="Train the topics of passages.")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--lang", choices=sorted(SIZES), default="zh")
    arguments.add_argument("--check", action="store_true", help="print the figures of the cross-validation only")
    chosen = arguments.parse_args()
    test = test_documents()
    documents = [one for one in labelled_documents(chosen.materials, chosen.lang) if one.name not in test]
    written = train(documents, chosen.lang)
    if not chosen.check:
        WEIGHTS.mkdir(exist_ok=True)
        (WEIGHTS / f"{chosen.lang}.json").write_text(as_json(written), "utf-8")
    return 0


def train(documents: Sequence[Labelled], lang: str) -> dict[str, Any]:
    said = [row.text for one in documents for row in one.rows]
    labels = np.array([[topic in row.topics for topic in TOPICS] for one in documents for row in one.rows], int)
    groups = np.repeat(np.arange(len(documents)), [len(one.rows) for one in documents])
    counter = CountVectorizer(analyzer=lambda one: sorted(grams(one, SIZES[lang])), min_df=LEAST_SENTENCES[lang])
    table = csr_matrix(counter.fit_transform(said), dtype=float)
    names = counter.get_feature_names_out()
    most = MOST_GRAMS[lang]

    def context(scores: Matrix) -> Matrix:
        """One array for each topic, of a row for each sentence."""
        rows: list[Any] = []
        for group in range(len(documents)):
            place = np.flatnonzero(groups == group)
            rows += context_features([said[at] for at in place], [tuple(scores[at]) for at in place])
        return np.array(rows).transpose(1, 0, 2)

    unseen = np.zeros(labels.shape)
    probability = np.zeros(labels.shape)
    for train_rows, test_rows in GroupKFold(FOLDS).split(table, groups=groups):
        # The scores the second model learns from come from documents the first did not see: an inner validation.
        inner = np.zeros(labels.shape)
        for learnt, scored in GroupKFold(FOLDS - 1).split(train_rows, groups=groups[train_rows]):
            words = Words(table[train_rows[learnt]], labels[train_rows[learnt]], most)
            inner[train_rows[scored]] = words.scores(table[train_rows[scored]])
        inner[test_rows] = Words(table[train_rows], labels[train_rows], most).scores(table[test_rows])
        unseen[test_rows] = inner[test_rows]
        features = context(inner)
        for topic in range(len(TOPICS)):
            fitted = _logistic(features[topic][train_rows], labels[train_rows, topic], C_CONTEXT)
            probability[test_rows, topic] = fitted.predict_proba(features[topic][test_rows])[:, 1]
    thresholds = [_threshold(labels[:, topic], probability[:, topic]) for topic in range(len(TOPICS))]
    _print(labels, unseen, probability, np.array(thresholds))

    words = Words(table, labels, most)
    second = [_logistic(features, labels[:, topic], C_CONTEXT) for topic, features in enumerate(context(unseen))]
    return {
        "_generated_by": f"tools/train_topics.py --lang {lang}",
        "_source": "CAPP-130 (Zhu et al., NeurIPS 2023 Datasets and Benchmarks), CC BY 4.0; weights only, no sentences",
        "topics": list(TOPICS),
        "sizes": list(SIZES[lang]),
        "step": round(words.step, 6),
        "bias": [round(float(one), 4) for one in words.bias],
        "context_bias": [round(float(one.intercept_[0]), 4) for one in second],
        "context": [[round(float(weight), 4) for weight in one.coef_[0]] for one in second],
        "thresholds": thresholds,
        "grams": {
            str(names[column]): "".join(chr(ord("@") + steps) for steps in words.steps[:, at])
            for at, column in enumerate(words.kept)
            if words.steps[:, at].any()
        },
    }


def as_json(written: dict[str, Any]) -> str:
    """One run of characters a line, so that a change shows as a change of its lines."""
    head = ",\n".join(
        f'"{name}": {json.dumps(value, ensure_ascii=False)}' for name, value in written.items() if name != "grams"
    )
    rows = ",\n".join(
        f"{json.dumps(gram, ensure_ascii=False)}:{json.dumps(weights)}" for gram, weights in written["grams"].items()
    )
    return f'{{{head},\n"grams": {{\n{rows}\n}}}}\n'


def _logistic(table: Matrix, wanted: Matrix, strength: float, solver: str = "lbfgs") -> LogisticRegression:
    return LogisticRegression(C=strength, solver=solver, max_iter=2000).fit(table, wanted)


def _threshold(wanted: Matrix, probability: Matrix) -> float:
    """The probability, in hundredths, from which on F1 is best; what is more likely than not is always said."""
    hundredths = [at / 100 for at in range(3, 51)]
    return max(hundredths, key=lambda least: (f1_score(wanted, probability >= least, zero_division=0), -least))


def _print(labels: Matrix, scores: Matrix, probability: Matrix, thresholds: Matrix) -> None:
    said = probability >= thresholds
    alone = np.array([_threshold(labels[:, at], 1 / (1 + np.exp(-scores[:, at]))) for at in range(len(TOPICS))])
    for name, found in (("words alone", 1 / (1 + np.exp(-scores)) >= alone), ("with context", said)):
        micro, macro = (f1_score(labels, found, average=how, zero_division=0) for how in ("micro", "macro"))
        each = " ".join(f"{one:.2f}" for one in f1_score(labels, found, average=None, zero_division=0))
        print(f"{name}: micro F1 {micro:.3f}, macro F1 {macro:.3f}; {each}")


if __name__ == "__main__":
    sys.exit(main())
