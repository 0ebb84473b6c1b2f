"""v1: the CMS block (.RSA, .DSA or .EC) over the .SF file. Source: RFC 5652."""

import hashlib
import re
from typing import Any

from asn1crypto import cms, core, x509  # type: ignore[import-untyped]

from hegui.readers.apk import signing_block as blocks
from hegui.readers.apk.container import Container, ZipEntry
from hegui.readers.apk.signature.findings import KITKAT, NOUGAT, Findings
from hegui.readers.apk.signature.jar_entry import read_entry
from hegui.readers.apk.signature.jar_manifest import MOST_MANIFEST_BYTES
from hegui.readers.apk.signature.keys import ASN1_ERRORS, Unusable, load_certificate, signature_holds
from hegui.readers.apk.signing_block import BadStructure

# A block with a chain of certificates has a few KB.
_MOST_BLOCK_BYTES = 1 << 20

_DIGEST_OIDS = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
# Signature OID to the kind of key and, where the OID fixes it, the digest.
_SIGNATURE_OIDS = {
    "1.2.840.113549.1.1.1": ("rsa", ""),
    "1.2.840.113549.1.1.4": ("rsa", "md5"),
    "1.2.840.113549.1.1.5": ("rsa", "sha1"),
    "1.2.840.113549.1.1.14": ("rsa", "sha224"),
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10040.4.1": ("dsa", ""),
    "1.2.840.10040.4.3": ("dsa", "sha1"),
    "2.16.840.1.101.3.4.3.1": ("dsa", "sha224"),
    "2.16.840.1.101.3.4.3.2": ("dsa", "sha256"),
    "1.2.840.10045.2.1": ("ec", ""),
    "1.2.840.10045.4.1": ("ec", "sha1"),
    "1.2.840.10045.4.3.1": ("ec", "sha224"),
    "1.2.840.10045.4.3.2": ("ec", "sha256"),
    "1.2.840.10045.4.3.3": ("ec", "sha384"),
    "1.2.840.10045.4.3.4": ("ec", "sha512"),
}
# The API level from which on every platform checks a digest with a key of this kind: where the signature OID names the
# key only, and where it names the same digest too. An OID with another digest worked on Android 5 and 6 alone.
_SINCE = {
    ("rsa", False): {"md5": 1, "sha1": 1, "sha224": 21, "sha256": 18, "sha384": 18, "sha512": 18},
    ("rsa", True): {"md5": 21, "sha1": 1, "sha224": 21, "sha256": 18, "sha384": 21, "sha512": 21},
    ("dsa", False): {"sha1": 1, "sha224": 22, "sha256": 22},
    ("dsa", True): {"sha1": 9, "sha224": 21, "sha256": 21},
    ("ec", False): {"sha1": 18, "sha224": 21, "sha256": 18, "sha384": 18, "sha512": 18},
    ("ec", True): {"sha1": 18, "sha224": 21, "sha256": 21, "sha384": 21, "sha512": 21},
}


def check_cms(
    apk: Container, entry: ZipEntry, sf: ZipEntry, low: int, weak: set[str], findings: Findings
) -> tuple[bytes, bytes | None] | None:
    """Check that the block signs the .SF file; returns the certificate, and the file's text when it holds."""
    at = entry.name
    raw = read_entry(apk, entry, _MOST_BLOCK_BYTES, findings)
    text = read_entry(apk, sf, MOST_MANIFEST_BYTES, findings)
    if raw is None or text is None:
        return None
    try:
        content = cms.ContentInfo.load(raw)
        if content["content_type"].native != "signed_data":
            raise BadStructure(f"content type {content['content_type'].native}")
        signed = content["content"]
        # What is not looked at below must still be what its place says, as in a parser that is not lazy.
        _ = [signed[part].native for part in ("version", "digest_algorithms", "encap_content_info")]
        infos = list(signed["signer_infos"])[: blocks.MOST_ITEMS]
        certificates = [each.chosen for each in signed["certificates"] or () if each.name == "certificate"]
        if not infos:
            findings.fault("v1", "NO_SIGNERS", "the block holds no signature", at)
            return None
        claimed = None
        # Before Android 7 only the first is looked at; since, the first that holds is taken.
        for info in infos if low >= NOUGAT else infos[:1]:
            _ = info["version"].native
            certificate = _find_certificate(certificates, info)
            claimed = claimed or (certificate and bytes(certificate.dump()))
            if certificate is None:
                findings.fault("v1", "NO_CERTIFICATE", "the block does not hold the signer's certificate", at)
            elif _check_signer_info(info, signed, certificate, text, low, weak, at, findings):
                return bytes(certificate.dump()), text
    except (BadStructure, *ASN1_ERRORS) as error:
        findings.fault("v1", "SIGNER_MALFORMED", f"{type(error).__name__}: {error}", at)
        return None
    if not any(fault.at == at for fault in findings.faults):
        findings.fault("v1", "SIGNATURE_DOES_NOT_VERIFY", f"it does not sign {sf.name}", at)
    return (claimed, None) if claimed else None


