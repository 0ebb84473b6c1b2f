"""Article 7 on recorded runs: what the rules deny or leave out, held against what was seen to be taken and asked for."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import trace_evidence as shows
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.queries.policy_text import fully_read, list_elsewhere
from hegui.facts.trace import Event, Run
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import asked_groups, group_of, requests, run_name, timelines, times, why_actor
from hegui.regulations.trace_rules import denied, is_sdk, observed, rows_of, sentences, told
from hegui.words import Words


@check(
    "cac-2026:7.1.0.2",
    "app-2021:6.0.1",
    "cac-2026:3.1.2",
    "app-2021:5.1.1",
    needs=("policy", "trace"),
    missing=("HUMAN_PENDING",),
)
def takes_what_the_rules_deny(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The rules say a kind is not collected, and a run shows it taken (R02, limb 1).

    What an SDK took stands against that SDK, though the sentence is the operator's; rules that elsewhere state it are of
    two minds, which a person has to read.
    """
    rules = app_rules(facts)
    if rules is None:
        return
    for one in observed(facts):
        no, yes = denied(rules, one.kind), told(rules, one.actor, one.kind)
        if not no.how or (yes.how and is_sdk(one.actor)):
            continue
        kind, many = pi_type(one.kind), times(one.count)
        doubt_zh = "；但规则另一处写明收集" if yes.how else "" if one.sure else "；来源没有记录读取结果"
        doubt_en = "; elsewhere they state it" if yes.how else "" if one.sure else "; the result is not recorded"
        yield found(
            "violation" if one.sure and not yes.how else "risk",
            f"规则称不收集{kind.zh}，运行中{who(one.actor).zh}却读取，{many.zh}{doubt_zh}",
            f"the rules say that {kind.en} is not collected; {who(one.actor).en} was seen to take it {many.en}{doubt_en}",
            *sentences(rules, (no.span, yes.span)),
            *one.evidence(facts),
            basis="observed",
            actor=one.actor,
            why_actor=one.why,
            missing=("HUMAN_PENDING",) if yes.how else (),
        )


@check("cac-2026:7.1.2.2", needs=("policy", "trace"), missing=("NO_POLICY",))
def asks_for_what_the_rules_leave_out(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission asked for in a run that the rules name nowhere (R05: some of R is not in P)."""
    rules = app_rules(facts)
    if rules is None:
        return
    named = (*rules.permissions, *(one for function in rules.functions for one in function.perms))
    stated = {one.group or group_of(one.name) or one.name for one in named}
    first: dict[str, tuple[Run, Event]] = {}
    for run, line in timelines(facts):
        for req in requests(line):
            for group in asked_groups(req.what):
                if group in GROUPS and group not in stated:
                    first.setdefault(group, (run, req))
    whole = fully_read(facts)
    for group, (run, req) in first.items():
        name = GROUPS.get(group, Words(group, group))
        yield found(
            "violation" if whole else "undetermined",
            f"{run_name(run).zh}：申请了{name.zh}权限，规则没有写明" + ("" if whole else "（但规则文本未能读完）"),
            f"{run_name(run).en}: {name.en} was asked for, which the rules do not name"
            + ("" if whole else " (but they could not be read to the end)"),
            shows.event(facts, run, req),
            said.whole(rules, f"未见“{name.zh}”"),
            basis="observed",
            actor=req.origin,
            why_actor=why_actor(req),
            missing=() if whole else ("NO_POLICY",),
        )


@check("cac-2026:7.1.3.1", "app-2021:8.3.2", needs=("policy", "trace"), missing=("NO_POLICY",))
def an_active_sdk_is_not_listed(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK that took personal information in a run and has no row in the rules (R07: active and absent)."""
    rules = app_rules(facts)
    if rules is None:
        return
    elsewhere = list_elsewhere(rules, "sdk_list")
    whole = fully_read(facts) and elsewhere is None
    seen = [one for one in observed(facts) if is_sdk(one.actor)]
    for actor in dict.fromkeys(one.actor for one in seen):
        if rows_of(rules, actor):
            continue
        of_it = [one for one in seen if one.actor == actor]
        sure = any(one.sure for one in of_it)
        kinds = [pi_type(one.kind) for one in of_it]
        yield found(
            ("violation" if sure else "risk") if whole else "undetermined",
            f"运行中{who(actor).zh}读取了{'、'.join(one.zh for one in kinds)}，规则的 SDK 清单中没有它"
            + ("" if whole else "（但清单另在他处或未能读完）"),
            f"{who(actor).en} was seen to take {', '.join(one.en for one in kinds)}; the rules do not list it"
            + ("" if whole else " (but the list is elsewhere, or could not be read to the end)"),
            *(each for one in of_it for each in one.evidence(facts)[:1]),
            *sentences(rules, (elsewhere,)),
            said.whole(rules, f"未见 {actor}"),
            basis="observed",
            actor=actor,
            why_actor=of_it[0].why,
            missing=() if whole else ("NO_POLICY",),
        )
