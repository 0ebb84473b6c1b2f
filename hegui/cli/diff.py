"""`hegui diff` and `hegui policy diff`: what changed, which duties that triggers, and the notice to users."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import SHANGHAI, AsOf, Declares, Lang, LangOption, OldPolicies, with_declarations, with_policies
from hegui.words import Language, Words

if TYPE_CHECKING:
    from hegui.compare import Comparison
    from hegui.facts import Facts
    from hegui.facts.queries.changes import Change

_OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="另存 diff.json 与告知文本 notice.txt / also write these here"),
]


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="旧版安装包 / the package before", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="新版安装包 / the package after", show_default=False)],
    old_policy: OldPolicies = None,
    new_policy: Annotated[
        list[Path] | None,
        typer.Option("--new-policy", "--policy", metavar="F", help="新版规则 / the rules after"),
    ] = None,
    declare: Declares = None,
    as_of: AsOf = None,
    out: _OutFile = None,
    lang: LangOption = Lang.zh,
) -> int:
    """比较两个版本：变了什么、因此要做什么、规则还缺什么 / What changed, what must be done, what the rules miss."""
    from hegui.readers.package import read_package

    before = with_policies(read_package(old), old_policy or [])
    after = with_declarations(with_policies(read_package(new), new_policy or []), declare or [])
    return _told(before, after, as_of, out, lang)


def policy_diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="旧版规则 / the rules before", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="新版规则 / the rules after", show_default=False)],
    declare: Declares = None,
    as_of: AsOf = None,
    out: _OutFile = None,
    lang: LangOption = Lang.zh,
) -> int:
    """按目的、方式、种类、期限、权限、频度、SDK 比较两版规则 / Compare two versions of the rules by dimension."""
    from hegui.cli.policy import read_rules

    after = with_declarations(read_rules([new]), declare or [])
    return _told(read_rules([old]), after, as_of, out, lang)


def _told(old: "Facts", new: "Facts", as_of: datetime | None, out: Path | None, lang: Lang) -> int:
    from hegui.cli.summary import cut_short
    from hegui.compare import compare, notice
    from hegui.law.layer import law_in_force
    from hegui.regulations.reads import reads

    day = as_of.date() if as_of else datetime.now(SHANGHAI).date()
    comparison = compare(old, new, reads, law_in_force().calendar, day)
    typer.echo(as_text(comparison, new, lang.value))
    text = notice(comparison, _name(new))
    if text and out is None:
        typer.echo(f"\n{Words('告知用户的文本：', 'The notice to users:').in_(lang.value)}\n\n{text}", nl=False)
    if out is not None:
        _write(out, comparison, text)
    return 3 if cut_short((*old.stages, *new.stages)) else 0


def _write(out: Path, comparison: "Comparison", text: str) -> None:
    import json

    from hegui.cli.facts import write
    from hegui.compare import Comparison
    from hegui.facts.json import adapter

    plain = adapter(Comparison).dump_python(comparison, mode="json")
    write(out / "diff.json", json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    write(out / "notice.txt", text)
    typer.echo(f"{out / 'diff.json'}\n{out / 'notice.txt'}")


def _name(facts: "Facts") -> str:
    from hegui.facts import is_read

    if is_read(facts.pkg):
        label = facts.pkg.label
        return (label if is_read(label) else None) or facts.pkg.name
    return facts.policy.app_names[0].value if is_read(facts.policy) and facts.policy.app_names else "【应用名称】"


_DIMENSIONS = {
    "purpose": Words("目的", "purpose"),
    "method": Words("方式", "method"),
    "type": Words("种类", "type"),
    "retention": Words("保存期限", "retention"),
    "permission": Words("权限", "permission"),
    "frequency": Words("频度", "frequency"),
    "sdk": Words("SDK", "SDK"),
    "sharing": Words("接收方", "recipient"),
    "rights": Words("权利与投诉", "rights and complaints"),
    "operator": Words("运营者", "operator"),
}
_KINDS = {"added": Words("新增", "added"), "removed": Words("删除", "removed"), "changed": Words("改变", "changed")}


def as_text(comparison: "Comparison", new: "Facts", language: Language) -> str:
    """The comparison for a terminal: changes of the rules, of the package, what the rules miss, what must be done."""
    from hegui.facts import Unread

    def part(title: Words, some: "tuple[Change, ...] | Unread") -> list[str]:
        if isinstance(some, Unread):
            unread = Words("未比较", "not compared").in_(language)
            return [f"{title.in_(language)}：{unread}（{some.unread}{' ' + some.detail if some.detail else ''}）"]
        none = [f"  {Words('无', 'none').in_(language)}"] if not some else []
        return [f"{title.in_(language)}（{len(some)}）", *none, *(f"  {_line(one, new, language)}" for one in some)]

    lines = [
        *part(Words("规则的变化", "Changes of the rules"), comparison.policy),
        *part(Words("安装包的变化", "Changes of the package"), comparison.package),
        *part(Words("新版规则未写明的变化", "Changes the new rules do not name"), comparison.uncovered),
        f"{Words('因此要做的事', 'What this calls for').in_(language)}（{len(comparison.duties)}）",
    ]
    for one in comparison.duties:
        open_point = "" if one.certain else Words("（须核实）", " (to be verified)").in_(language)
        lines.append(f"  {one.duty}  {one.todo.in_(language)}{open_point} — {one.why.in_(language)}")
    if consult := comparison.consultation:
        if consult.closes is None:
            lines.append(
                Words(
                    f"  {consult.why} 年的工作日历未载入，不能推算征求意见的最早截止日（CAL_UNKNOWN）",
                    f"  no calendar for {consult.why}: the earliest closing day cannot be told (CAL_UNKNOWN)",
                ).in_(language)
            )
        else:
            counted = " ".join(day.isoformat()[5:] for day in consult.counted)
            lines.append(
                Words(
                    f"  如于 {consult.opens} 公开征求意见，最早于 {consult.closes} 24:00 截止（所计工作日 {counted}）",
                    f"  a consultation opened on {consult.opens} ends at the earliest at 24:00 on {consult.closes} ({counted})",
                ).in_(language)
            )
    return "\n".join(lines)


def _line(one: "Change", new: "Facts", language: Language) -> str:
    from hegui.catalogue.pi_types import pi_type
    from hegui.facts import is_read
    from hegui.facts.queries.policy_places import place

    subject = pi_type(one.subject).in_(language) if one.dimension == "type" else one.subject
    whose = f" [{one.actor}]" if one.actor != "app" and one.actor != one.subject else ""
    values = " → ".join(f"“{words}”" for words in (one.old, one.new) if words and words != one.subject)
    where = one.new_at[0] if one.new_at else ""
    if one.new_span and is_read(new.policy):
        where = place(new.policy, one.new_span)
    head = f"[{_DIMENSIONS[one.dimension].in_(language)}] {_KINDS[one.kind].in_(language)} {subject}{whose}"
    return " ".join(part for part in (head, values, f"({where})" if where else "") if part)
