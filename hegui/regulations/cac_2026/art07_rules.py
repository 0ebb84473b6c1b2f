"""Article 7, contents of the rules: what the package alone says about them."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app


@check("cac-2026:7.1.2.2", needs=("pkg.permissions", "pkg.min_sdk"))
def permissions_the_rules_must_name(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The permissions the rules must name with their frequency are those of the manifest; with none, none (R05)."""
    if isinstance(facts.pkg, Unread) or not is_app(facts.pkg):
        return
    needed = held.dangerous(facts.pkg)
    if not needed:
        yield found(
            "not_applicable",
            "清单未申请任何需要用户授权的权限，规则中无权限可列",
            "the manifest asks for no permission a user grants, so the rules have none to list",
            shows.manifest(facts.pkg, "no dangerous uses-permission"),
        )
        return
    names = "、".join(held.short(one) for one in needed)
    yield found(
        None,
        f"规则应逐项写明下列 {len(needed)} 项权限及调用频度：{names}",
        f"the rules must name these {len(needed)} permissions with their frequency: {names.replace('、', ', ')}",
        *shows.permissions(facts.pkg, needed),
    )
