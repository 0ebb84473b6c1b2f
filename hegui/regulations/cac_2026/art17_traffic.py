"""Article 17(2) and 24(2) on traffic: what is still asked for with personalisation off."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import traffic_evidence as shows
from hegui.catalogue.behaviours.causes import is_on
from hegui.facts import Facts, is_read
from hegui.facts.queries.pairs import sides
from hegui.facts.traffic import Flow
from hegui.regulations.traffic_parts import WHY_ACTOR

_MOST_SHOWN = 4


@check("cac-2026:17.2", "cac-2026:24.2.2", needs=("net", "trace"), missing=("SERVER_SIDE", "CAPTURE_ENCRYPTED"))
def still_asks_for_personalised_content(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A request that says personalised=true in a run with personalisation off (R48, limb 1).

    For an SDK, only requests to the servers of a known one are its matter. What servers do without being asked, no capture
    shows.
    """
    net = facts.net
    if not is_read(net) or not is_read(facts.trace):
        return
    sdks_alone = asked.duty.obligor == "sdk_operator"
    _, off = sides(facts.trace.runs)
    ids = {run.meta.run_id for run in off}
    sources = {one.source for one in net.captures if one.run_id in ids}
    flows = [one for one in net.flows if _source(one) in sources and (one.recipient or not sdks_alone)]
    still = [one for one in flows if any(_says_yes(field) for field in one.personalised)]
    if still:
        yield found(
            "violation",
            f"关闭个性化后，{len(still)} 个请求仍要求个性化：{still[0].host} {'、'.join(still[0].personalised)}",
            f"with personalisation off, {len(still)} requests still ask for it: {still[0].host} "
            f"{', '.join(still[0].personalised)}",
            *(shows.flow(facts, one, ", ".join(one.personalised)) for one in still[:_MOST_SHOWN]),
            basis="observed",
            actor=still[0].origin,
            why_actor=WHY_ACTOR,
        )
    elif flows:
        encrypted = any(not isinstance(one.hits, tuple) for one in flows)
        yield found(
            None,
            "关闭个性化后的请求里没有要求个性化的字段；服务器端如何使用，抓包看不到",
            "no request asks for personalisation with it off; what the servers do no capture shows",
            shows.coverage(facts, net),
            basis="observed",
            missing=("SERVER_SIDE", *(("CAPTURE_ENCRYPTED",) if encrypted else ())),
        )


def _source(flow: Flow) -> str:
    return flow.place.partition("#")[0]


def _says_yes(field: str) -> bool:
    return is_on(field.rpartition("=")[2]) is True
