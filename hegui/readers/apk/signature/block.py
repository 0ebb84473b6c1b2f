"""v2, v3 and v3.1: the schemes whose signers stand in the APK Signing Block, over the whole file.

Sources: AOSP, "APK Signature Scheme v2", "v3" and "v3.1" (source.android.com/docs/security/features/apksigning).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from hegui.readers.apk import signing_block as blocks
from hegui.readers.apk.container import Container
from hegui.readers.apk.signature.findings import NOUGAT, PIE, TIRAMISU, Findings, Signed
from hegui.readers.apk.signature.keys import Unusable, load_certificate, signature_holds
from hegui.readers.apk.signing_block import FOREVER, BadStructure, SigningBlock

PAIR_OF = {"v2": blocks.V2, "v3": blocks.V3, "v3.1": blocks.V31}
_STAMPS = {0x2B09189E, 0x6DFF800D}
_STRIPPING_PROTECTION, _PROOF_OF_ROTATION = 0xBEEFF00D, 0x3BA06F8C
_ROTATION_MIN_SDK, _TARGETS_DEVELOPMENT_RELEASE = 0x559F8B02, 0xC2A6B3BA
_MAY_ROLL_BACK = 8


@dataclass(frozen=True, slots=True)
class _Algorithm:
    """A signature algorithm of v2 and later; `content` is the digest of the file, `since` an API level."""

    name: str
    kind: str
    digest: str
    content: str
    since: int = NOUGAT
    pss: bool = False


_ALGORITHMS = {
    0x0101: _Algorithm("RSA-PSS SHA-256", "rsa", "sha256", "sha256", pss=True),
    0x0102: _Algorithm("RSA-PSS SHA-512", "rsa", "sha512", "sha512", pss=True),
    0x0103: _Algorithm("RSA SHA-256", "rsa", "sha256", "sha256"),
    0x0104: _Algorithm("RSA SHA-512", "rsa", "sha512", "sha512"),
    0x0201: _Algorithm("ECDSA SHA-256", "ec", "sha256", "sha256"),
    0x0202: _Algorithm("ECDSA SHA-512", "ec", "sha512", "sha512"),
    0x0301: _Algorithm("DSA SHA-256", "dsa", "sha256", "sha256"),
    0x0421: _Algorithm("RSA SHA-256 verity", "rsa", "sha256", "verity", PIE),
    0x0423: _Algorithm("ECDSA SHA-256 verity", "ec", "sha256", "verity", PIE),
    0x0425: _Algorithm("DSA SHA-256 verity", "dsa", "sha256", "verity", PIE),
}
# Algorithms that a platform knows and we cannot check: ML-DSA.
_NOT_CHECKED = {0x0501}
_STRENGTH = {"sha256": 0, "verity": 1, "sha512": 2}


@dataclass
class _Claim:
    """A signer whose own signature was checked; what it says of the file is compared once all are known."""

    scheme: str
    index: int
    digests: tuple[tuple[int, bytes], ...]
    content: set[str]
    signed: Signed
    attributes: tuple[tuple[int, bytes], ...]

    @property
    def at(self) -> str:
        return f"{self.scheme} signer {self.index}"


def check_block(
    apk: Container, block: SigningBlock, low: int, found: set[str], findings: Findings
) -> dict[str, tuple[Signed, ...]]:
    """Check the schemes of the signing block that count; returns the signers of each."""
    claims: dict[str, list[_Claim]] = {}
    for scheme, since in (("v3.1", TIRAMISU), ("v3", PIE), ("v2", NOUGAT)):
        if scheme in found and not (scheme == "v2" and low >= PIE and found & {"v3", "v3.1"}):
            claims[scheme] = _check_signers(scheme, block, max(low, since), findings)
    if "v3.1" in found and "v3" not in found:
        findings.fault("v3.1", "V3_MISSING", "Android 9 to 12 would find no signature")

    rotation = min((c.signed.min_sdk for c in claims.get("v3.1", ())), default=None)
    for claim in (claim for several in claims.values() for claim in several):
        _check_attributes(claim, found, rotation, findings)
    if claims.get("v3.1"):
        _check_ranges("v3.1", claims["v3.1"], None, FOREVER, findings)
    if claims.get("v3"):
        _check_ranges("v3", claims["v3"], max(low, PIE), rotation - 1 if rotation else FOREVER, findings)
    _check_content(apk, block, claims, findings)
    if any(pair.id in _STAMPS for pair in block.pairs):
        findings.warn("v2", "SOURCE_STAMP_NOT_CHECKED", "the stamp tells which store handed the package on")
    return {scheme: tuple(claim.signed for claim in several) for scheme, several in claims.items()}


def _check_signers(scheme: str, block: SigningBlock, low: int, findings: Findings) -> list[_Claim]:
    pair = block.find(PAIR_OF[scheme])
    claims: list[_Claim] = []
    if pair is None:
        return claims
    place = f"@{pair.offset}"
    try:
        signers = blocks.signers(pair.value, with_range=scheme != "v2")
    except BadStructure as problem:
        code = "TOO_MANY_SIGNERS" if "elements" in str(problem) else "SIGNER_MALFORMED"
        findings.fault(scheme, code, str(problem), place)
        return claims
    if not signers:
        findings.fault(scheme, "NO_SIGNERS", "the block holds none", place)
    for index, signer in enumerate(signers, 1):
        if claim := _check_signer(scheme, index, signer, low, findings):
            claims.append(claim)
    return claims


def _check_signer(scheme: str, index: int, signer: blocks.Signer, low: int, findings: Findings) -> _Claim | None:
    """Check a signer's signatures over its signed data; None when nothing of it can be used."""
    at = f"{scheme} signer {index}"

    def fault(code: str, detail: str) -> None:
        findings.fault(scheme, code, detail, at)

    try:
        signed = blocks.signed_data(signer.signed_data, with_range=scheme != "v2")
    except BadStructure as problem:
        fault("SIGNER_MALFORMED", f"signed data: {problem}")
        return None
    if not signed.certificates:
        fault("NO_CERTIFICATE", "the signed data holds none")
        return None
    try:
        certificates = [load_certificate(der) for der in signed.certificates]
    except BadStructure as problem:
        fault("CERTIFICATE_MALFORMED", str(problem))
        return None
    if signer.public_key != certificates[0].public_key.dump():
        fault("KEY_NOT_OF_CERTIFICATE", "the signer's public key is not the first certificate's")
    if [each for each, _ in signer.signatures] != [each for each, _ in signed.digests]:
        listed = (", ".join(f"0x{each:04x}" for each, _ in part) for part in (signer.signatures, signed.digests))
        fault("ALGORITHMS_DIFFER", "signatures: {}; digests: {}".format(*listed))
    if signer.min_sdk > signer.max_sdk or signer.max_sdk > FOREVER:
        fault("SDK_RANGE", f"API level {signer.min_sdk} to {signer.max_sdk}")
    if (signer.min_sdk, signer.max_sdk) != (signed.min_sdk, signed.max_sdk):
        fault("SDK_RANGE", f"{signer.min_sdk} to {signer.max_sdk} outside, {signed.min_sdk} to {signed.max_sdk} signed")

    lowest = low if scheme == "v2" else signer.min_sdk
    chosen, unknown = _signatures_to_check(signer, lowest)
    for each in unknown:
        findings.warn(scheme, "UNKNOWN_ALGORITHM", f"0x{each:04x}", at)
    if not chosen:
        not_ours = any(each in _NOT_CHECKED for each in unknown)
        listed_ids = ", ".join(f"0x{each:04x}" for each, _ in signer.signatures) or "none"
        fault("ALGORITHM_NOT_CHECKED" if not_ours else "NO_SUPPORTED_SIGNATURE", f"{listed_ids} from {lowest} on")
    message = bytes(signer.signed_data)
    for algorithm, signature in chosen:
        try:
            if not signature_holds(
                signer.public_key, algorithm.kind, algorithm.digest, signature, message, pss=algorithm.pss
            ):
                fault("SIGNATURE_DOES_NOT_VERIFY", algorithm.name)
        except Unusable as problem:
            fault(problem.code, f"{algorithm.name}: {problem}")
    result = Signed(signed.certificates[0], signer.min_sdk, signer.max_sdk)
    return _Claim(scheme, index, signed.digests, {a.content for a, _ in chosen}, result, signed.attributes)


