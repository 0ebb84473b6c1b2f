"""The text by which users are told what changed (article 9(3)): ready to be shown, and nothing in it but the changes."""

from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.pi_types import pi_type
from hegui.compare.versions import Comparison
from hegui.facts import is_read
from hegui.facts.queries.changes import NAMED_BY_8_1, Change

_HEADS = {
    "purpose": "收集使用的目的",
    "method": "收集使用的方式",
    "type": "收集的个人信息种类",
    "retention": "保存期限",
    "permission": "调用的权限",
    "frequency": "调用权限的频度",
    "sdk": "第三方 SDK",
}


def notice(comparison: Comparison, app: str) -> str:
    """The notice in Chinese, one line for each change on a matter of article 8(1); "" when there is none.

    What the operator must still fill in stands in 【】. A change seen in the package alone is put as a question to the operator:
    code that can do something is not yet the operator's word that it does.
    """
    said = [one for one in (comparison.policy if is_read(comparison.policy) else ()) if one.dimension in NAMED_BY_8_1]
    seen = comparison.uncovered if is_read(comparison.uncovered) else ()
    if not said and not seen:
        return ""
    lines = [f"《{app}》个人信息收集使用规则更新提示", "", "我们更新了个人信息收集使用规则，具体变化如下："]
    for dimension, head in _HEADS.items():
        rows = [one for one in said if one.dimension == dimension]
        if rows:
            lines += ["", f"{head}："] + [f"· {_line(one)}" for one in rows]
    if seen:
        lines += ["", "【请运营者确认下列变化是否发生；如发生，写明目的、方式和频度后移入上文】"]
        lines += [f"【· {_line(one)}】" for one in seen]
    lines += [
        "",
        "您可以点击查看更新后的完整规则。同意后，我们才会按更新后的规则收集使用您的个人信息；",
        "如不同意新增事项，不影响您继续使用与其无关的功能。",
        "【生效日期】【规则链接】【运营者名称与联系方式】",
    ]
    return "\n".join(lines) + "\n"


def _line(one: Change) -> str:
    subject = _subject(one)
    whose = "" if one.actor in ("app", "manifest", "unknown") or one.dimension == "sdk" else f"（{one.actor}）"
    if one.kind == "added":
        detail = f"：{one.new}" if one.new and one.dimension in ("purpose", "method", "retention") else ""
        return f"新增{subject}{whose}{detail}"
    if one.kind == "removed":
        return f"不再{'包括' if one.dimension != 'sdk' else '使用'}{subject}{whose}"
    return f"{subject}{whose}：由“{one.old or '未写明'}”改为“{one.new or '未写明'}”"


def _subject(one: Change) -> str:
    if one.dimension == "type":
        return pi_type(one.subject).zh
    if one.dimension in ("permission", "frequency"):
        return f"{GROUPS[one.subject].zh}权限" if one.subject in GROUPS else f"{one.subject} 权限"
    return f"“{one.subject}”" if one.dimension in ("purpose", "method", "retention") else one.subject
