"""Article 17, personalisation: what the rules say of it and of turning it off."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts
from hegui.regulations.policy_parts import app_rules


@check("cac-2026:17.1", "app-2021:8.2.2", needs=("policy",), missing=("NO_UI",))
def tells_where_personalisation_is_turned_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Rules that personalise and tell no switch are a risk (R47). Whether the switch is there and works takes screens."""
    rules = app_rules(facts)
    used = rules.personal.get("used") if rules else None
    if rules is None or used is None or used.value == "否":
        return
    switch = rules.personal.get("switch")
    said = [shows.sentence(rules, one.span) for one in (used, switch) if one and one.span] or [shows.whole(rules, "")]
    if switch is None or not switch.value:
        yield found(
            "risk",
            "规则写明会作个性化推送，没有写明关闭入口",
            "the rules say that content is personalised and do not tell where it is turned off",
            *said,
            basis="textual",
            missing=("NO_UI",),
        )
    else:
        yield found(
            None,
            f"规则写明个性化推送的关闭入口：{switch.value}；入口是否存在、是否有效，须看界面与运行轨迹",
            f"the rules tell where personalisation is turned off: {switch.value}; that it is there and works takes screens",
            *said,
            basis="textual",
            missing=("NO_UI",),
        )