def _signatures_to_check(signer: blocks.Signer, low: int) -> tuple[list[tuple[_Algorithm, bytes]], list[int]]:
    """The strongest signature among those that came with the same API level; and the unknown algorithms.

    Platforms pick the strongest they know, so one choice a level covers them all. None when the lowest has none.
    """
    best: dict[int, tuple[_Algorithm, bytes]] = {}
    unknown = []
    for algorithm_id, signature in signer.signatures:
        algorithm = _ALGORITHMS.get(algorithm_id)
        if algorithm is None:
            unknown.append(algorithm_id)
        elif algorithm.since <= signer.max_sdk:
            known = best.get(algorithm.since)
            if known is None or _STRENGTH[algorithm.content] > _STRENGTH[known[0].content]:
                best[algorithm.since] = (algorithm, signature)
    return (list(best.values()) if best and min(best) <= low else []), unknown


def _check_content(apk: Container, block: SigningBlock, claims: Mapping[str, list[_Claim]], findings: Findings) -> None:
    """Compare the digests each signer signed with those of the file, which is read once for all of them."""
    wanted = {scheme: set().union(*(c.content for c in several)) for scheme, several in claims.items()}
    digests = blocks.content_digests(apk, block, set().union(*wanted.values()))
    for scheme, several in claims.items():
        if "verity" in wanted[scheme] and (block.start % blocks.PAGE or (block.end - block.start) % blocks.PAGE):
            findings.fault(scheme, "VERITY_NOT_ALIGNED", f"it runs from {block.start} to {block.end}")
        for claim in several:
            for algorithm_id, digest in claim.digests:
                algorithm = _ALGORITHMS.get(algorithm_id)
                if algorithm and algorithm.content in wanted[scheme] and digests[algorithm.content] != digest:
                    detail = f"{algorithm.content} signed {digest.hex()}, is {digests[algorithm.content].hex()}"
                    findings.fault(scheme, "CONTENT_CHANGED", detail, claim.at)


