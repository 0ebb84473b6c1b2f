"""Article 15(1), biometric information: the purpose and the necessity that the rules tell."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts
from hegui.regulations.policy_parts import app_rules, types_en, types_zh


@check("cac-2026:15.1.1", needs=("policy",), missing=("HUMAN_PENDING", "NO_UI"))
def tells_why_biometrics_are_needed(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Biometric information stated without a purpose or without its necessity is a risk (R43, limb 1). That the purpose
    suffices, and that there is another way, takes a person and the screens."""
    rules = app_rules(facts)
    stated = [one for one in (rules.types if rules else ()) if one.type.startswith("biometric") and one.actor == "app"]
    if rules is None or not stated:
        return
    kinds = tuple(dict.fromkeys(one.type for one in stated))
    bound = {kind for one in rules.functions if one.purpose for kind in one.types}
    without = [
        kind
        for kind in kinds
        if kind not in bound and not any(one.purpose or one.necessity for one in stated if one.type == kind)
    ]
    said = [shows.sentence(rules, one.span) for one in stated if one.span][:5] or [shows.whole(rules, "")]
    if without:
        yield found(
            "risk",
            f"规则收集{types_zh(tuple(without))}，没有写明特定目的或必要性",
            f"the rules collect {types_en(tuple(without))} without a specific purpose or its necessity",
            *said,
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    else:
        yield found(
            None,
            f"规则写明了收集{types_zh(kinds)}的目的或必要性；是否充分、有无替代方式，须人工判断并看界面",
            f"purpose or necessity of {types_en(kinds)} is told; whether it suffices takes a person and the screens",
            *said,
            basis="textual",
            missing=("HUMAN_PENDING", "NO_UI"),
        )
