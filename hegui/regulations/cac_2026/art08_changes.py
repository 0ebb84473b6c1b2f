"""Article 8, revising the rules: who must consult the public first."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.facts import Facts, Unread

# Article 8(2): either figure makes an app large.
_REGISTERED = 50_000_000
_MONTHLY = 10_000_000


@check("cac-2026:8.2.1", "cac-2026:8.2.2", needs=("decl",), missing=("USERS_UNKNOWN", "NO_DECL", "NO_RECORD"))
def must_consult(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Large and complex apps consult the public before they revise (R13). Whether they did takes the record."""
    if isinstance(facts.decl, Unread):
        return
    app, by = facts.decl.app, facts.decl
    shown = Evidence(
        "declaration",
        by.at,
        f"users_registered={app.users_registered}, mau={app.mau}, complex={app.complex}; {by.signed_by} {by.signed_on}",
        "",
    )
    large = _large(app.users_registered, app.mau)
    if large is False or app.complex is False:
        yield found(
            "not_applicable",
            "声明的用户规模低于门槛" if large is False else "声明业务类型不复杂",
            "the declared numbers of users are below the thresholds"
            if large is False
            else "the business is declared not to be complex",
            shown,
            basis="declared",
            assumptions=("A-08",),
        )
    elif large and app.complex:
        yield found(
            None,
            "用户规模和业务复杂程度都达到门槛：修订规则须先公开征求意见不少于 7 个工作日，此处须有征求意见的记录",
            "large and complex: a revision must first be put to the public for at least 7 working days; the record is needed",
            shown,
            basis="declared",
            assumptions=("A-01", "A-08"),
            missing=("NO_RECORD",),
        )


def _large(registered: int | None, monthly: int | None) -> bool | None:
    """Whether either figure reaches its threshold; None while one that could is not known."""
    if (registered or 0) >= _REGISTERED or (monthly or 0) >= _MONTHLY:
        return True
    return None if registered is None or monthly is None else False
