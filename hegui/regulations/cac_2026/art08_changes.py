"""Articles 8 and 9(3), revising the rules: when the app changes, after whose consultation, and told to whom."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import package_evidence as package
from hegui.audit import policy_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.queries import code
from hegui.facts.queries.changes import NAMED_BY_8_1, Change, names_change, package_changes, policy_changes
from hegui.law.consultation import is_large
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import reads


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
    large = is_large(app.users_registered, app.mau)
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


@check(
    "cac-2026:8.1",
    needs=("previous", "pkg.callsites", "pkg.permissions", "pkg.sdks"),
    missing=("BASELINE_MISSING", "NO_POLICY"),
)
def revises_its_rules_with_the_app(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """What a new version can newly do is named in the rules that come with it (R12). A package shows what code can do, so
    what the rules miss is a risk until a trace shows it done."""
    if isinstance(facts.previous, Unread) or isinstance(facts.previous.pkg, Unread) or isinstance(facts.pkg, Unread):
        return
    new = facts.pkg
    changed = package_changes(facts.previous.pkg, new, reads)
    if isinstance(changed, Unread):
        return
    added = [one for one in changed if one.kind != "removed"]
    hidden = code.hidden_by(new) or code.hidden_by(facts.previous.pkg)
    if not changed and not hidden:
        yield found(
            "not_applicable",
            "与上一版本相比，权限、可读取的个人信息种类和 SDK 均无变化",
            "permissions, types of information that can be read and SDKs are those of the version before",
            package.manifest(new, f"{facts.previous.pkg.version_name} → {new.version_name}"),
        )
    rules = app_rules(facts)
    if rules is None:
        return
    open_ones = [one for one in added if not names_change(rules, one)]
    for one in open_ones:
        zh, en = _told(one)
        yield found(
            "risk",
            f"新版本新增{zh}，规则没有写明",
            f"the new version adds {en}; the rules do not name it",
            *(Evidence("package_static", at, one.new, new.sha256) for at in one.new_at[:3]),
            shows.whole(rules, f"未见{zh}"),
            basis="textual",
            missing=("NO_TRACE", *hidden),
            actor=one.actor if one.dimension == "type" else "app",
        )
    if added and not open_ones and not hidden:
        yield found(
            "compliant",
            f"新版本新增的 {len(added)} 项（{'、'.join(_told(one)[0] for one in added[:5])}）规则均已写明",
            f"the rules name all {len(added)} additions of the new version",
            shows.whole(rules, rules.published_at or rules.effective_at or rules.version or ""),
            basis="textual",
        )


def _told(one: Change) -> tuple[str, str]:
    if one.dimension == "type":
        kind = pi_type(one.subject)
        return (
            (f"读取{kind.zh}", f"reading {kind.en}")
            if one.actor == "app"
            else (
                f"{one.actor} 读取{kind.zh}",
                f"reading {kind.en} by {one.actor}",
            )
        )
    if one.dimension == "permission":
        return f"权限 {one.new}", f"the permission {one.new}"
    version = f"（{one.old} → {one.new}）" if one.old else f"（{one.new}）"
    return f"SDK {one.subject}{version}", f"the SDK {one.subject} ({one.old + ' → ' if one.old else ''}{one.new})"


@check(
    "cac-2026:9.3.1",
    "cac-2026:9.3.2",
    "app-2021:6.3.2",
    needs=("previous.policy", "policy"),
    missing=("NO_UI", "TRACE_NO_CONSENT"),
)
def tells_users_what_changed(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A revision on a dimension of article 8(1) is told and consented to again (R19); in the 2021 draft any change of
    the text. That it was told takes the screens of an upgrade."""
    if isinstance(facts.previous, Unread) or isinstance(facts.previous.policy, Unread):
        return
    rules = app_rules(facts)
    if rules is None:
        return
    old = facts.previous.policy
    changed = policy_changes(old, rules)
    material = [one for one in changed if one.dimension in NAMED_BY_8_1 or asked.duty.regulation == "app-2021"]
    rewritten = re.sub(r"\s", "", old.text) != re.sub(r"\s", "", rules.text)
    if not material and not (rewritten and asked.duty.regulation == "app-2021"):
        yield found(
            "not_applicable",
            "两版规则在目的、方式、种类、期限、权限、频度和 SDK 上没有变化",
            "the two versions of the rules do not differ in purpose, method, type, retention, permission, frequency or SDK",
            shows.whole(rules, rules.version or rules.effective_at or ""),
            basis="textual",
        )
        return
    spans = [one.new_span for one in material if one.new_span]
    yield found(
        None,
        f"规则有 {len(material)} 处实质变化：更新时须以弹窗或推送逐项告知并重新取得同意，须看升级时的界面与记录",
        f"the rules changed in {len(material)} respects: users must be told each and asked again, which takes an upgrade run",
        *(shows.sentence(rules, span) for span in spans[:8]),
        shows.whole(rules, ""),
        basis="textual",
        missing=("NO_UI", "TRACE_NO_CONSENT"),
    )
