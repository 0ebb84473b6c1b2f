"""Article 9, distribution platforms: signature verification (R68)."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.catalogue.signature_faults import CODES
from hegui.facts import Facts, Unread
from hegui.facts.package import Package, SignatureFault
from hegui.words import Words

# Faults that do not make the signature itself wrong: a system that the package supports refuses it, or cannot check it.
_ONLY_ON_SOME_SYSTEMS = {"V1_ONLY_REFUSED", "V1_MISSING", "ALGORITHM_REFUSED"}


@check("app-2021:9.5.4", needs=("pkg.signature", "pkg.signers", "pkg.sig_schemes", "pkg.target_sdk"))
def signature_holds(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A package that is unsigned or whose signature does not verify (closed-world case c); the old scheme alone is weak.

    Whether the signer is the registered one takes the platform's own records.
    """
    pkg = facts.pkg
    if isinstance(pkg, Unread) or isinstance(pkg.signature, Unread) or isinstance(pkg.sig_schemes, Unread):
        return
    if pkg.signature.state == "unsigned":
        yield found(
            "violation",
            "安装包未签名，无法验证来源与完整性，签名验证机制不应放行",
            "the package is not signed: neither source nor integrity can be verified, and signature verification must "
            "not let it pass",
            Evidence("package_static", "META-INF/, APK Signing Block", "no signature of any scheme", pkg.sha256),
        )
    elif pkg.signature.state == "broken":
        worst = [fault for fault in pkg.signature.faults if fault.code not in _ONLY_ON_SOME_SYSTEMS]
        shown = worst or list(pkg.signature.faults)
        why = Words(
            "；".join(dict.fromkeys(_means(one).zh for one in shown[:3])),
            "; ".join(_means(one).en for one in shown[:3]),
        )
        if worst:
            says = Words(
                f"签名不能证明安装包完整可信：{why.zh}", f"the signature does not vouch for the package: {why.en}"
            )
        else:
            says = Words(
                f"签名在部分所支持的系统上校验不通过：{why.zh}",
                f"some supported systems refuse the signature: {why.en}",
            )
        yield found(
            "violation" if worst else "risk",
            says.zh,
            says.en,
            *(_fault(pkg, fault) for fault in shown[:5]),
            missing=() if worst else ("NO_RECORD",),
        )
    elif pkg.signature.state == "verified":
        signers = "、".join(one.sha256[:16] for one in pkg.signers) if not isinstance(pkg.signers, Unread) else ""
        schemes = "、".join(pkg.sig_schemes)
        if set(pkg.sig_schemes) == {"v1"}:
            yield found(
                "risk",
                "只有 v1（JAR）签名：不保护整个文件，Android 11 起对目标级别 30 以上的应用拒绝安装",
                "only the v1 (JAR) scheme: it does not protect the whole file, and Android 11+ refuses it for targets of "
                "30 and above",
                Evidence("package_static", "META-INF/", "schemes: v1", pkg.sha256),
                missing=("NO_RECORD",),
            )
        yield found(
            None,
            f"签名校验通过（{schemes}），签名证书 SHA-256：{signers}…；是否为登记的开发者证书，须与平台记录比对",
            f"the signature verifies ({schemes.replace('、', ', ')}), certificate SHA-256 {signers}…; whether it is the "
            "registered one takes the platform's records",
            Evidence("package_static", "signing block / META-INF", f"schemes: {schemes}; signer {signers}", pkg.sha256),
        )


def _means(fault: SignatureFault) -> Words:
    return CODES.get(fault.code, Words(fault.code, fault.code))


def _fault(pkg: Package, fault: SignatureFault) -> Evidence:
    return Evidence("package_static", fault.at or fault.scheme, f"{fault.code}: {fault.detail}", pkg.sha256)
