"""Article 14: camera and microphone, location, and the system picker in place of storage permissions."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.facts import Facts, Unread
from hegui.facts.package import Permission
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import open_doors
from hegui.facts.queries.scenes import declared_for

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
