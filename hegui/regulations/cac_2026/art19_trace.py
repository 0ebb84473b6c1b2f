"""Articles 13, 19 and 23 on recorded runs: each party's acts against what the app's rules, or the SDK's own, state of it."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, is_read
from hegui.facts.policy import Policy
from hegui.facts.queries.closed_world import is_app
from hegui.facts.queries.policy_text import fully_read, list_elsewhere
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import read_whole, runs, times, unwatched
from hegui.regulations.trace_rules import Observed, is_sdk, observed, rows_of, sentences, told
from hegui.words import Words

_STACKS = ("TRACE_NO_STACK",)


def _unstated(facts: Facts, rules: Policy, one: Observed, says: Words, *, elsewhere: str = "") -> Finding:
    """The finding that a party took a kind which the rules do not state for it. `elsewhere`: the list it may stand in."""
    sent_to = list_elsewhere(rules, elsewhere) if elsewhere else None
    whole = fully_read(facts) and sent_to is None
    verdict: Verdict = "undetermined" if not whole else "violation" if one.sure else "risk"
    doubt_zh = "（但清单另在他处或规则未能读完）" if not whole else "" if one.sure else "（来源没有记录读取结果）"
    doubt_en = " (but the list is elsewhere, or the rules were not read to the end)" if not whole else ""
    doubt_en = doubt_en or ("" if one.sure else " (the result is not recorded)")
    return found(
        verdict,
        says.zh + doubt_zh,
        says.en + doubt_en,
        *one.evidence(facts),
        *sentences(rules, (sent_to, *(row.span for row in rows_of(rules, one.actor)))),
        said.whole(rules, f"未见“{pi_type(one.kind).zh}”"),
        basis="observed",
        actor=one.actor,
        why_actor=one.why,
        missing=() if whole else ("NO_POLICY",),
    )


@check(
    "cac-2026:19.1.3",
    "app-2021:8.3.4",
    needs=("policy", "trace"),
    missing=("NO_POLICY", "TRACE_NO_STACK", "SDK_UNKNOWN", "TRACE_SHORT", "TRACE_HOOK_GAP"),
)
def an_sdk_takes_beyond_its_row(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK took a kind that its row in the app's rules does not state, or has no row (R55, E1)."""
    rules = app_rules(facts)
    if rules is None:
        return
    seen = observed(facts)
    of_sdks = [one for one in seen if is_sdk(one.actor)]
    beyond = [one for one in of_sdks if not told(rules, one.actor, one.kind).how]
    for one in beyond:
        kind, party = pi_type(one.kind), who(one.actor)
        row_zh, row_en = ("规则中它的一行没有写明", "its row in the rules does not state it")
        if not rows_of(rules, one.actor):
            row_zh, row_en = ("规则没有列出该 SDK", "the rules do not list this SDK")
        says = Words(
            f"运行中{party.zh}读取了{kind.zh}，{times(one.count).zh}；{row_zh}",
            f"{party.en} was seen to take {kind.en} {times(one.count).en}; {row_en}",
        )
        yield _unstated(facts, rules, one, says, elsewhere="sdk_list")
    yield from _nobody_known(facts, seen)
    if of_sdks and not beyond and not any(one.actor == "unknown" for one in seen):
        yield _within(facts, of_sdks)


def _nobody_known(facts: Facts, seen: list[Observed]) -> Iterator[Finding]:
    """Acts that may be an SDK's, and of whom nobody can say."""
    unknown = [one for one in seen if one.actor == "unknown"]
    if not unknown:
        return
    stackless = not any(run.meta.has_stack or run.stacks for run in runs(facts))
    kinds = [pi_type(one.kind) for one in unknown]
    yield found(
        None,
        f"另有归属未明的读取：{'、'.join(one.zh for one in kinds)}；可能出自 SDK",
        f"reads of unknown owner: {', '.join(one.en for one in kinds)}; they may be an SDK's",
        *(each for one in unknown for each in one.evidence(facts)[:1]),
        basis="observed",
        actor="unknown",
        missing=_STACKS if stackless else ("SDK_UNKNOWN",),
    )


