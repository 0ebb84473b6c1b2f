"""Article 3, principles: the way of collecting that touches users' rights least."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.permissions import permission
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.package import CallSite
from hegui.facts.queries import permissions as held
from hegui.facts.queries.scenes import declared_for, declared_reading
from hegui.regulations.reads import can_read, reads
from hegui.words import Words

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


# What of a kind of information serves nearly every use as well. Identifiers that a reset does not change follow the person.
_RESETTABLE = Words("可改用可重置的广告标识或应用自行生成的标识", "an advertising id or one the app makes can be reset")
_LIGHTER = {
    **dict.fromkeys(("device_id.imei", "device_id.imsi", "device_id.meid", "device_id.serial"), _RESETTABLE),
    **dict.fromkeys(("device_id.mac", "device_id.bt_mac"), _RESETTABLE),
    "contacts": Words("可由用户用系统联系人选择器逐个选择", "the system's contact picker lets the user choose each"),
    "app_list": Words("可在清单 queries 中写明要查询的应用", "the manifest can name the apps it queries"),
    "photo": Words("可用系统照片选择器或系统相机", "the system's photo picker or camera will do"),
    "video": Words("可用系统照片选择器或系统相机", "the system's photo picker or camera will do"),
    "file": Words("可用系统文件选择器", "the system's file picker will do"),
    "clipboard": Words("可等用户主动粘贴", "the app can wait for the user to paste"),
    "sms": Words("验证码可由用户输入或用短信检索接口", "the user can type a code, or the retriever interface gives it"),
}

# Of these a whole list is read where the picking of one thing would do: the amount of article 7(1) of 2021 (R30).
_WHOLE_LISTS = ("contacts", "app_list", "photo", "video", "file")


@check("cac-2026:3.3.1", "app-2021:7.1", needs=("pkg.callsites",))
def reads_where_a_lighter_way_serves(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Code that takes the heavier way to a kind of information for which a lighter one is known (R32, limb 4; R30)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    kinds = _WHOLE_LISTS if asked.duty.id == "app-2021:7.1" else tuple(_LIGHTER)
    heavier = [one for one in reads(pkg) if one.pi_type in kinds and not _something_else(one)]
    undeclared = [one for one in heavier if not declared_reading(facts, one)]
    yield from can_read(
        pkg,
        asked,
        undeclared,
        _says_lighter,
        missing=("NO_TRACE", "SCENE_UNMAPPED"),
        assumptions=("A-15",),
        also=_may_be_a_paste,
    )


def _says_lighter(who: Words, kind: str, places: int) -> Words:
    what, way = pi_type(kind), _LIGHTER[kind]
    return Words(
        f"{who.zh}的代码可读取{what.zh}，{places} 处；{way.zh}，确需时应说明理由",
        f"{who.en} has code that can read {what.en} in {places} places; {way.en}. If it is needed, say why",
    )


def _something_else(site: CallSite) -> bool:
    """Of the same kind, but not what the lighter way replaces: the pictures of camera, screen and wallpaper are not picked,
    and the addresses of other devices nearby do not identify this one."""
    return site.api.startswith(("camera.", "screen.", "bluetooth.")) or site.api == "media.wallpaper"


def _may_be_a_paste(site: CallSite) -> Words | None:
    if site.pi_type == "clipboard" and site.origin == "app" and site.reach[0] == "component":
        return Words("可能由用户点击粘贴触发", "the user's own paste may set it off")
    return None
