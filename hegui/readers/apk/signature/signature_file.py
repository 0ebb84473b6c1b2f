"""v1: the .SF file over the manifest. Source: JAR File Specification, "Signed JAR File"."""

import hashlib
from dataclasses import dataclass

from hegui.readers.apk.signature.findings import Findings
from hegui.readers.apk.signature.jar_manifest import MANIFEST, Manifest, Section, digests_to_check, parse_manifest
from hegui.readers.apk.signing_block import BadStructure


@dataclass(frozen=True)
class JarSigner:
    """A signer whose .SF file holds, and the entries that file names."""

    block: str
    sf: str
    certificate: bytes
    covers: frozenset[str]


def check_sf(
    text: bytes,
    most: int,
    block: str,
    at: str,
    certificate: bytes,
    manifest: Manifest,
    low: int,
    found: set[str],
    weak: set[str],
    findings: Findings,
) -> JarSigner | None:
    try:
        sf = parse_manifest(text, most)
    except BadStructure as problem:
        findings.fault("v1", "SF_MALFORMED", str(problem), at)
        return None
    if sf.main.get("Signature-Version") is None:
        findings.fault("v1", "SF_MALFORMED", "Signature-Version is missing", at)
        return None
    _check_stripping(sf.main, found, at, findings)
    # Android's own old signtool writes its digests under other names and leaves out a section's last line end.
    signtool = "signtool" in (sf.main.get("Created-By") or "")
    before = len(findings.faults)
    try:
        whole = _check_digest(sf.main, "-Digest" if signtool else "-Digest-Manifest", manifest.raw, low, weak)
        if not whole:
            detail = "it is missing" if whole is None else "it is wrong"
            findings.warn("v1", "MANIFEST_DIGEST_UNUSED", f"the digest of the whole manifest: {detail}", at)
        main = manifest.raw[manifest.main.start : manifest.main.end]
        if not signtool and _check_digest(sf.main, "-Digest-Manifest-Main-Attributes", main, low, weak) is False:
            findings.fault("v1", "MANIFEST_CHANGED", f"main section, against {at}", MANIFEST)
        names = _check_sections(sf, manifest, low, weak, at, findings, signtool=signtool, trusted=whole is True)
    except BadStructure as problem:
        findings.fault("v1", "SF_MALFORMED", str(problem), at)
        return None
    return JarSigner(block, at, certificate, frozenset(names)) if len(findings.faults) == before else None


def _check_sections(
    sf: Manifest,
    manifest: Manifest,
    low: int,
    weak: set[str],
    at: str,
    findings: Findings,
    *,
    signtool: bool,
    trusted: bool,
) -> set[str]:
    """Check each section's digest unless the whole manifest's holds; returns the entries the file names."""
    of_entry = {section.name: section for section in manifest.sections}
    names: set[str] = set()
    for number, section in enumerate(sf.sections, 1):
        if section.name is None or section.name in names:
            problem = "has no name" if section.name is None else f"is the second for {section.name}"
            findings.fault("v1", "SF_MALFORMED", f"section {number} {problem}", at)
            break
        names.add(section.name)
        if trusted:
            continue
        signed = of_entry.get(section.name)
        if signed is None:
            findings.fault("v1", "MANIFEST_CHANGED", f"{at} names {section.name}, the manifest does not", MANIFEST)
            continue
        raw = manifest.raw[signed.start : signed.end]
        if signtool and raw.endswith(b"\n\n"):
            raw = raw[:-1]
        if not (holds := _check_digest(section, "-Digest", raw, low, weak)):
            problem = "has no digest" if holds is None else "differs from the digest"
            findings.fault("v1", "MANIFEST_CHANGED", f"the section of {section.name} {problem} in {at}", MANIFEST)
    return names


def _check_digest(section: Section, suffix: str, content: bytes, low: int, weak: set[str]) -> bool | None:
    """Whether the content has the digests the section gives; None when it gives none. Raises BadStructure."""
    digests = digests_to_check(section, suffix, low)
    weak.update(name for name, _ in digests)
    return all(hashlib.new(name, content).digest() == value for name, value in digests) if digests else None


def _check_stripping(main: Section, found: set[str], at: str, findings: Findings) -> None:
    """X-Android-APK-Signed lists the schemes the signer used besides; Android 7 and later want to see them."""
    listed = main.get("X-Android-APK-Signed")
    if listed is None:
        if found:
            findings.warn("v1", "NO_STRIP_PROTECTION", f"{', '.join(sorted(found))} could be removed unnoticed", at)
        return
    for number in (part.strip() for part in listed.split(",")):
        if number in ("2", "3"):
            if f"v{number}" not in found:
                findings.fault("v1", "SCHEME_STRIPPED", f"v1 says that v{number} is there", at)
        elif number.isdecimal():
            findings.warn("v1", "UNKNOWN_SCHEME", f"v1 names scheme {number}", at)
