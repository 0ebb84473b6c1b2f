"""Article 19(1), SDKs as the rules state them: what the code of each can read, held against its row."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as package
from hegui.audit import policy_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.policy import Policy
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.consistency import Cell, Consistency, Party
from hegui.facts.queries.policy_text import list_elsewhere
from hegui.regulations.policy_parts import app_rules, types_en, types_zh
from hegui.regulations.side_by_side import both_sides, held_against, party_of, why_theirs

_NEEDS = ("policy", "pkg.callsites", "pkg.permissions", "pkg.min_sdk")
_SETTLES = ("NO_TRACE", "TRACE_NO_STACK", "SDK_VERSION_UNKNOWN", "SDK_UNKNOWN", "NO_POLICY")


@check("cac-2026:19.1.3", needs=(*_NEEDS, "pkg.sdks"), missing=_SETTLES)
def an_sdk_can_read_more_than_its_row_says(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The kinds an SDK's code can read, without those its row in the app's rules names (R55, limb 1). Static: a risk.

    An SDK without a row is held against an empty one, unless the list is in a document that was not given.
    """
    rules, sides = app_rules(facts), held_against(facts)
    if rules is None or sides is None or isinstance(sides.cells, Unread):
        return
    for party in sides.parties:
        cells = [one for one in sides.cells if one.party == party.id]
        if party.kind == "unknown":
            yield from _nobody_known(facts, cells)
        elif party.kind == "sdk" and any(one.sites for one in cells):
            yield from _of_one(facts, rules, sides, party, cells)


def _of_one(facts: Facts, rules: Policy, sides: Consistency, party: Party, cells: list[Cell]) -> Iterator[Finding]:
    unclear = _why_its_row_says_little(rules, sides, party)
    beyond = [one for one in cells if one.state in ("unstated", "contradicted")]
    for cell in beyond:
        kind = pi_type(cell.type)
        yield found(
            None if unclear else "risk",
            f"SDK“{party.name}”的代码可读取{kind.zh}，{len(cell.sites)} 处，"
            + (unclear[0] if unclear else "规则中该 SDK 一栏没有列出" if party.stated else "规则没有列出该 SDK"),
            f'the SDK "{party.name}" has code that can read {kind.en} in {len(cell.sites)} places; '
            + (
                unclear[1]
                if unclear
                else "its row does not name it"
                if party.stated
                else "the rules do not list this SDK"
            ),
            *(shows.sentence(rules, row.span) for row in party.stated[:2] if row.span),
            *both_sides(facts, cell),
            *((package.sdk(facts.pkg, party.found),) if party.found and not isinstance(facts.pkg, Unread) else ()),
            basis="textual",
            actor=party.id,
            why_actor=why_theirs(party, cell),
            missing=("NO_POLICY",) if unclear else ("NO_TRACE", "TRACE_NO_STACK"),
        )
    within = tuple(one.type for one in cells if one.state in ("agrees", "general"))
    if within and not beyond:
        yield found(
            None,
            f"SDK“{party.name}”的代码可读取的种类，规则中该 SDK 一栏均已列出：{types_zh(within)}；实际行为须看运行轨迹",
            f'all kinds that the SDK "{party.name}" has code to read are in its row: {types_en(within)}; what it does '
            "takes a trace",
            *(shows.sentence(rules, row.span) for row in party.stated[:2] if row.span),
            basis="textual",
            actor=party.id,
            missing=("NO_TRACE", "TRACE_NO_STACK", *sides.hidden),
        )


def _why_its_row_says_little(rules: Policy, sides: Consistency, party: Party) -> tuple[str, str] | None:
    """Why a kind that the row does not name may be stated all the same; None where the row is the whole of it."""
    if not party.stated and list_elsewhere(rules, "sdk_list"):
        return (
            "规则所说的 SDK 清单在另一份未提供的文件中",
            "the SDK list that the rules point to was not given",
        )
    if not sides.whole:
        return "规则没有读完", "the rules were not read to the end"
    if party.stated and not any(row.types for row in party.stated):
        if any(row.said_types for row in party.stated):
            return "该 SDK 一栏的个人信息种类用语未能辨认，须人工对照", "the words of its row were not recognised"
        if any(row.form == "prose" for row in party.stated):
            return "规则只在行文中提到该 SDK，没有写种类", "the rules name the SDK in prose only, without kinds"
    return None


def _nobody_known(facts: Facts, cells: list[Cell]) -> Iterator[Finding]:
    seen = [one for one in cells if one.sites]
    if seen:
        kinds = tuple(one.type for one in seen)
        yield found(
            None,
            f"另有归属未明的代码可读取：{types_zh(kinds)}；可能属于未识别的 SDK，不归于任何 SDK",
            f"code of unknown owner can read: {types_en(kinds)}; it may be an SDK nobody recognised and is held against none",
            *(piece for one in seen[:3] for piece in both_sides(facts, one)[-1:]),
            actor="unknown",
            missing=("SDK_UNKNOWN",),
        )


@check("cac-2026:23.1.1", "app-2021:10.2.2", needs=_NEEDS, missing=_SETTLES)
def can_read_more_than_its_own_rules_say(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK given alone with its own rules: the kinds its code can read, without those the rules name (R55, limb 2)."""
    rules, sides = facts.policy, held_against(facts)
    if isinstance(rules, Unread) or isinstance(facts.pkg, Unread) or is_app(facts.pkg):
        return
    if sides is None or isinstance(sides.cells, Unread):
        return
    origin = next((site.origin for one in sides.cells for site in one.sites), facts.pkg.name)
    for cell in sides.cells:
        if cell.state not in ("unstated", "contradicted") or party_of(sides, cell).kind != "app":
            continue
        kind = pi_type(cell.type)
        denied = cell.state == "contradicted"
        yield found(
            "risk" if sides.whole else None,
            f"SDK 的代码可读取{kind.zh}，{len(cell.sites)} 处，其规则{'称不收集' if denied else '没有写明收集'}",
            f"the SDK has code that can read {kind.en} in {len(cell.sites)} places; its own rules "
            + ("deny collecting it" if denied else "do not state it"),
            *both_sides(facts, cell),
            shows.whole(rules, f"未见“{kind.zh}”" if not denied else ""),
            basis="textual",
            actor=origin,
            missing=("NO_TRACE",) if sides.whole else ("NO_POLICY",),
        )
