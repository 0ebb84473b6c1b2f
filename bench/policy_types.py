#!/usr/bin/env python3
"""Which types of personal information a policy states, beside 300 sentences labelled by hand.

    python bench/policy_types.py [--materials ../shared/materials] [--errors] [--out FILE]

Reads the test documents of bench/policy_labels with hegui and compares, sentence by sentence, what they state. A type
counts once per sentence; it is found when one of its places overlaps a labelled mention of it. Printed with counts:

* type: the exact pi_type. A label of a bare group ("device_id": the sentence says no more) is met by any of the group.
* group: the part before the dot.
* type, optional too: as type, but mentions on which careful readers may differ are asked for like the others.
* type and actor: the exact type with who collects or receives it: a type whose actor is wrong counts as wrong.
* purpose: per sentence with a type, whether a purpose is told and shares most of its words with a labelled one.
* negatives: labelled sentences that say what is *not* collected, found as such.

A mention marked optional is otherwise neither asked for nor held against hegui, nor is a purpose that names the labelled
function of the sentence. A document or sentence that hegui did not read counts with everything it has as missed.
`--errors` lists every difference with its sentence, which is read from ../shared and is not part of the repository.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.policy_labels.draw import CORPUS, FOLDER, MATERIALS, document_text
from hegui.facts.policy import Policy, Span

# Offsets [start, end) among the characters of a sentence that are not white space: readers may change white space.
Place = tuple[int, int]


@dataclass(frozen=True)
class Mention:
    """A labelled place where a type stands. `permission`: it is the name of a permission that gives the type."""

    type: str
    place: Place
    optional: bool = False
    permission: bool = False


@dataclass(frozen=True)
class Label:
    """A labelled sentence. `start` and `end` are offsets into the document; texts have no white space.

    `names` are the third parties the labelled actor is, or to whom the app gives the types.
    """

    doc: str
    start: int
    end: int
    said: str
    mentions: tuple[Mention, ...] = ()
    purposes: tuple[str, ...] = ()
    function: str = ""
    actor: str = ""
    names: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Found:
    """A type that hegui read in a sentence."""

    type: str
    place: Place
    actor: str
    said: str = ""


@dataclass(frozen=True)
class Reading:
    """What hegui read in one sentence; `at` is False when the sentence is not in the text it read."""

    at: bool = True
    types: tuple[Found, ...] = ()
    purposes: tuple[str, ...] = ()
    permissions: tuple[Place, ...] = ()
    negatives: tuple[Place, ...] = ()


@dataclass
class Outcome:
    """The types of one sentence, by code; `found` holds what was found of each that is labelled."""

    right: dict[str, list[Found]] = field(default_factory=dict)
    wrong: dict[str, list[Found]] = field(default_factory=dict)
    found: dict[str, list[Found]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


@dataclass
class Score:
    """Counts; precision has its own numerator, as one labelled group may be met by several exact types."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0

    def add(self, outcome: Outcome) -> None:
        self.right += len(outcome.right)
        self.wrong += len(outcome.wrong)
        self.found += len(outcome.found)
        self.missed += len(outcome.missed)

    def line(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.found / max(1, self.found + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return (
            f"P {precision:.3f} ({self.right} of {self.right + self.wrong})  "
            f"R {recall:.3f} ({self.found} of {self.found + self.missed})  F1 {f1:.3f}"
        )


@dataclass
class Scores:
    by: dict[str, Score] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def of(self, name: str) -> Score:
        return self.by.setdefault(name, Score())

    def error(self, kind: str, what: str, label: Label) -> None:
        self.errors.append(f"{kind:16} {label.doc}:{label.start}  {what}  | {label.said}")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Hold stated types against sentences labelled by hand.")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--errors", action="store_true", help="list every difference with its sentence")
    arguments.add_argument("--out", type=Path, help="write the counts as JSON")
    chosen = arguments.parse_args()
    folder = chosen.materials / CORPUS
    if not folder.is_dir():
        print(f"skipped: {folder} is absent; the documents are kept outside the repository")
        return 0
    scores = Scores()
    labels = read_labels(FOLDER / "labels.jsonl", folder)
    for doc in dict.fromkeys(label.doc for label in labels):
        policy = read_policy(folder / f"{doc}.txt")
        if isinstance(policy, str):
            print(f"{doc}: not read by hegui ({policy}); all its labels count as missed")
        text = document_text(folder, doc)
        for label in labels:
            if label.doc == doc:
                seen = Reading(at=False) if isinstance(policy, str) else reading(policy, label, text)
                compare(label, seen, scores)
    mentions = [one for label in labels for one in label.mentions]
    print(
        f"{len(labels)} sentences of {len({label.doc for label in labels})} documents, "
        f"{sum(bool(label.mentions) for label in labels)} with a type, {len(mentions)} mentions, "
        f"{sum(one.optional for one in mentions)} of them optional"
    )
    for name, score in scores.by.items():
        print(f"{name:20} {score.line()}")
    if chosen.errors:
        print(*sorted(scores.errors), sep="\n")
    if chosen.out:
        counts = {name: vars(score) for name, score in scores.by.items()}
        chosen.out.write_text(json.dumps(counts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def read_policy(path: Path) -> Policy | str:
    """The policy as hegui reads it, or why it could not be read."""
    from hegui.readers.policies import read_policies

    value = read_policies([path]).value
    if isinstance(value, Policy):
        return value
    return f"{value.unread}: {value.detail}" if value else "nothing came out"


def read_labels(path: Path, folder: Path) -> list[Label]:
    """The labels with their sentences. Exits when a document is not the one that was labelled."""
    labels = []
    texts: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        text = texts.setdefault(raw["doc"], document_text(folder, raw["doc"]))
        labels.append(label_of(raw, text))
    return labels


def label_of(raw: dict[str, Any], text: str) -> Label:
    """One line of labels.jsonl (bench/policy_labels/README.md) with the sentence it speaks of."""
    start, end = raw["start"], raw["end"]
    if hashlib.sha256(text[start:end].encode()).hexdigest() != raw["sha256"]:
        sys.exit(f"{raw['doc']}: characters {start} to {end} are not the labelled sentence; is it another edition?")
    return Label(
        doc=raw["doc"],
        start=start,
        end=end,
        said=squeezed(text[start:end]),
        mentions=tuple(
            Mention(
                one["type"],
                (len(squeezed(text[start : one["start"]])), len(squeezed(text[start : one["end"]]))),
                one.get("optional", False),
                one.get("permission", False),
            )
            for one in raw["types"]
        ),
        purposes=tuple(squeezed(text[begin:stop]) for begin, stop in raw["purpose"] or ()),
        function=squeezed(text[slice(*raw["function"])]) if raw["function"] else "",
        actor=raw["actor"] or "",
        names=tuple(squeezed(name) for name in raw["names"]),
        negated=raw["negated"],
    )


def squeezed(text: str) -> str:
    """Without white space and byte order marks."""
    return "".join(text.replace("\ufeff", "").split())


def reading(policy: Policy, label: Label, text: str) -> Reading:
    """What the policy says within a labelled sentence, which is looked for by its words.

    Where a document says the same sentence several times, it is the one at the same turn as in the source.
    """
    kept = [at for at, character in enumerate(policy.text) if not character.isspace() and character != "\ufeff"]
    words = "".join(policy.text[at] for at in kept)
    first = -1
    for _ in range(squeezed(text[: label.end]).count(label.said)):
        first = words.find(label.said, first + 1)
        if first < 0:
            return Reading(at=False)
    positions = kept[first : first + len(label.said)]

    def place(span: Span | None) -> Place | None:
        """The part of a span that lies within the sentence."""
        if span is None or span.end <= positions[0] or span.start > positions[-1]:
            return None
        inside = [at for at, position in enumerate(positions) if span.start <= position < span.end]
        return (inside[0], inside[-1] + 1) if inside else None

    types = [(one, where) for one in policy.types if (where := place(one.span))]
    permissions = [(one, where) for one in policy.permissions if (where := place(one.span))]
    told_purposes = [*(one.purpose for one, _ in types), *(one.purpose for one, _ in permissions)]
    return Reading(
        types=tuple(Found(one.type, where, one.actor, one.said) for one, where in types),
        purposes=tuple(squeezed(told) for told in told_purposes if told),
        permissions=tuple(where for _, where in permissions),
        negatives=tuple(where for one in policy.negatives if (where := place(one.span))),
    )


def compare(label: Label, read: Reading, scores: Scores) -> None:
    """Add one sentence to the scores."""
    if label.negated:
        _compare_negative(label, read, scores)
        return
    outcome = compare_types(label.mentions, read.types, read.permissions)
    scores.of("type").add(outcome)
    for code in outcome.missed:
        scores.error("missed" if read.at else "missed, not read", code, label)
    for code, founds in outcome.wrong.items():
        scores.error("wrong", f"{code} {founds[0].said}", label)
    grouped = [replace(one, type=group(one.type)) for one in label.mentions]
    scores.of("group").add(
        compare_types(grouped, [replace(one, type=group(one.type)) for one in read.types], read.permissions)
    )
    required = [replace(one, optional=False) for one in label.mentions]
    scores.of("type, optional too").add(compare_types(required, read.types, read.permissions))
    _compare_actor(label, outcome, scores)
    _compare_purpose(label, read, scores)


def compare_types(mentions: Sequence[Mention], founds: Sequence[Found], permissions: Sequence[Place]) -> Outcome:
    """Which labelled types are found, and which found types are right; neither for those met by optional mentions only."""
    outcome = Outcome()
    required = [one for one in mentions if not one.optional]
    for code in dict.fromkeys(one.type for one in required):
        places = [one for one in required if one.type == code]
        meeting = [found for found in founds if any(meets(found, one) for one in places)]
        if meeting or any(one.permission and overlap(one.place, place) for one in places for place in permissions):
            outcome.found[code] = meeting
        else:
            outcome.missed.append(code)
    for code in dict.fromkeys(one.type for one in founds):
        same = [one for one in founds if one.type == code]
        right = [found for found in same if any(meets(found, one) for one in required)]
        if right:
            outcome.right[code] = right
        elif not any(meets(found, one) for found in same for one in mentions):
            outcome.wrong[code] = same
    return outcome


def meets(found: Found, mention: Mention) -> bool:
    of_type = found.type == mention.type or found.type.startswith(f"{mention.type}.")
    return of_type and overlap(found.place, mention.place)


def group(code: str) -> str:
    return code.partition(".")[0]


def overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _compare_actor(label: Label, outcome: Outcome, scores: Scores) -> None:
    score = scores.of("type and actor")
    score.wrong += len(outcome.wrong)
    score.missed += len(outcome.missed)
    for code, founds in outcome.right.items():
        if any(actor_is(label, one.actor) for one in founds):
            score.right += 1
        else:
            score.wrong += 1
            scores.error("wrong actor", f"{code} {founds[0].actor}, not {'/'.join((label.actor, *label.names))}", label)
    for founds in outcome.found.values():
        # What is found by its permission alone has no actor of its own; the app asks for permissions.
        if any(actor_is(label, one.actor) for one in founds) or (not founds and label.actor == "app"):
            score.found += 1
        else:
            score.missed += 1


def actor_is(label: Label, actor: str) -> bool:
    """Whether an actor as read is the labelled one. What the app gives to others may be read under either's name."""
    if actor == "app":
        return label.actor == "app"
    said = squeezed(actor)
    return any(said in name or name in said for name in label.names)


def _compare_negative(label: Label, read: Reading, scores: Scores) -> None:
    """What is said not to be collected must stand among the negatives, and not among the types."""
    score = scores.of("negatives")
    for code in dict.fromkeys(one.type for one in label.mentions if not one.optional):
        if read.negatives:
            score.found += 1
            score.right += 1
        else:
            score.missed += 1
            scores.error("negative missed", code, label)
    for code in dict.fromkeys(one.type for one in read.types):
        for name in ("type", "group", "type, optional too", "type and actor"):
            scores.of(name).wrong += 1
        scores.error("wrong, negated", code, label)


def _compare_purpose(label: Label, read: Reading, scores: Scores) -> None:
    if not any(not one.optional for one in label.mentions) and not (label.mentions and read.types):
        return
    score = scores.of("purpose")
    if any(agree(said, wanted) for said in read.purposes for wanted in label.purposes):
        score.right += 1
        score.found += 1
        return
    if label.purposes:
        score.missed += 1
        scores.error("purpose missed", " / ".join(label.purposes), label)
    if read.purposes and not any(agree(said, label.function) for said in read.purposes):
        score.wrong += 1
        scores.error("purpose wrong", read.purposes[0], label)


def agree(said: str, wanted: str) -> bool:
    """Whether two wordings of a purpose share most of their words, or the one read is a part of the labelled one."""
    longest = SequenceMatcher(None, said, wanted, autojunk=False).find_longest_match().size
    return 4 * longest >= len(said) + len(wanted) > 0 or len(said) == longest >= 4


if __name__ == "__main__":
    sys.exit(main())
