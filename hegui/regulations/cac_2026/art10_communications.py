"""Article 10, contacts, call log and SMS: other people's information."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.behaviours.acts import tells
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread, is_read
from hegui.facts.package import Permission
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import open_doors
from hegui.facts.queries.scenes import declared_for
from hegui.regulations.reads import can_read, reads
from hegui.regulations.trace_parts import map_approved
from hegui.words import Words


@check("cac-2026:10.1", needs=("pkg.permissions", "pkg.min_sdk", "pkg.components", "pkg.shared_user_id"))
def reads_other_peoples_information(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Without a permission that reads contacts, call log or SMS the data cannot be reached; with one it may be (R39)."""
    if isinstance(facts.pkg, Unread):
        return
    able = held.named(held.effective(facts.pkg), *held.READS_OTHERS)
    doors = open_doors(facts.pkg)
    if not able and not doors:
        yield found(
            "compliant",
            "合并清单未申请读取通讯录、通话记录或短信的权限，系统不会放行此类读取",
            "the merged manifest asks for no permission to read contacts, call log or SMS; the system refuses such reads",
            shows.manifest(facts.pkg, "no READ_CONTACTS, READ_CALL_LOG, READ_SMS, RECEIVE_SMS …"),
        )
    for door in doors if not able else ():
        yield found(
            None,
            f"清单未申请此类权限，但不能据此认定无法读取：{door}",
            f"the manifest asks for none of them, but that does not settle it: {door}",
            shows.manifest(facts.pkg, door),
            missing=("NO_PACKAGE",),
        )
    for one in able:
        if _is_exempt(facts, one):
            yield found(
                None,
                f"申请了 {held.short(one)}，经复核的场景属通讯、加好友或备份；是否只在其中读取须看运行轨迹",
                f"asks for {held.short(one)} for an approved scene of communication, friends or backup; whether it is read there "
                "alone takes a run",
                shows.permission(facts.pkg, one),
                missing=() if is_read(facts.trace) else ("NO_TRACE",),
            )
            continue
        scenes = declared_for(facts, one)
        said = f"；声明的场景“{'、'.join(scenes)}”尚待人工确认" if scenes else "，也未声明通信、加好友、备份等例外场景"
        said_en = (
            f"; the declared scene {', '.join(scenes)} awaits review"
            if scenes
            else ", and no scene of communication, adding friends or backup is declared"
        )
        asks = "目标级别较低，系统附带授予" if one.origin == "implied" else "申请了"
        asks_en = "is given, by its low target level," if one.origin == "implied" else "asks for"
        yield found(
            "risk",
            f"{asks} {held.short(one)}，获授权后可读取他人的个人信息{said}",
            f"{asks_en} {held.short(one)}: once granted it can read other people's information{said_en}",
            shows.permission(facts.pkg, one),
            missing=("NO_TRACE", "HUMAN_PENDING") if scenes else ("NO_TRACE", "SCENE_UNMAPPED"),
        )


def _is_exempt(facts: Facts, asked_for: Permission) -> bool:
    """Whether an approved scene that needs a permission is about other people by its nature (R39)."""
    needing = declared_for(facts, asked_for)
    return map_approved(facts) and any(tells("about_others", name) for name in needing)


@check("cac-2026:10.2", needs=("pkg.permissions", "pkg.min_sdk", "pkg.components", "pkg.shared_user_id"))
def holds_no_communications(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The limits of article 5 follow from reading communications by permission; without one they do not arise (R40)."""
    if isinstance(facts.pkg, Unread):
        return
    if not held.named(held.effective(facts.pkg), *held.READS_OTHERS) and not open_doors(facts.pkg):
        yield found(
            "not_applicable",
            "清单未申请读取通讯录、通话记录或短信的权限，本条所涉情形不发生",
            "the manifest asks for no permission to read contacts, call log or SMS, so the case does not arise",
            shows.manifest(facts.pkg, "no READ_CONTACTS, READ_CALL_LOG, READ_SMS, RECEIVE_SMS …"),
        )


@check("cac-2026:10.1", "cac-2026:10.2", needs=("pkg.permissions", "pkg.min_sdk"))
def code_that_reads_other_people(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Whose code reads contacts, call log or SMS (R39). What is done with messages and calls takes a capture (R40)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    limbs = {"cac-2026:10.1": ("contacts", "call_log", "sms"), "cac-2026:10.2": ("call_log", "sms")}
    sites = [one for one in reads(pkg) if one.pi_type in limbs[asked.duty.id]]
    # Under 10.2 touching communications is only what starts the duty; a breach is passing them on.
    starts_only = Words("是否超出通信目的使用或外传，须看流量", "whether it goes beyond communicating takes a capture")
    yield from can_read(
        pkg,
        asked,
        sites,
        _says_reads_others,
        missing=("NO_TRACE", "SCENE_UNMAPPED") if asked.duty.id == "cac-2026:10.1" else ("NO_CANARY",),
        also=lambda site: starts_only if asked.duty.id == "cac-2026:10.2" else None,
    )


def _says_reads_others(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可读取{pi_type(kind).zh}中他人的信息，{places} 处",
        f"{who.en} has code that can read other people's information in {pi_type(kind).en}, in {places} places",
    )
