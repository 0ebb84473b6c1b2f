"""Articles 26 and 29, what keeps an app from being listed or preinstalled: the conditions its rules can show."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as shows
from hegui.facts import Facts, is_read
from hegui.regulations.policy_parts import app_rules


@check("cac-2026:26.1.6", "cac-2026:29.1.3", needs=("policy",), missing=("NO_UI",))
def rules_cancelling_and_deleting(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The conditions of the gate as far as the rules tell them (R64): there are rules, a way to cancel where there are
    accounts, and a way to delete. What was decided on them takes the platform's record, and the ways take screens."""
    rules = app_rules(facts)
    if rules is None:
        return
    account = facts.decl.app.has_account if is_read(facts.decl) else None
    wanted = {"delete": ("删除途径", "a way to delete")}
    if account is not False:
        wanted["cancel"] = ("注销功能", "a way to cancel the account")
    told = {key: rules.rights[key] for key in wanted if key in rules.rights}
    gone = [key for key in wanted if key not in told]
    said = [shows.sentence(rules, one.span) for one in told.values() if one.span]
    if gone:
        zh, en = "、".join(wanted[key][0] for key in gone), " and ".join(wanted[key][1] for key in gone)
        yield found(
            "risk",
            f"规则没有写明{zh}：若应用中也没有，不得上架或预置",
            f"the rules tell of no {en}: without it in the app, it must not be listed or preinstalled",
            *said,
            shows.whole(rules, f"全文 {len(rules.text)} 字"),
            basis="textual",
            missing=("NO_UI",),
            assumptions=("A-11",),
        )
    else:
        yield found(
            None,
            "有规则，且写明了"
            + "和".join(zh for zh, _ in wanted.values())
            + "；应用中是否具备须看界面，平台的审核决定须有记录",
            "there are rules, and they tell of "
            + " and ".join(en for _, en in wanted.values())
            + "; that the app has them takes screens, and the platform's decision its record",
            *said,
            shows.whole(rules, f"全文 {len(rules.text)} 字"),
            basis="textual",
            missing=("NO_UI",),
            assumptions=("A-11",),
        )
