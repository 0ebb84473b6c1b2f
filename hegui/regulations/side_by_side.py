"""Rules and package held against each other, as the checks of several articles use and show it."""

from hegui.audit import Evidence
from hegui.audit import package_evidence as package
from hegui.audit import policy_evidence as shows
from hegui.catalogue.apis import WEAK_PI_TYPES, apis
from hegui.facts import Facts, Unread
from hegui.facts.queries.consistency import Cell, Consistency, Party, consistency
from hegui.regulations.reads import why
from hegui.words import Words

# Shown of each side; the facts hold them all.
_MOST_SHOWN = 3


def held_against(facts: Facts) -> Consistency | None:
    """None where the rules or the package were not read."""
    found = consistency(facts, apis(), WEAK_PI_TYPES)
    return None if isinstance(found, Unread) else found


def party_of(sides: Consistency, cell: Cell) -> Party:
    return next(one for one in sides.parties if one.id == cell.party)


def party_words(party: Party) -> Words:
    """The party as a sentence names it."""
    if party.kind == "app":
        return Words("应用自身", "the app itself")
    if party.kind == "unknown":
        return Words("归属未明的代码", "code of unknown owner")
    return Words(f"SDK“{party.name}”", f'the SDK "{party.name}"')


def why_theirs(party: Party, cell: Cell) -> Words | None:
    """Why the code is put down to the party; None where there is none."""
    if party.by_rules:
        return Words(
            "代码在规则为该 SDK 写明的包名之下；未从其他特征辨认",
            "the code stands under the package name that the rules give for this SDK; no other trait tells",
        )
    return why(cell.sites[0]) if cell.sites else None


def both_sides(facts: Facts, cell: Cell) -> tuple[Evidence, ...]:
    """The sentences of the rules and the places in the code, first the ones, then the others."""
    rules, pkg = facts.policy, facts.pkg
    if isinstance(rules, Unread) or isinstance(pkg, Unread):
        return ()
    claims = (*cell.denied, *cell.stated, *(one for _, one in cell.elsewhere))
    spans = dict.fromkeys(one.span for one in claims if one.span)
    return (
        *(shows.sentence(rules, one) for one in list(spans)[:_MOST_SHOWN]),
        *(package.callsite(pkg, one) for one in cell.sites[:_MOST_SHOWN]),
    )
