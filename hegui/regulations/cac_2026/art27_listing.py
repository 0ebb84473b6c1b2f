"""Article 27, listing page: the permission list a page must show is that of the package."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.queries import permissions as held


@check("cac-2026:27.1.3", "app-2021:9.2.1", "app-2021:11.6", needs=("pkg.permissions", "pkg.min_sdk"))
def permissions_a_page_must_show(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The list to hold a listing page or installer screen against (R65, R69)."""
    if isinstance(facts.pkg, Unread):
        return
    needed = held.dangerous(facts.pkg)
    names = "、".join(held.short(one) for one in needed) or "无"
    yield found(
        None,
        f"页面应列出的权限（{len(needed)} 项）：{names}",
        f"permissions a page must list ({len(needed)}): {', '.join(held.short(one) for one in needed) or 'none'}",
        *(shows.permissions(facts.pkg, needed) or (shows.manifest(facts.pkg, "no dangerous uses-permission"),)),
    )