def _check_ranges(scheme: str, claims: list[_Claim], low: int | None, until: int, findings: Findings) -> None:
    """The signers must cover all platforms from `low` to `until` without hole or overlap, lineages only growing.

    `low` None: the block may begin anywhere, as v3.1 may begin later than Android 13; until then v3 counts.
    """
    ordered = sorted(claims, key=lambda claim: claim.signed.max_sdk)
    for before, after in pairwise(ordered):
        developing = any(each == _TARGETS_DEVELOPMENT_RELEASE for each, _ in after.attributes)
        last, first = before.signed.max_sdk, after.signed.min_sdk
        if first != last + 1 and not (developing and first == last):
            findings.fault(scheme, "SDK_RANGE", f"one signer until {last}, the next from {first} on", after.at)
    lineages = [claim.signed.lineage for claim in ordered if claim.signed.lineage]
    if any(after[: len(before)] != before for before, after in pairwise(lineages)):
        findings.fault(scheme, "LINEAGES_DIFFER", "the lineage of a later platform does not continue the earlier one")
    first, last = ordered[0].signed.min_sdk, ordered[-1].signed.max_sdk
    if (low is not None and first > low) or last < until:
        findings.fault(scheme, "SDK_RANGE", f"API level {first} to {last} signed, {low or first} to {until} wanted")


def _check_attributes(claim: _Claim, found: set[str], rotation: int | None, findings: Findings) -> None:
    """Additional attributes: stripping protection, proof of rotation, and where rotation begins."""
    scheme, at = claim.scheme, claim.at
    v2 = scheme == "v2"
    for attribute, value in claim.attributes:
        number = int.from_bytes(value[:4], "little")
        if attribute == _STRIPPING_PROTECTION and v2:
            if number != 3:
                findings.warn(scheme, "UNKNOWN_SCHEME", f"stripping protection names scheme {number}", at)
            elif "v3" not in found:
                findings.fault(scheme, "SCHEME_STRIPPED", "v2 says that v3 is there", at)
        elif attribute == _PROOF_OF_ROTATION and not v2:
            claim.signed = _with_lineage(claim, value, findings)
        elif attribute == _ROTATION_MIN_SDK and scheme == "v3":
            if rotation is None:
                findings.fault(scheme, "SCHEME_STRIPPED", f"v3 says that v3.1 holds a new key from {number} on", at)
            elif rotation != number:
                findings.fault(scheme, "ROTATION_SDK_DIFFERS", f"v3 says {number}, v3.1 begins at {rotation}", at)
        elif attribute != _TARGETS_DEVELOPMENT_RELEASE or v2:
            findings.warn(scheme, "UNKNOWN_ATTRIBUTE", f"0x{attribute:08x}", at)


def _with_lineage(claim: _Claim, value: bytes, findings: Findings) -> Signed:
    """The signer with its lineage, once every key is shown to have signed the next one."""
    scheme, at, signer = claim.scheme, claim.at, claim.signed
    try:
        nodes = blocks.lineage(value)
        keys = [load_certificate(node.certificate).public_key.dump() for node in nodes]
    except BadStructure as problem:
        findings.fault(scheme, "LINEAGE_MALFORMED", str(problem), at)
        return signer
    for number, (before, node, key) in enumerate(zip(nodes, nodes[1:], keys, strict=False), 2):
        algorithm = _ALGORITHMS.get(before.signs_with)
        try:
            holds = algorithm is not None and signature_holds(
                key, algorithm.kind, algorithm.digest, node.signature, bytes(node.signed_data), pss=algorithm.pss
            )
        except Unusable as problem:
            findings.fault(scheme, problem.code, f"certificate {number - 1} of {len(nodes)}: {problem}", at)
            continue
        if not holds or node.signed_with != before.signs_with:
            findings.fault(scheme, "LINEAGE_DOES_NOT_VERIFY", f"certificate {number} of {len(nodes)}", at)
        if before.flags & _MAY_ROLL_BACK:
            detail = f"certificate {number - 1} of {len(nodes)} has capabilities {before.flags:#x}"
            findings.warn(scheme, "OLD_KEY_MAY_ROLL_BACK", detail, at)
    certificates = tuple(node.certificate for node in nodes)
    if len(set(certificates)) != len(certificates):
        findings.fault(scheme, "LINEAGE_MALFORMED", "a certificate stands in it twice", at)
    if not nodes or certificates[-1] != signer.certificate:
        findings.fault(scheme, "LINEAGE_WITHOUT_SIGNER", f"{len(nodes)} certificates, the last is another's", at)
    return Signed(signer.certificate, signer.min_sdk, signer.max_sdk, certificates)
