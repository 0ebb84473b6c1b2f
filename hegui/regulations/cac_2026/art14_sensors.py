"""Article 14: camera and microphone, location, and the system picker in place of storage permissions."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.package import CallSite, Permission
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import open_doors
from hegui.facts.queries.scenes import declared_for
from hegui.regulations.reads import can_read, reads, sites_of
from hegui.words import Words

_CLOSED = ("pkg.permissions", "pkg.min_sdk", "pkg.components", "pkg.shared_user_id")

# From this level on background location is a permission of its own; below it comes with the foreground one.
# Source: developer.android.com, "Access location in the background".
OWN_BACKGROUND_PERMISSION = 29


@check("cac-2026:14.1.1", "cac-2026:14.1.2", needs=_CLOSED)
def cannot_open_camera_or_microphone(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without CAMERA and RECORD_AUDIO the app cannot open either by itself (R33, limb 4)."""
    if isinstance(facts.pkg, Unread):
        return
    asking = held.named(held.effective(facts.pkg), *held.CAMERA_AND_MICROPHONE)
    doors = open_doors(facts.pkg)
    if asking:
        names = "、".join(held.short(one) for one in asking)
        yield found(
            None,
            f"申请了 {names}；是否仅在用户主动操作时使用，须看运行轨迹",
            f"asks for {names.replace('、', ', ')}; whether it is used only on the user's act takes a runtime trace",
            *shows.permissions(facts.pkg, asking),
        )
    elif doors:
        yield found(
            None,
            f"清单未申请相机和麦克风权限，但不能据此认定无法调用：{'；'.join(doors)}",
            f"the manifest asks for neither camera nor microphone, but that does not settle it: {'; '.join(doors)}",
            shows.manifest(facts.pkg, "; ".join(doors)),
            missing=("NO_PACKAGE",),
        )
    else:
        yield found(
            "compliant",
            "合并清单未申请相机和麦克风权限，应用自身无法打开相机或麦克风",
            "the merged manifest asks for neither camera nor microphone; the app itself cannot open them",
            shows.manifest(facts.pkg, "no CAMERA, no RECORD_AUDIO"),
        )


