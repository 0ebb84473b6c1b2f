"""Article 14(2) on recorded runs: the right to locate in the background, asked for or granted with no declared need."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts, is_read
from hegui.regulations.trace_parts import needs, requests, run_name, scenes, timelines, why_actor


@check("cac-2026:14.2.3", "app-2021:7.3.2", needs=("trace",), missing=("NO_DECL", "HUMAN_PENDING"))
def asks_for_background_location(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Background location asked for, or granted, in a run with no declared need of it (R36)."""
    declared = is_read(facts.decl)
    need = facts.decl.app.background_location_need if is_read(facts.decl) else None
    need = need or next(
        (one.name for one in scenes(facts) if one.continues_bg and (one.loc_mode or needs(one, "location"))), None
    )
    for run, line in timelines(facts):
        granted = line.events(lambda what: what.type == "perm_res" and what.result == "granted" and _behind(what.perm))
        asked_for = [one for one in requests(line) if any(map(_behind, one.what.perms))]
        for req in asked_for or granted:
            verdict: Verdict = "violation" if declared and not need else "risk"
            zh = f"声明的需要“{need}”待人工确认" if need else "声明中没有后台定位的需要" if declared else "没有给出声明"
            en = (
                f"the declared need “{need}” awaits review"
                if need
                else "no need is declared"
                if declared
                else "nothing is declared"
            )
            yield found(
                verdict,
                f"{run_name(run).zh}：{'申请' if asked_for else '取得'}了后台定位权限；{zh}",
                f"{run_name(run).en}: background location was {'asked for' if asked_for else 'obtained'}; {en}",
                shows.event(facts, run, req),
                basis="observed",
                missing=("HUMAN_PENDING",) if need else () if declared else ("NO_DECL",),
                actor=req.origin,
                why_actor=why_actor(req),
            )


def _behind(perm: str | None) -> bool:
    """Whether a permission is that for the background, on any of the three platforms."""
    return any(part in (perm or "") for part in ("ACCESS_BACKGROUND_LOCATION", "LOCATION_IN_BACKGROUND", "Always"))
