"""Article 15(2), biometric information: kept no longer than necessary, as the rules tell it."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts
from hegui.regulations.policy_parts import absent, app_rules

_FOREVER = re.compile(r"长期|永久|无限期|permanent|indefinite", re.IGNORECASE)


@check("cac-2026:15.2.2", needs=("policy",), missing=("NO_RECORD", "SERVER_SIDE"))
def keeps_biometrics_no_longer_than_needed(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A period or method for biometric information of its own, and not "for ever" (R45)."""
    rules = app_rules(facts)
    if rules is None:
        return
    stated = [one for one in rules.types if one.type.startswith("biometric.")]
    own = [one for one in rules.retention if any(kind.startswith("biometric.") for kind in one.types)]
    forever = [one for one in own if _FOREVER.search(f"{one.period or ''}{one.method or ''}")]
    spans = [one.span for one in (*forever, *own)] + [one.span for one in stated]
    first = [shows.sentence(rules, span) for span in spans if span][:3]
    if forever:
        yield found(
            "violation",
            f"规则写明生物识别信息{forever[0].period or forever[0].method}",
            f"the rules keep biometric information {forever[0].period or forever[0].method}",
            *first,
            shows.whole(rules, ""),
            basis="textual",
        )
    elif stated and not rules.retention:
        yield from absent(
            facts,
            rules,
            "规则收集生物识别信息，没有写明保存期限",
            "the rules collect biometric information and state no retention",
        )
    elif stated and not own:
        yield found(
            "risk",
            "规则只有笼统的保存期限，没有生物识别信息的专门期限",
            "the rules have a general retention period only, none for biometric information",
            *first,
            shows.whole(rules, ""),
            basis="textual",
            missing=("HUMAN_PENDING",),
        )
    elif own:
        yield found(
            None,
            f"规则写明生物识别信息的保存：{own[0].period or own[0].method}；是否按期删除，须有删除记录",
            f"the rules state how long biometric information is kept: {own[0].period or own[0].method}; deletion takes records",
            *first,
            shows.whole(rules, ""),
            basis="textual",
            missing=("NO_RECORD", "SERVER_SIDE"),
        )