def _within(facts: Facts, of_sdks: list[Observed]) -> Finding:
    """All that SDKs took is stated: good news where they were run idle and in use, and what they may take was watched."""
    done = {run.meta.scenario for run in runs(facts)} >= {"S3", "S4"}
    watched = all(not unwatched(run.meta) and read_whole(run.meta) for run in runs(facts))
    names = list(dict.fromkeys(one.actor for one in of_sdks))
    enough = done and watched
    lacking = (*(() if done else ("TRACE_SHORT",)), *(() if watched else ("TRACE_HOOK_GAP",)))
    return found(
        "compliant" if enough else None,
        f"运行中 {len(names)} 个 SDK 读取的种类均在规则的对应行中写明" + ("" if enough else "；但场景或监测范围不全"),
        f"all kinds that {len(names)} SDKs were seen to take stand in their rows of the rules"
        + ("" if enough else "; scenarios or hooks were not complete"),
        *(each for one in of_sdks for each in one.evidence(facts)[:1]),
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        missing=lacking,
    )


@check(
    "cac-2026:23.1.1",
    "app-2021:10.2.2",
    needs=("pkg", "policy", "trace"),
    missing=("NO_POLICY", "TRACE_NO_STACK", "TRACE_SHORT"),
)
def an_sdk_takes_beyond_its_own_rules(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The SDK that was given took a kind that its own rules do not state (R55, E2). In an app, its rules are not at hand."""
    pkg, rules = facts.pkg, facts.policy
    if not is_read(pkg) or not is_read(rules):
        return
    if is_app(pkg):
        of_sdks = [one for one in observed(facts) if is_sdk(one.actor)]
        if of_sdks:
            yield found(
                None,
                "运行中有 SDK 读取个人信息；与其自身规则是否一致，须另给出该 SDK 的规则",
                "SDKs were seen to take personal information; whether their own rules state it takes those rules",
                *(each for one in of_sdks for each in one.evidence(facts)[:1]),
                basis="observed",
                missing=("NO_POLICY",),
            )
        return
    seen = [one for one in observed(facts) if one.actor not in ("app", "system")]
    beyond = [one for one in seen if not told(rules, "unknown", one.kind).how]
    for one in beyond:
        kind = pi_type(one.kind)
        says = Words(
            f"运行中该 SDK 读取了{kind.zh}，{times(one.count).zh}；其规则没有写明",
            f"the SDK was seen to take {kind.en} {times(one.count).en}; its rules do not state it",
        )
        yield _unstated(facts, rules, one, says)
    if seen and not beyond:
        yield found(
            None,
            "运行中该 SDK 读取的种类均在其规则中写明；未做的场景不在此列",
            "all kinds the SDK was seen to take stand in its rules; scenarios that were not run are not covered",
            *(each for one in seen for each in one.evidence(facts)[:1]),
            basis="observed",
            missing=("TRACE_SHORT",),
        )


@check(
    "cac-2026:13.1.2",
    "cac-2026:3.3.2",
    "app-2021:7.0",
    needs=("policy", "trace"),
    missing=("NO_POLICY", "TRACE_SHORT", "TRACE_HOOK_GAP", "SERVER_SIDE", "SCENE_UNMAPPED"),
)
def takes_what_the_rules_leave_out(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The app, or code of unknown owner, took a kind that the rules state nowhere for it (R21, limb 1)."""
    rules = app_rules(facts)
    if rules is None:
        return
    seen = [one for one in observed(facts) if not is_sdk(one.actor)]
    beyond = [one for one in seen if not told(rules, one.actor, one.kind).how]
    for one in beyond:
        kind, party = pi_type(one.kind), who(one.actor)
        says = Words(
            f"运行中{party.zh}读取了{kind.zh}，{times(one.count).zh}；规则没有写明收集",
            f"{party.en} was seen to take {kind.en} {times(one.count).en}; the rules do not state it",
        )
        yield _unstated(facts, rules, one, says)
    if seen and not beyond:
        done = {run.meta.scenario for run in runs(facts)} >= {"S3", "S4"}
        watched = all(not unwatched(run.meta) and read_whole(run.meta) for run in runs(facts))
        # How long it is kept, servers alone know (R21, limb 4): what was run and watched whole still leaves that open.
        kept = () if asked.duty.id == "cac-2026:3.3.2" else ("SERVER_SIDE",)
        lacking = (*(() if done else ("TRACE_SHORT",)), *(() if watched else ("TRACE_HOOK_GAP",)), *kept)
        yield found(
            None,
            f"运行中读取的 {len(seen)} 种信息均在规则中写明；期限与未做的场景不在此列",
            f"all {len(seen)} kinds seen to be taken are stated; the period, and scenarios not run, are not covered",
            *(each for one in seen[:5] for each in one.evidence(facts)[:1]),
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=lacking or ("SCENE_UNMAPPED",),
        )
