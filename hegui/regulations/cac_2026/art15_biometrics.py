"""Article 15, biometric information: whether the package touches any, whose code does, and whether it can leave the device."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.package import Package
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app, open_doors
from hegui.regulations.reads import can_read, reads, sites_of
from hegui.regulations.sdk_parties import sdks_of
from hegui.words import Words

_DUTIES = ("cac-2026:15.1.1", "cac-2026:15.1.2", "cac-2026:15.2.1", "cac-2026:15.2.2")

# The system compares, in its own secure part, and tells the app yes or no: the template never reaches the app.
_COMPARED_BY_THE_SYSTEM = ("biometric.prompt", "biometric.prompt_androidx", "biometric.fingerprint")

# That, and asking whether the device could.
_TAKES_NONE = (*_COMPARED_BY_THE_SYSTEM, "biometric.available", "biometric.service")


@check(*_DUTIES, needs=("pkg.callsites",))
def reaches_biometrics(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The code that reads faces, voices or the like by itself; purpose and necessity take more than code (R43, R45)."""
    if isinstance(facts.pkg, Unread):
        return
    sites = [one for one in sites_of(facts.pkg) if _takes(one.pi_type) and one.api not in _TAKES_NONE]
    undecided = Words("目的、必要性与是否外传须另看声明、界面和流量", "purpose, need and transfer take more than code")
    yield from can_read(facts.pkg, asked, sites, _says_reaches, missing=("NO_DECL",), also=lambda site: undecided)


def _takes(kind: str | None) -> bool:
    return kind is not None and kind.startswith("biometric.")


def _says_reaches(who: Words, kind: str, places: int) -> Words:
    return Words(
        f"{who.zh}的代码可使用{pi_type(kind).zh}相关接口，{places} 处",
        f"{who.en} has code that can use interfaces for {pi_type(kind).en} in {places} places",
    )


@check("cac-2026:15.2.1", needs=("pkg.sdks", "pkg.callsites", "pkg.permissions", "pkg.min_sdk"))
def could_send_faces_or_voices(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An SDK that recognises faces, in a package that can open the camera and use the network (R44): whether the
    picture is compared on the device or at a server, only a capture tells."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return
    able = {one.name.removeprefix(held.ANDROID) for one in held.effective(pkg)}
    for sdk in sdks_of(pkg):
        if sdk.func_class != "ocr_face" or not {"CAMERA", "INTERNET"} <= able:
            continue
        yield found(
            "risk",
            f"嵌入人脸或证件识别 SDK {sdk.name}，应用可用相机和网络；人脸图像是否传出设备、是否取得单独同意，须看流量和界面",
            f"embeds {sdk.name}, an SDK that recognises faces or documents, with camera and network: whether pictures leave "
            "the device, and with consent of its own, takes a capture and screens",
            shows.sdk(pkg, sdk),
            *shows.permissions(
                pkg, held.named(held.effective(pkg), held.ANDROID + "CAMERA", held.ANDROID + "INTERNET")
            ),
            actor=sdk.sdk_id,
            missing=("NO_CAPTURE", "UI_UNREACHED"),
        )


@check(*_DUTIES, needs=("pkg.callsites", "pkg.sdks", "pkg.permissions", "pkg.components", "pkg.shared_user_id"))
def leaves_biometrics_to_the_system(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """In code read whole without camera or microphone: no biometrics at all, or only the system's own comparison (R43–R45)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or not is_app(pkg) or not _takes_none_itself(pkg):
        return
    prompts = [one for one in sites_of(pkg) if one.api in _COMPARED_BY_THE_SYSTEM and one.origin != "library"]
    if not prompts:
        yield found(
            "not_applicable",
            "代码完整可读，没有生物识别接口调用和人脸类 SDK，也未申请相机、麦克风权限",
            "the code was read whole: no biometric interface, no face SDK, and neither camera nor microphone is asked for",
            shows.manifest(pkg, "no biometric API, no CAMERA, no RECORD_AUDIO"),
        )
    elif asked.duty.id in _MET_BY_THE_SYSTEM:
        yield found(
            _MET_BY_THE_SYSTEM[asked.duty.id],
            "只使用系统生物识别验证，应用仅得到通过与否，特征数据不出系统安全区域",
            "uses only the system's biometric check: the app learns yes or no, and the template never leaves the system",
            *(shows.callsite(pkg, one) for one in prompts[:5]),
            assumptions=("A-19",),
        )


# Purpose and need of 15.1.1 stay a person's judgement. What the app never has, it cannot send; nor does it keep it (R45).
_MET_BY_THE_SYSTEM: dict[str, Verdict] = {
    "cac-2026:15.1.2": "compliant",
    "cac-2026:15.2.1": "compliant",
    "cac-2026:15.2.2": "not_applicable",
}


def _takes_none_itself(pkg: Package) -> bool:
    kinds = {one.pi_type or "" for one in reads(pkg)}
    faces = any(one.func_class in ("ocr_face", "speech") for one in sdks_of(pkg))
    senses = held.in_groups(held.effective(pkg), "camera", "microphone")
    unseen = code.hidden_by(pkg) or code.unowned(pkg) or open_doors(pkg)
    return not (any(map(_takes, kinds)) or faces or senses or unseen)
