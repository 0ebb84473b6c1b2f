"""Article 3, principles: the way of collecting that touches users' rights least."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.permissions import permission
from hegui.facts import Facts, Unread
from hegui.facts.queries import permissions as held
from hegui.facts.queries.scenes import declared_for

# Where the lighter way serves nearly every use, so that asking calls for a reason. For others, such as the camera, the
# lighter way serves some uses only: it is shown, and nothing is held against the app.
_REPLACEABLE = {
    f"android.permission.{name}"
    for name in (
        "MANAGE_EXTERNAL_STORAGE",
        "READ_EXTERNAL_STORAGE",
        "READ_MEDIA_IMAGES",
        "READ_MEDIA_VIDEO",
        "READ_PHONE_STATE",
        "READ_SMS",
        "RECEIVE_SMS",
        "GET_ACCOUNTS",
        "QUERY_ALL_PACKAGES",
    )
}


@check("cac-2026:3.3.1", needs=("pkg.permissions", "pkg.target_sdk", "pkg.min_sdk"))
def asks_no_more_than_a_lighter_way_needs(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission for which the platform offers a way that needs no permission, or a narrower one (R32, limb 4)."""
    if isinstance(facts.pkg, Unread):
        return
    for one in held.asked(facts.pkg):
        known = permission(one.name)
        if known is None or known.lighter is None:
            continue
        way = known.lighter.words
        since = f"（API {known.lighter.since} 起）" if known.lighter.since > 1 else ""
        since_en = f" (from API {known.lighter.since})" if known.lighter.since > 1 else ""
        scenes = declared_for(facts, one)
        if scenes:
            yield found(
                None,
                f"声明称场景“{'、'.join(scenes)}”需要 {held.short(one)}，尚未核实",
                f"declared as needed by the scene {', '.join(scenes)}: {held.short(one)}; not verified",
                shows.permission(facts.pkg, one),
                basis="declared",
                missing=("DECL_UNVERIFIED",),
            )
            continue
        yield found(
            "risk" if one.name in _REPLACEABLE else None,
            f"申请了 {held.short(one)}；有影响更小的方式：{way.zh}{since}。确需时应说明理由",
            f"asks for {held.short(one)}; there is a lighter way: {way.en}{since_en}. If the permission is "
            "needed, say why",
            shows.permission(facts.pkg, one),
            assumptions=("A-15",),
            missing=("SCENE_UNMAPPED",),
        )
