"""What changed from one version to the next, by the dimensions of article 8(1), in the rules and in the package.

Moved or reworded text is no change: rules are compared by what they state, not by their lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from hegui.facts.package import CallSite, Package, Place
from hegui.facts.policy import Function, Policy, Retention, Span, StatedPermission, StatedSdk
from hegui.facts.queries import permissions as held
from hegui.facts.queries.frequency import frequency
from hegui.facts.queries.promised import limit, number
from hegui.facts.unread import Unread, is_read

Dimension = Literal[
    "purpose", "method", "type", "retention", "permission", "frequency", "sdk", "sharing", "rights", "operator"
]
Kind = Literal["added", "removed", "changed"]

# The dimensions of article 8(1); a change in another one is a change of the text, which the 2021 draft asks about too.
NAMED_BY_8_1: tuple[Dimension, ...] = ("purpose", "method", "type", "retention", "permission", "frequency", "sdk")

# Two wordings that share this much of their character pairs say the same thing in other words.
_SAME = 0.5
_STOP = re.compile(r"[\s，。；：、,.;:“”\"'（）()【】《》]|为了|用于|以便|便于|我们|您的|您|的|进行|提供")


@dataclass(frozen=True)
class Change:
    """One difference. `subject` is what changed (a pi_type, a permission group, an SDK's name, a function, a scope).

    `actor` is whose it is: "app" or an SDK. `old` and `new` are the words or values; the spans and places say where.
    """

    dimension: Dimension
    kind: Kind
    subject: str
    actor: str = "app"
    old: str = ""
    new: str = ""
    old_span: Span | None = None
    new_span: Span | None = None
    old_at: tuple[Place, ...] = ()
    new_at: tuple[Place, ...] = ()


def same_meaning(one: str, other: str) -> bool:
    """Whether two wordings differ in form only, by the character pairs they share (Dice)."""
    first, second = _STOP.sub("", one.lower()), _STOP.sub("", other.lower())
    if first == second or (min(len(first), len(second)) >= 2 and (first in second or second in first)):
        return True
    pairs, others = _pairs(first), _pairs(second)
    return bool(pairs and others) and 2 * len(pairs & others) / (len(pairs) + len(others)) >= _SAME


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)}


# A passage shorter than this takes its meaning from what stands around it (an item of a list, a cell).
_BY_ITSELF = 12


def policy_changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """What the new rules state otherwise than the old, in the order of the dimensions.

    A sentence that stands in both, word for word, was moved: what was read from it in one and not in the other is no change.
    """
    before, after = _bare(old.text), _bare(new.text)

    def moved(one: Change) -> bool:
        if one.dimension in ("purpose", "method"):
            # Their span is the whole function, whose paragraphs may have changed places.
            return _bare(one.old) in after and len(_bare(one.new or one.old)) >= _BY_ITSELF and _bare(one.new) in before
        gone = one.old_span is None or _stands_in(old, one.old_span, after)
        come = one.new_span is None or _stands_in(new, one.new_span, before)
        return gone and come and (one.old_span or one.new_span) is not None

    return tuple(one for one in _stated_changes(old, new) if not moved(one))


def _bare(text: str) -> str:
    return "".join(text.split())


def _stands_in(rules: Policy, span: Span, text: str) -> bool:
    words = _bare(rules.said(span))
    return len(words) >= _BY_ITSELF and words in text


def _stated_changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    return (
        *_functions(old.functions, new.functions),
        *_types(old, new),
        *_retention(old.retention, new.retention),
        *_permissions(old, new),
        *_sdks(old.sdks, new.sdks),
        *_sharing(old, new),
        *_rights(old, new),
        *_operator(old, new),
    )


def package_changes(
    old: Package, new: Package, reads: Callable[[Package], tuple[CallSite, ...]]
) -> tuple[Change, ...] | Unread:
    """What the new package can do otherwise: permissions, types by actor, SDKs and their versions.

    `reads` picks the call sites that count as reading. Names of classes are not compared: renaming is no change.
    Unread when a part of either was not read.
    """
    for part in (old.permissions, new.permissions, old.callsites, new.callsites, old.sdks, new.sdks):
        if isinstance(part, Unread):
            return part
    return (
        *_asked(old, new),
        *_read(reads(old), reads(new)),
        *_embedded(old, new),
    )


def names_change(rules: Policy, change: Change) -> bool:
    """Whether the rules name what a package newly has: a type for its actor, a permission, an SDK in its version."""
    if change.dimension == "permission":
        return change.subject in _stated_permissions(rules)
    rows = [one for one in rules.sdks if one.sdk_id in (change.subject, change.actor)]
    if change.dimension == "sdk":
        return any(not one.version or not change.old or one.version == change.new for one in rows)
    names = {"app"} if change.actor in ("app", "unknown") else {change.actor, *(one.name for one in rows)}
    stated = {kind for actor, kind in _stated_types(rules) if actor in names}
    stated |= {kind for one in rows for kind in one.types}
    return change.subject in stated or change.subject.partition(".")[0] in stated


def _functions(old: tuple[Function, ...], new: tuple[Function, ...]) -> Iterator[Change]:
    for dimension in ("purpose", "method"):
        before = [(one.name, words, one.span) for one in old if (words := getattr(one, dimension))]
        after = [(one.name, words, one.span) for one in new if (words := getattr(one, dimension))]
        yield from _reworded(dimension, before, after)


def _reworded(
    dimension: Dimension, before: list[tuple[str, str, Span | None]], after: list[tuple[str, str, Span | None]]
) -> Iterator[Change]:
    """What stands in one and has no wording of the same meaning in the other, under whichever function it stands."""
    gone = [one for one in before if not any(same_meaning(one[1], other[1]) for other in after)]
    come = [one for one in after if not any(same_meaning(one[1], other[1]) for other in before)]
    for name, words, span in come:
        match = next((one for one in gone if same_meaning(one[0], name)), None)
        if match:
            gone.remove(match)
            yield Change(dimension, "changed", name, old=match[1], new=words, old_span=match[2], new_span=span)
        else:
            yield Change(dimension, "added", name, new=words, new_span=span)
    for name, words, span in gone:
        yield Change(dimension, "removed", name, old=words, old_span=span)


def _types(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = _stated_types(old), _stated_types(new)
    for key in sorted(after.keys() - before.keys()):
        yield Change("type", "added", key[1], key[0], new=after[key][0], new_span=after[key][1])
    for key in sorted(before.keys() - after.keys()):
        yield Change("type", "removed", key[1], key[0], old=before[key][0], old_span=before[key][1])


def _stated_types(rules: Policy) -> dict[tuple[str, str], tuple[str, Span | None]]:
    found: dict[tuple[str, str], tuple[str, Span | None]] = {}
    for one in rules.types:
        found.setdefault((one.actor, one.type), (one.said, one.span))
    for function in rules.functions:
        for kind in function.types:
            found.setdefault(("app", kind), (kind, function.span))
    return found


def _retention(old: tuple[Retention, ...], new: tuple[Retention, ...]) -> Iterator[Change]:
    left = list(new)
    for one in old:
        match = next((other for other in left if _how_long(one) == _how_long(other)), None) or next(
            (other for other in left if same_meaning(one.scope, other.scope)), None
        )
        if match is None:
            yield Change("retention", "removed", one.scope, old=_kept(one), old_span=one.span)
            continue
        left.remove(match)
        if _how_long(one) != _how_long(match):
            yield Change(
                "retention", "changed", one.scope, old=_kept(one), new=_kept(match),
                old_span=one.span, new_span=match.span,
            )  # fmt: skip
    for one in left:
        yield Change("retention", "added", one.scope, new=_kept(one), new_span=one.span)


def _kept(one: Retention) -> str:
    return one.period or one.method or one.expiry or ""


_YEARS = re.compile(r"(\d+|[一二两三四五六七八九十]+)\s*年")


def _how_long(one: Retention) -> tuple[str, object]:
    """The scope's length as a value where it is a number, else as its words without filler."""
    words = _kept(one)
    years = _YEARS.search(words)
    promised = limit(words)
    value: object = number(years[1]) if years else promised and (promised.number, promised.working)
    return _STOP.sub("", one.scope), value or _STOP.sub("", words)


def _permissions(old: Policy, new: Policy) -> Iterator[Change]:
    before, after = _stated_permissions(old), _stated_permissions(new)
    for group in sorted(after.keys() - before.keys()):
        yield Change("permission", "added", group, new=after[group][0].said, new_span=after[group][0].span)
    for group in sorted(before.keys() - after.keys()):
        yield Change("permission", "removed", group, old=before[group][0].said, old_span=before[group][0].span)
    for group in sorted(before.keys() & after.keys()):
        often, now = _often(before[group]), _often(after[group])
        if {frequency(words) for words in often} != {frequency(words) for words in now} or _numbers(often) != _numbers(
            now
        ):
            yield Change(
                "frequency", "changed", group, old="；".join(often), new="；".join(now),
                old_span=before[group][0].span, new_span=after[group][0].span,
            )  # fmt: skip


def _stated_permissions(rules: Policy) -> dict[str, list[StatedPermission]]:
    found: dict[str, list[StatedPermission]] = {}
    for one in dict.fromkeys((*rules.permissions, *(one for each in rules.functions for one in each.perms))):
        found.setdefault(one.group or one.name, []).append(one)
    return found


def _often(several: list[StatedPermission]) -> list[str]:
    return sorted({one.freq for one in several if one.freq})


def _numbers(words: list[str]) -> list[str]:
    return sorted(re.findall(r"\d+", " ".join(words)))


def _sdks(old: tuple[StatedSdk, ...], new: tuple[StatedSdk, ...]) -> Iterator[Change]:
    before, after = {_sdk_key(one): one for one in reversed(old)}, {_sdk_key(one): one for one in reversed(new)}
    for key in sorted(after.keys() - before.keys()):
        one = after[key]
        yield Change("sdk", "added", one.name, one.name, new=one.version or "", new_span=one.span)
    for key in sorted(before.keys() - after.keys()):
        one = before[key]
        yield Change("sdk", "removed", one.name, one.name, old=one.version or "", old_span=one.span)
    for key in sorted(before.keys() & after.keys()):
        was, now = before[key], after[key]
        facts = (
            (was.version or "", now.version or ""),
            ("、".join(sorted(was.types or was.said_types)), "、".join(sorted(now.types or now.said_types))),
            (was.function or was.purpose or "", now.function or now.purpose or ""),
        )
        for index, (first, second) in enumerate(facts):
            if first != second and not (index == 2 and same_meaning(first, second)):
                yield Change(
                    "sdk", "changed", now.name, now.name, old=first, new=second, old_span=was.span, new_span=now.span
                )


def _sdk_key(one: StatedSdk) -> str:
    return one.sdk_id or re.sub(r"\s|sdk$", "", one.name.lower())


def _sharing(old: Policy, new: Policy) -> Iterator[Change]:
    yield from _named(
        "sharing",
        ((one.recipient, one.span) for one in old.sharing),
        ((one.recipient, one.span) for one in new.sharing),
    )


def _rights(old: Policy, new: Policy) -> Iterator[Change]:
    for name in ("rights", "cancellation", "complaint"):
        before, after = getattr(old, name), getattr(new, name)
        for key in sorted(before.keys() | after.keys()):
            was, now = before.get(key), after.get(key)
            if was and now and not same_meaning(was.value, now.value):
                yield Change(
                    "rights", "changed", key, old=was.value, new=now.value, old_span=was.span, new_span=now.span
                )
            elif now and not was:
                yield Change("rights", "added", key, new=now.value, new_span=now.span)
            elif was and not now:
                yield Change("rights", "removed", key, old=was.value, old_span=was.span)


def _operator(old: Policy, new: Policy) -> Iterator[Change]:
    was, now = old.operator, new.operator
    if was.name and now.name and not same_meaning(was.name, now.name):
        yield Change("operator", "changed", "name", old=was.name, new=now.name, old_span=was.span, new_span=now.span)
    yield from _named(
        "operator", ((one.value, one.span) for one in was.contacts), ((one.value, one.span) for one in now.contacts)
    )


def _named(
    dimension: Dimension, old: Iterable[tuple[str, Span | None]], new: Iterable[tuple[str, Span | None]]
) -> Iterator[Change]:
    before, after = dict(old), dict(new)
    for name in sorted(after.keys() - before.keys()):
        yield Change(dimension, "added", name, new=name, new_span=after[name])
    for name in sorted(before.keys() - after.keys()):
        yield Change(dimension, "removed", name, old=name, old_span=before[name])


def _asked(old: Package, new: Package) -> Iterator[Change]:
    before = {one.name: one for one in held.dangerous(old)}
    after = {one.name: one for one in held.dangerous(new)}
    for name in sorted(after.keys() - before.keys()):
        one = after[name]
        yield Change(
            "permission", "added", one.group or name, one.origin, new=name, new_at=(one.at or new.manifest_at,)
        )
    for name in sorted(before.keys() - after.keys()):
        one = before[name]
        yield Change(
            "permission", "removed", one.group or name, one.origin, old=name, old_at=(one.at or old.manifest_at,)
        )


def _read(old: tuple[CallSite, ...], new: tuple[CallSite, ...]) -> Iterator[Change]:
    before, after = _by_key(old), _by_key(new)
    for key in sorted(after.keys() - before.keys()):
        at = tuple(one.at for one in after[key][:5])
        yield Change("type", "added", key[1], key[0], new=after[key][0].target, new_at=at)
    for key in sorted(before.keys() - after.keys()):
        at = tuple(one.at for one in before[key][:5])
        yield Change("type", "removed", key[1], key[0], old=before[key][0].target, old_at=at)


def _by_key(sites: tuple[CallSite, ...]) -> dict[tuple[str, str], list[CallSite]]:
    found: dict[tuple[str, str], list[CallSite]] = {}
    for one in sites:
        found.setdefault((one.origin, one.pi_type or ""), []).append(one)
    return found


def _embedded(old: Package, new: Package) -> Iterator[Change]:
    before = {one.sdk_id: one for one in (old.sdks if is_read(old.sdks) else ()) if one.sdk_id != "unknown"}
    after = {one.sdk_id: one for one in (new.sdks if is_read(new.sdks) else ()) if one.sdk_id != "unknown"}
    for key in sorted(after.keys() - before.keys()):
        one = after[key]
        yield Change("sdk", "added", key, key, new=_version(one.version) or one.name, new_at=one.at[:3])
    for key in sorted(before.keys() - after.keys()):
        one = before[key]
        yield Change("sdk", "removed", key, key, old=_version(one.version) or one.name, old_at=one.at[:3])
    for key in sorted(before.keys() & after.keys()):
        was, now = before[key], after[key]
        if is_read(was.version) and is_read(now.version) and was.version != now.version:
            yield Change("sdk", "changed", key, key, was.version, now.version, old_at=was.at[:3], new_at=now.at[:3])


def _version(version: str | Unread) -> str:
    return version if is_read(version) else ""
