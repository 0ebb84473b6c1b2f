"""Article 7(1), true and complete rules: what they deny, and what they leave out, held against what the code can read."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.policy import Policy
from hegui.facts.queries.consistency import Cell, Claim
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.side_by_side import both_sides, held_against, party_of, party_words, why_theirs

_NEEDS = ("policy", "pkg.callsites", "pkg.permissions", "pkg.min_sdk")


@check("cac-2026:7.1.0.2", "app-2021:6.0.1", needs=_NEEDS, missing=("NO_TRACE", "NO_CAPTURE"))
def denies_what_the_code_can_read(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The rules say a kind is not collected, and code of the package can read it (R02, limb 1). That it does takes a trace.

    What an SDK's code reads stands against that SDK, though the sentence is the operator's.
    """
    rules, sides = app_rules(facts), held_against(facts)
    if rules is None or sides is None or isinstance(sides.cells, Unread):
        return
    for cell in sides.cells:
        if cell.state == "contradicted":
            who, kind = party_words(party_of(sides, cell)), pi_type(cell.type)
            yield found(
                "risk",
                f"规则称不收集{kind.zh}，{who.zh}的代码却可读取，{len(cell.sites)} 处",
                f"the rules say that {kind.en} is not collected; {who.en} has code that can read it in {len(cell.sites)} places",
                *both_sides(facts, cell),
                basis="textual",
                actor=cell.party,
                why_actor=why_theirs(party_of(sides, cell), cell),
                missing=("NO_TRACE", *sides.hidden),
            )
        elif cell.two_minded:
            yield _two_minded(rules, cell)


def _two_minded(rules: Policy, cell: Cell) -> Finding:
    """One sentence states what another denies: either may hold in some case only, which a person has to read."""
    kind = pi_type(cell.type)
    claims: tuple[Claim, ...] = (*cell.stated[:2], *cell.denied[:2])
    return found(
        "risk",
        f"规则对{kind.zh}前后不一：一处写收集，一处写不收集",
        f"the rules are of two minds on {kind.en}: one sentence states that it is collected, another that it is not",
        *(shows.sentence(rules, one.span) for one in claims if one.span),
        shows.whole(rules, ""),
        basis="textual",
        missing=("HUMAN_PENDING",),
    )


@check(
    "cac-2026:7.1.0.2",
    "app-2021:6.0.1",
    "cac-2026:3.3.2",
    "cac-2026:13.1.2",
    "app-2021:7.0",
    needs=_NEEDS,
    missing=("NO_TRACE", "SDK_UNKNOWN"),
)
def leaves_out_what_the_code_can_read(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Code of the app, or of unknown owner, can read a kind that the rules never state for it (R02 limb 2, R21 limb 1).

    An SDK's reads are held against its own row (article 19). Words for a family of kinds count for each of them.
    """
    rules, sides = app_rules(facts), held_against(facts)
    if rules is None or sides is None or isinstance(sides.cells, Unread):
        return
    for cell in sides.cells:
        party = party_of(sides, cell)
        if cell.state != "unstated" or party.kind == "sdk":
            continue
        who, kind = party_words(party), pi_type(cell.type)
        if not sides.whole:
            # What was not read of the rules may state it.
            yield found(
                None,
                f"{who.zh}的代码可读取{kind.zh}；规则没有读完，不能说没有写明",
                f"{who.en} has code that can read {kind.en}; the rules were not read to the end, so nothing is said",
                *both_sides(facts, cell),
                basis="textual",
                actor=cell.party,
                missing=("NO_POLICY",),
            )
            continue
        yield found(
            "risk",
            f"{who.zh}的代码可读取{kind.zh}，{len(cell.sites)} 处，规则没有写明收集",
            f"{who.en} has code that can read {kind.en} in {len(cell.sites)} places; the rules do not state it",
            *both_sides(facts, cell),
            shows.whole(rules, f"未见“{kind.zh}”"),
            basis="textual",
            actor=cell.party,
            why_actor=why_theirs(party, cell),
            missing=("NO_TRACE", *(("SDK_UNKNOWN",) if party.kind == "unknown" else ())),
        )
