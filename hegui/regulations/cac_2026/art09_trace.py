"""Article 9 on recorded runs: what an update takes, and who is given what, after which consent."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import by_domain
from hegui.facts import Facts, is_read
from hegui.facts.queries.consent import Consents
from hegui.facts.queries.pairs import fisher, paired, sign_flip
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.trace import Event, Run
from hegui.facts.traffic import Flow
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    agreed_by_tap,
    got,
    kinds_of,
    run_name,
    runs,
    seconds,
    takings,
    tells_consent,
    timelines,
    times,
    why_actor,
)
from hegui.regulations.trace_rules import sentences, told
from hegui.regulations.traffic_parts import Party, own_scopes, party_of
from hegui.words import Words


@check(
    "cac-2026:9.3.2",
    "app-2021:6.3.2",
    needs=(),
    missing=("TRACE_SHORT", "TRACE_NO_CONSENT", "HUMAN_PENDING"),
)
def takes_more_before_new_consent(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After an upgrade to changed rules (S7), a kind the old version was never seen to take is taken before the user agreed
    anew (R19, limb 3). That the old version did not take it is only as sure as its runs."""
    # Where one of the four is not given, the check on the rules alone (article 8) says what can be said.
    old = facts.previous
    if (
        not is_read(old)
        or not is_read(old.trace)
        or not is_read(old.policy)
        or not is_read(facts.policy)
        or old.policy.text == facts.policy.text
    ):
        return
    before = [_kinds(run) for run in runs(old)]
    for run, line in timelines(facts, "S7"):
        consents = Consents(run)
        for (actor, kind), rows in takings(line).items():
            if any(kind in one for one in before):
                continue
            early = _not_agreed_to(run, line, consents, rows)
            if not early:
                continue
            share = _chance(facts, kind)
            known = consents.tells
            yield found(
                "risk" if known else "undetermined",
                f"{run_name(run).zh}：升级后、重新同意前，{who(actor).zh}读取了旧版各次运行中未见的{pi_type(kind).zh}"
                f"（旧版 {len(before)} 次、新版 {len(runs(facts))} 次运行；若两版无异，这样的结果有 {share:.3f} 的机会）",
                f"{run_name(run).en}: after the upgrade and before a new consent, "
                f"{who(actor).en} took {pi_type(kind).en}, which no "
                f"run of the old version showed ({len(before)} old runs, {len(runs(facts))} new; "
                f"were both alike, the chance is {share:.3f})",
                *shows.events(facts, run, early),
                basis="observed",
                missing=("HUMAN_PENDING",) if known else ("TRACE_NO_CONSENT",),
                actor=actor,
                why_actor=why_actor(early[0]),
            )
    if runs(facts):
        yield found(
            None,
            "其余种类旧版已见，或在重新同意之后才读取",
            "all other kinds were seen in the old version, or taken after the new consent",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_SHORT",),
        )


def _not_agreed_to(run: Run, line: Timeline, consents: Consents, rows: list[int]) -> list[Event]:
    """What was got of these rows before the user agreed, or after refusing."""
    return [
        line.event(at)
        for row in rows
        if got(line.row(row)[0], run.meta)
        for side, start, end, _by in consents.stretches(line.row(row)[0])
        if side in ("before", "refused")
        for at in line.of_row(row)
        if start <= at < end
    ]