def _find_certificate(certificates: list[x509.Certificate], info: cms.SignerInfo) -> x509.Certificate | None:
    wanted = info["sid"].chosen
    for certificate in certificates:
        if isinstance(wanted, cms.IssuerAndSerialNumber):
            same_serial = certificate.serial_number == wanted["serial_number"].native
            if same_serial and (
                certificate["tbs_certificate"]["issuer"].dump() == wanted["issuer"].dump()
                or certificate.issuer == wanted["issuer"]
            ):
                return load_certificate(certificate.dump())
        elif certificate.key_identifier == wanted.native:
            return load_certificate(certificate.dump())
    return None


def _check_signer_info(
    info: cms.SignerInfo,
    signed: cms.SignedData,
    certificate: x509.Certificate,
    text: bytes,
    low: int,
    weak: set[str],
    at: str,
    findings: Findings,
) -> bool:
    """Whether this signature holds. What makes a platform refuse the whole file is a fault beside."""
    digest_oid = info["digest_algorithm"]["algorithm"].dotted
    signature_oid = info["signature_algorithm"]["algorithm"].dotted
    digest = _DIGEST_OIDS.get(digest_oid, "")
    kind, fixed = _SIGNATURE_OIDS.get(signature_oid, ("", ""))
    since = _SINCE.get((kind, bool(fixed)), {}).get(digest) if fixed in ("", digest) else None
    if since is None:
        findings.fault("v1", "ALGORITHM_REFUSED", f"signature {signature_oid} with digest {digest_oid}", at)
        return False
    if since > low:
        detail = f"{kind.upper()} with {digest} is checked from API level {since} on; {low} is supported"
        findings.fault("v1", "ALGORITHM_REFUSED", detail, at)
    if (usage := certificate.key_usage_value) is not None and not usage.native & {
        "digital_signature",
        "non_repudiation",
    }:
        findings.fault("v1", "CERTIFICATE_NOT_FOR_SIGNING", f"key usage is {sorted(usage.native)}", at)
        return False
    if strange := sorted(oid for oid in certificate.critical_extensions if re.match(r"\d+\.", oid)):
        findings.fault("v1", "CERTIFICATE_NOT_FOR_SIGNING", f"critical extension {strange[0]} is unknown", at)
        return False
    message = text
    attributes = info["signed_attrs"]
    if not isinstance(attributes, core.Void):
        if low < KITKAT:
            findings.fault("v1", "SIGNED_ATTRIBUTES_REFUSED", f"API level {low} is supported", at)
        if not _attributes_match(attributes, signed, hashlib.new(digest, text).digest()):
            return False
        # The attributes are signed as a SET, and stand here with a tag of their own.
        message = b"\x31" + attributes.dump()[1:]
    weak.add(digest)
    try:
        return signature_holds(certificate.public_key.dump(), kind, fixed or digest, info["signature"].native, message)
    except Unusable as problem:
        findings.fault("v1", problem.code, str(problem), at)
        return False


def _attributes_match(attributes: cms.CMSAttributes, signed: cms.SignedData, digest: bytes) -> bool:
    """Whether the signed attributes name this content. Raises BadStructure for a missing or repeated one."""
    values: dict[str, list[Any]] = {}
    for attribute in attributes:
        if attribute["type"].dotted in values:
            raise BadStructure(f"signed attribute {attribute['type'].dotted} stands twice")
        values[attribute["type"].dotted] = list(attribute["values"])
    kind, found = values.get("1.2.840.113549.1.9.3", []), values.get("1.2.840.113549.1.9.4", [])
    if len(kind) != 1 or len(found) != 1:
        raise BadStructure("signed attributes need one content type and one message digest")
    same_kind = kind[0].native == signed["encap_content_info"]["content_type"].native
    return same_kind and bool(found[0].native == digest)
