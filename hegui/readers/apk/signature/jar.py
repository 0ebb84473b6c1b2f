"""v1 (JAR签名): a CMS block signs a .SF file, that the manifest, and that each entry outside META-INF.

Source: JAR File Specification, "Signed JAR File".
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from hegui.readers.apk import signing_block as blocks
from hegui.readers.apk.container import Container, ZipEntry
from hegui.readers.apk.signature.cms_block import check_cms
from hegui.readers.apk.signature.findings import Findings, Signed
from hegui.readers.apk.signature.jar_entry import entry_content, read_entry
from hegui.readers.apk.signature.jar_manifest import (
    MANIFEST,
    MOST_MANIFEST_BYTES,
    Manifest,
    Section,
    digests_to_check,
    parse_manifest,
)
from hegui.readers.apk.signature.signature_file import JarSigner, check_sf
from hegui.readers.apk.signing_block import BadStructure


@dataclass
class JarFiles:
    """The entries that make up a v1 signature. `by_name` keeps the first of several with one name."""

    by_name: dict[str, ZipEntry] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    blocks: list[ZipEntry] = field(default_factory=list)
    has_sf: bool = False

    @property
    def is_signed(self) -> bool:
        return bool(self.blocks) or self.has_sf


def jar_files(entries: Sequence[ZipEntry]) -> JarFiles:
    jar = JarFiles()
    for entry in entries:
        if entry.name in jar.by_name:
            jar.twice.add(entry.name)
            continue
        jar.by_name[entry.name] = entry
        if entry.name.startswith("META-INF/"):
            if entry.name.endswith((".RSA", ".DSA", ".EC")):
                jar.blocks.append(entry)
            jar.has_sf |= entry.name.endswith(".SF")
    return jar


def check_jar(apk: Container, jar: JarFiles, low: int, found: set[str], findings: Findings) -> tuple[Signed, ...]:
    """Check v1: the block signs the .SF file, that the manifest, and that each entry; returns the signers."""
    for name in sorted(jar.twice):
        findings.fault("v1", "DUPLICATE_ENTRY", "the name stands in the central directory more than once", name)
    manifest = _read_manifest(apk, jar, findings)
    if len(jar.blocks) > blocks.MOST_SIGNERS:
        findings.fault("v1", "TOO_MANY_SIGNERS", f"{len(jar.blocks)} signature files")
        return ()
    signers, claimed, weak = [], [], set[str]()
    for entry in jar.blocks:
        sf = jar.by_name.get(entry.name.rpartition(".")[0] + ".SF")
        if sf is None:
            findings.warn("v1", "SF_MISSING", "its .SF file is not there, so the platform ignores it", entry.name)
            continue
        signed = check_cms(apk, entry, sf, low, weak, findings)
        if signed is None:
            continue
        certificate, text = signed
        claimed.append(Signed(certificate))
        if manifest and text is not None:
            signer = check_sf(
                text, _most_sections(apk), entry.name, sf.name, certificate, manifest, low, found, weak, findings
            )
            if signer:
                signers.append(signer)
    if not claimed and not findings.faults:
        findings.fault("v1", "NO_SIGNERS", "no signature in META-INF has its .SF file")
    if manifest and signers:
        counted = _check_entries(apk, jar, manifest, signers, low, weak, findings)
        _warn_unprotected(jar, counted, findings)
        claimed = [Signed(signer.certificate) for signer in counted] or claimed
    if weak & {"md5", "sha1"}:
        findings.warn("v1", "WEAK_DIGEST", ", ".join(sorted(weak & {"md5", "sha1"})))
    return tuple(claimed)


def _read_manifest(apk: Container, jar: JarFiles, findings: Findings) -> Manifest | None:
    entry = jar.by_name.get(MANIFEST)
    if entry is None:
        findings.fault("v1", "MANIFEST_MISSING", "a .SF file without a manifest", MANIFEST)
        return None
    raw = read_entry(apk, entry, MOST_MANIFEST_BYTES, findings)
    if raw is None:
        return None
    try:
        manifest = parse_manifest(raw, _most_sections(apk))
    except BadStructure as problem:
        findings.fault("v1", "MANIFEST_MALFORMED", str(problem), MANIFEST)
        return None
    names: set[str] = set()
    for number, section in enumerate(manifest.sections, 1):
        if section.name is None:
            findings.fault("v1", "MANIFEST_MALFORMED", f"section {number} has no name", MANIFEST)
        elif section.name in names:
            findings.fault("v1", "MANIFEST_MALFORMED", f"two sections for {section.name}", MANIFEST)
        else:
            names.add(section.name)
            if section.name not in jar.by_name:
                findings.fault("v1", "ENTRY_MISSING", "the manifest names it", section.name)
    return manifest


def _most_sections(apk: Container) -> int:
    """Room for every entry and then some; a small file could otherwise claim millions of sections."""
    return 2 * len(apk.entries) + 1000


def _check_entries(
    apk: Container,
    jar: JarFiles,
    manifest: Manifest,
    signers: list[JarSigner],
    low: int,
    weak: set[str],
    findings: Findings,
) -> list[JarSigner]:
    """Check every entry outside META-INF, in file order; returns the signers that cover them all."""
    sections = {section.name: section for section in manifest.sections}
    counted: list[JarSigner] = []
    first = ""
    for entry in sorted(jar.by_name.values(), key=lambda each: each.local_offset):
        name = entry.name
        if name.startswith("META-INF/") or name.endswith("/"):
            continue
        section = sections.get(name)
        if section is None:
            findings.fault("v1", "ENTRY_NOT_SIGNED", "the manifest does not name it", name)
            continue
        covering = [signer for signer in signers if name in signer.covers]
        if not covering:
            findings.fault("v1", "ENTRY_NOT_SIGNED", "no .SF file names it", name)
            continue
        if not counted:
            counted, first = covering, name
        elif covering != counted:
            detail = f"{[each.block for each in covering]} sign it, {[each.block for each in counted]} sign {first}"
            findings.fault("v1", "ENTRY_SIGNERS_DIFFER", detail, name)
            continue
        _check_entry(apk, entry, section, low, weak, findings)
    if not counted and not findings.faults:
        findings.fault("v1", "ENTRY_NOT_SIGNED", "nothing outside META-INF is signed")
    return counted


def _check_entry(
    apk: Container, entry: ZipEntry, section: Section, low: int, weak: set[str], findings: Findings
) -> None:
    try:
        digests = digests_to_check(section, "-Digest", low)
        if not digests:
            findings.fault("v1", "ENTRY_NOT_SIGNED", "the manifest has no digest old platforms know", entry.name)
            return
        running = [(hashlib.new(name), value) for name, value in digests]
        for chunk in entry_content(apk, entry):
            for digest, _ in running:
                digest.update(chunk)
    except BadStructure as problem:
        findings.fault("v1", "ENTRY_UNREADABLE", str(problem), entry.name)
        return
    for digest, value in running:
        weak.add(digest.name)
        if digest.digest() != value:
            detail = f"{digest.name} signed {value.hex()}, is {digest.hexdigest()}"
            findings.fault("v1", "ENTRY_CHANGED", detail, entry.name)


def _warn_unprotected(jar: JarFiles, signers: list[JarSigner], findings: Findings) -> None:
    known = {MANIFEST, *(signer.block for signer in signers), *(signer.sf for signer in signers)}
    names = [n for n in jar.by_name if n.startswith("META-INF/") and not n.endswith("/") and n not in known]
    if names:
        shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        findings.warn("v1", "UNPROTECTED_ENTRIES", f"{len(names)}: {shown}", names[0])