@check("cac-2026:9.3.2", "app-2021:6.3.2", needs=(), missing=("TRACE_NO_CONSENT",))
def takes_what_the_rules_added_before_new_consent(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After an upgrade (S7), a kind that the new rules state and the old ones did not is taken before the user agreed anew
    (R19, limb 3). The rules alone tell what was added; no run of the old version is needed."""
    old, rules = facts.previous, app_rules(facts)
    if not is_read(old) or not is_read(old.policy) or rules is None:
        return
    for run, line in timelines(facts, "S7"):
        if run.meta.fresh_install is True:
            continue
        consents = Consents(run)
        for (actor, kind), rows in takings(line).items():
            stated = told(rules, actor, kind)
            early = _not_agreed_to(run, line, consents, rows)
            if not early or not stated.how or told(old.policy, actor, kind).how:
                continue
            many = times(sum(one.what.count for one in early))
            yield found(
                "violation" if consents.tells else "undetermined",
                f"{run_name(run).zh}：升级后、同意新规则之前，{who(actor).zh}取得新规则才写明的{pi_type(kind).zh}，{many.zh}",
                f"{run_name(run).en}: after the upgrade and before the new rules were agreed to, {who(actor).en} takes "
                f"{pi_type(kind).en}, which only the new rules state, {many.en}",
                *shows.events(facts, run, early),
                *sentences(rules, [stated.span]),
                basis="observed",
                missing=() if consents.tells else ("TRACE_NO_CONSENT",),
                actor=actor,
                why_actor=why_actor(early[0]),
            )


def _kinds(run: Run) -> set[str]:
    return {kind for _, kind in takings(timeline(run))}


def _chance(facts: Facts, kind: str) -> float:
    """Were both versions alike: how likely a kind shows in the new runs alone, pair by pair where runs make pairs."""
    old = runs(facts.previous) if is_read(facts.previous) else ()
    pairs = paired(old, runs(facts))
    if pairs:
        return sign_flip([(kind in _kinds(after)) - (kind in _kinds(before)) for before, after in pairs])
    return fisher(0, len(old), sum(kind in _kinds(run) for run in runs(facts)), len(runs(facts)))


# ------------------------------------------------------------------------------------------- given to others


@check(
    "cac-2026:9.2.1",
    "app-2021:6.5.2",
    needs=("trace",),
    missing=("ROLE_UNKNOWN", "TRACE_NO_CONSENT", "TRACE_NOT_FRESH", "NO_DECL", "NO_CAPTURE", "HUMAN_PENDING"),
)
def gives_to_third_parties_in_a_run(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Personal information that a run shows sent to a party with purposes of its own, without the consent it takes (R16).

    The 2026 draft asks for a consent of its own for that party, that of 2021 for any. An entrusted processor is no third party.
    """
    seen = 0
    for run, line in timelines(facts):
        given = _given(facts, line)
        seen += sum(map(len, given.values()))
        for party, several in given.items():
            verdict, why, missing = _consented(asked, run, party, several, len(given))
            if verdict is None:
                continue
            names = [pi_type(kind) for kind in dict.fromkeys(kind for one in several for kind in kinds_of(one.what))]
            hosts = "、".join(dict.fromkeys(one.what.host or "" for one in several))
            yield found(
                verdict,
                f"{run_name(run).zh}：向{party.name}（{hosts}）发送{'、'.join(one.zh for one in names)}：{why.zh}",
                f"{run_name(run).en}: {', '.join(one.en for one in names)} sent to {party.name} ({hosts}): {why.en}",
                *shows.events(facts, run, several),
                *shows.events(facts, run, _agreements(line, ("rules", *own_scopes(party)))),
                basis="observed",
                assumptions=("A-07",),
                missing=missing,
                actor=several[0].origin,
                why_actor=why_actor(several[0]),
            )
    if seen:
        yield found(
            None,
            f"各次运行中发给第三方的 {seen} 次发送里，其余有委托协议或此前的同意；日志看不到的发送须有抓包",
            f"of {seen} sendings to third parties in these runs the others are entrusted by agreement or were agreed to before; "
            "what the logs do not show takes a capture",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("NO_CAPTURE",),
        )


def _given(facts: Facts, line: Timeline) -> dict[Party, list[Event]]:
    """What the app and its SDKs sent to third parties, by party."""
    rows = {row for several in takings(line).values() for row in several if line.row(row)[0].type == "net"}
    found_: dict[Party, list[Event]] = {}
    for one in map(line.event, line.places(rows)):
        host = one.what.host or ""
        owner = by_domain(host)
        party = party_of(facts, Flow(one.t_ms, host, recipient=owner.id if owner else ""))
        if party is not None:
            found_.setdefault(party, []).append(one)
    return found_


def _agreements(line: Timeline, scopes: tuple[str, ...]) -> list[Event]:
    return line.events(
        lambda what: (
            what.type == "consent" and what.act == "agree" and (what.scope or "rules") in (*scopes, "third_party")
        )
    )


def _consented(
    asked: Asked, run: Run, party: Party, several: list[Event], parties: int
) -> tuple[Verdict | None, Words, tuple[str, ...]]:
    """What the sendings to a party may be called; None where nothing is held against them."""
    line = timeline(run)
    if party.role == "entrusted":
        if party.agreement:
            return None, Words("", ""), ()
        return (
            "risk",
            Words("声明为受托方，未写明委托协议", "declared as entrusted; no agreement is named"),
            ("NO_DECL",),
        )
    any_will_do = asked.duty.id == "app-2021:6.5.2"
    agreed = _agreements(line, (*(("rules",) if any_will_do else ()), *own_scopes(party)))
    first, slack = several[0], line.slack(several[0].what)
    before = [one for one in agreed if one.t_ms + slack < first.t_ms]
    if before:
        bundled = parties > 1 and not any_will_do and all(one.what.scope == "third_party" for one in before)
        if not bundled:
            return None, Words("", ""), ()
        why = Words("此前的同意一并针对多个接收方", "the consent before it takes several recipients together")
        return "risk", why, ("HUMAN_PENDING",)
    if any(abs(one.t_ms - first.t_ms) <= slack for one in agreed):
        why = Words("与同意相距在时钟误差之内", "within what the clock is off from the consent")
        return "undetermined", why, ("TRACE_NO_CONSENT",)
    if party.role is None:
        return "risk", Words("对方是受托还是自行决定未声明", "its role was not declared"), ("ROLE_UNKNOWN",)
    if not tells_consent(run, first.t_ms) or agreed_by_tap(run, first.t_ms + slack):
        why = Words("日志看不出是否同意过", "the log does not tell whether it was agreed to")
        return "undetermined", why, ("TRACE_NO_CONSENT",)
    if line.meta.fresh_install is not True:
        why = Words(
            "未见此前的同意，但并非确知为全新安装", "no consent before it, but the install is not known to be fresh"
        )
        return "risk", why, ("TRACE_NOT_FRESH",)
    after = _agreements(line, ("rules",))
    since = f"（同意规则后 {seconds(first.t_ms - after[0].t_ms)} 秒）" if after and after[0].t_ms < first.t_ms else ""
    since_en = since and f" ({seconds(first.t_ms - after[0].t_ms)} s after the rules were agreed to)"
    return (
        "violation",
        Words(f"此前没有针对它的同意{since}", f"no consent for it before{since_en}"),
        (),
    )