@check("cac-2026:14.2.1", "cac-2026:14.2.2", "cac-2026:14.2.3", needs=_CLOSED)
def takes_no_location(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without a location permission there is no location to take, in front or in the background (R34–R36)."""
    if isinstance(facts.pkg, Unread):
        return
    if held.in_groups(held.effective(facts.pkg), "location"):
        return
    doors = open_doors(facts.pkg)
    if doors:
        yield found(
            None,
            f"清单未申请位置权限，但不能据此认定无法定位：{'；'.join(doors)}",
            f"the manifest asks for no location permission, but that does not settle it: {'; '.join(doors)}",
            shows.manifest(facts.pkg, "; ".join(doors)),
            missing=("NO_PACKAGE",),
        )
        return
    yield found(
        "not_applicable",
        "合并清单未申请位置权限，应用无法取得系统定位",
        "the merged manifest asks for no location permission; the app cannot take a system location",
        shows.manifest(facts.pkg, "no ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION, ACCESS_BACKGROUND_LOCATION"),
    )


@check("cac-2026:14.2.3", "app-2021:7.3.2", needs=("pkg.target_sdk", *_CLOSED))
def asks_for_background_location(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Background location asked for, or coming with the foreground permission at an old target level (R36)."""
    if isinstance(facts.pkg, Unread) or isinstance(facts.pkg.target_sdk, Unread):
        return
    if isinstance(facts.pkg.components, Unread):
        return
    background = held.named(held.asked(facts.pkg), held.BACKGROUND_LOCATION)
    foreground = held.named(held.asked(facts.pkg), *held.LOCATION)
    services = [one for one in facts.pkg.components if one.kind == "service" and one.enabled]
    need = facts.decl.app.background_location_need if not isinstance(facts.decl, Unread) else None
    said = f"；声明的理由“{need}”尚待人工确认" if need else "，未见声明的后台定位需要"
    said_en = f"; the declared need {need!r} awaits review" if need else ", and no need for it is declared"
    settle = ("HUMAN_PENDING",) if need else ("NO_DECL",)
    if background:
        yield found(
            "risk",
            f"申请了后台定位权限 ACCESS_BACKGROUND_LOCATION{said}",
            f"asks for ACCESS_BACKGROUND_LOCATION{said_en}",
            *shows.permissions(facts.pkg, background),
            missing=settle,
        )
    elif foreground and facts.pkg.target_sdk < OWN_BACKGROUND_PERMISSION and services:
        yield found(
            "risk",
            f"目标级别 {facts.pkg.target_sdk} 低于 29 且含后台服务：取得前台定位授权即可能同时取得后台定位{said}",
            f"target level {facts.pkg.target_sdk} is below 29 and there are services: a foreground grant may bring "
            f"background location with it{said_en}",
            *shows.permissions(facts.pkg, foreground),
            shows.manifest(facts.pkg, f"targetSdkVersion={facts.pkg.target_sdk}; {len(services)} services"),
            missing=settle,
        )
    elif (
        foreground
        and asked.duty.id == "cac-2026:14.2.3"
        and facts.pkg.target_sdk >= OWN_BACKGROUND_PERMISSION
        and not open_doors(facts.pkg)
    ):
        yield found(
            "compliant",
            "只申请前台定位，合并清单未申请后台定位权限，系统不会授予",
            "asks for foreground location only; background location is not in the merged manifest and cannot be granted",
            shows.manifest(facts.pkg, "no ACCESS_BACKGROUND_LOCATION"),
        )


@check("cac-2026:14.3.1", needs=_CLOSED)
def asks_for_storage_where_the_picker_serves(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Permission to read files, albums, contacts or SMS, where uploads can go through the system's picker (R37)."""
    if isinstance(facts.pkg, Unread):
        return
    able = tuple(one for one in held.named(held.effective(facts.pkg), *held.READS_FOR_UPLOAD) if not _only_writes(one))
    asking = tuple(one for one in able if one.origin != "implied")
    if not able and not open_doors(facts.pkg):
        yield found(
            "compliant",
            "合并清单未申请读取相册、文件、通讯录或短信的权限，上传只能经系统选择器进行",
            "the merged manifest asks for no permission to read albums, files, contacts or SMS; uploads can only use "
            "the system picker",
            shows.manifest(facts.pkg, "no READ_EXTERNAL_STORAGE, READ_MEDIA_*, READ_CONTACTS, READ_SMS …"),
            assumptions=("A-17",),
        )
    claimed = tuple((one, scenes) for one in asking if (scenes := declared_for(facts, one)))
    for one, scenes in claimed:
        yield found(
            "risk",
            f"申请了 {held.short(one)}；声明的场景“{'、'.join(scenes)}”尚待人工确认",
            f"asks for {held.short(one)}; the declared scene {', '.join(scenes)} awaits review",
            shows.permission(facts.pkg, one),
            assumptions=("A-17",),
            missing=("HUMAN_PENDING",),
        )
    rest = tuple(one for one in asking if one not in {one for one, _ in claimed})
    if rest:
        names = [held.short(one) for one in rest]
        yield found(
            "risk",
            f"申请了 {'、'.join(names)}；若用于上传或发送，可改用系统选择器，无须这些权限",
            f"asks for {', '.join(names)}; where they serve uploading or sending, the system picker does without them",
            *shows.permissions(facts.pkg, rest),
            assumptions=("A-17",),
            missing=("NO_TRACE", "SCENE_UNMAPPED"),
        )


def _only_writes(one: Permission) -> bool:
    """Saving to shared storage needs the permission up to Android 9, and nothing else serves there (R37, guards)."""
    return one.name.endswith(".WRITE_EXTERNAL_STORAGE") and one.max_sdk is not None and one.max_sdk <= 29


@check("cac-2026:14.3.2", "app-2021:7.2", needs=_CLOSED)
def cannot_touch_shared_files(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without storage permission, and without permission to write a provider, nothing unselected is touched (R38)."""
    if isinstance(facts.pkg, Unread):
        return
    groups: tuple[str, ...] = ("storage", "contacts", "calendar", "call_log", "sms")
    if asked.duty.id == "cac-2026:14.3.2":
        groups = ("storage",)
    touching = held.in_groups(held.effective(facts.pkg), *groups)
    if not touching and not open_doors(facts.pkg):
        yield found(
            "not_applicable",
            "合并清单未申请存储及本地资料类权限，应用只能访问自有目录和用户选中的文件",
            "the merged manifest asks for no storage or provider permission; the app reaches only its own folders and "
            "what the user picks",
            shows.manifest(facts.pkg, "no storage uses-permission"),
        )


# What opens the camera or microphone, or takes from them. Lists of cameras, the torch and the user's own recorder app do not.
_OPENS = (
    "camera.open",
    "camera.take_picture",
    "camera.preview_frames",
    "camera.camerax_bind",
    "camera.camerax_picture",
    "camera.camerax_recording",
    "microphone.recorder",
    "microphone.record",
    "microphone.record_new",
    "microphone.speech",
)


@check("cac-2026:14.1.1", needs=())
def opens_camera_or_microphone_by_itself(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Code that opens camera or microphone on the start-up path, where no act of the user can have come before (R33)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    early = code.at_startup(one for one in sites_of(pkg) if one.api in _OPENS)
    yield from can_read(pkg, asked, early, _says_opens)


def _says_opens(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}在启动路径上（任何界面出现之前）可开启{pi_type(kind).zh}，{places} 处，此时不可能有用户的主动操作",
        f"{who.en} can open {pi_type(kind).en} on the start-up path in {places} places, where the user cannot have acted yet",
    )


# The declared parameter that holds the least time between fixes, in milliseconds, by the start of the target's signature.
_INTERVAL_AT = {
    "Landroid/location/LocationManager;->requestLocationUpdates(Ljava/lang/String;J": 1,
    "Landroid/location/LocationManager;->requestLocationUpdates(J": 0,
}
_FASTEST_MS = 1000


@check("cac-2026:14.2.1", "cac-2026:23.1.3", "app-2021:7.1", needs=())
def asks_for_location_without_pause(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Location asked for faster than once a second by a constant in the code, and no declared interval (R34, limb 3)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    fast = [one for one in sites_of(pkg) if (ms := _interval_ms(one)) is not None and ms < _fastest_ms(facts)]
    if asked.duty.obligor == "sdk_operator":
        fast = [one for one in fast if one.origin not in ("app", "unknown")]
    yield from can_read(pkg, asked, fast, _says_fast, missing=("NO_TRACE", "SCENE_UNMAPPED"), assumptions=("A-15",))


def _interval_ms(site: CallSite) -> int | None:
    index = next((at for target, at in _INTERVAL_AT.items() if site.target.startswith(target)), None)
    values = [one.value for one in site.args if one.index == index]
    return int(values[0]) if len(values) == 1 and values[0].isdecimal() else None


def _fastest_ms(facts: Facts) -> float:
    """Half the shortest interval the declaration gives a real-time scene (R34); a second where it gives none."""
    scenes = facts.decl.app.scenes if not isinstance(facts.decl, Unread) else ()
    declared = [one.interval_s for one in scenes if one.loc_mode == "realtime" and one.interval_s]
    return min(declared) * 500 if declared else _FASTEST_MS


def _says_fast(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码以短于导航所需的固定间隔请求持续定位，{places} 处；是否为实现功能的最低频度须看场景",
        f"{who.en} has code that asks for location at a fixed interval shorter than navigation needs, in {places} places; "
        "whether the function needs it takes the scene",
    )


@check("cac-2026:14.2.2", needs=())
def listens_where_one_fix_is_declared(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Continuous location in the code of an app whose declared scenes all take a single fix (R35, limb 3)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(facts.decl, Unread):
        return
    modes = {one.loc_mode for one in facts.decl.app.scenes} - {None}
    if modes == {"single"}:
        listening = [one for one in reads(pkg) if one.api in _CONTINUOUS]
        yield from can_read(pkg, asked, listening, _says_continuous, assumptions=("A-16",))


_CONTINUOUS = ("location.updates", "fused.google_updates", "fused.huawei_updates")


def _says_continuous(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"声明的定位场景均为单次定位，{who.zh}的代码却请求持续定位，{places} 处；是否取得一次后即停止须看运行轨迹",
        f"every declared location scene takes a single fix, but {who.en} has code that asks for continuous location in "
        f"{places} places; whether it stops after the first takes a trace",
    )


@check("cac-2026:14.3.2", "app-2021:7.2", needs=_CLOSED)
def lists_what_was_not_picked(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Code that lists pictures, videos or files of the device, which the user did not pick (R38, limb 3)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or not held.in_groups(held.effective(pkg), "storage"):
        return
    listing = [one for one in reads(pkg) if one.api.startswith("media.") and one.api != "media.wallpaper"]
    yield from can_read(pkg, asked, listing, _says_lists, missing=("NO_TRACE", "TRACE_NO_UI"), assumptions=("A-18",))


def _says_lists(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可列出或读取设备上的{pi_type(kind).zh}，{places} 处，范围不限于用户选中的文件",
        f"{who.en} has code that can list or read {pi_type(kind).en} on the device in {places} places, beyond what the user "
        "picked",
    )
