"""Article 15, biometric information: whether the package touches any."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, Unread
from hegui.facts.queries import code
from hegui.regulations.reads import reads


@check(
    "cac-2026:15.1.1",
    "cac-2026:15.1.2",
    "cac-2026:15.2.1",
    "cac-2026:15.2.2",
    needs=("pkg.callsites", "pkg.sdks", "pkg.permissions"),
)
def touches_biometrics(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """The places that reach biometrics; with none, no face SDK and no camera, in code read whole, no duty (R43–R45)."""
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread) or isinstance(pkg.permissions, Unread):
        return
    sites = tuple(one for one in reads(pkg) if one.pi_type and one.pi_type.startswith("biometric."))
    for (actor, kind), group in code.by_actor_and_type(sites).items():
        yield found(
            None,
            f"代码可使用{pi_type(kind).zh}相关接口，{len(group)} 处；目的、必要性与是否外传须另看声明、界面和流量",
            f"the code can use interfaces for {pi_type(kind).en} in {len(group)} places; purpose, necessity and transfer take "
            "declaration, screens and traffic",
            *(shows.callsite(pkg, one) for one in group[:5]),
            actor=actor,
        )
    faces = [sdk for sdk in pkg.sdks if "face" in sdk.func_class]
    # Without a camera or microphone no face or voice can be taken by the app's own means.
    senses = [one for one in pkg.permissions if one.group in ("camera", "microphone")]
    if not (sites or faces or senses or code.hidden_by(pkg) or code.unowned(pkg)):
        yield found(
            "not_applicable",
            "代码完整可读，没有生物识别接口调用和人脸类 SDK，也未申请相机、麦克风权限",
            "the code was read whole: no biometric interface, no face SDK, and neither camera nor microphone is asked for",
            shows.manifest(pkg, "no biometric API, no CAMERA, no RECORD_AUDIO"),
        )
