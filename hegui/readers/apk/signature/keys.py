"""Keys and certificates (密钥与证书): whether a signature was made with a key, and what a certificate says.

Sources: RFC 5280 (certificates), RFC 4514 (names as text).
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from asn1crypto import x509  # type: ignore[import-untyped]
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from hegui.facts.package import Certificate
from hegui.readers.apk.signature.findings import SCHEMES, Findings, Signed
from hegui.readers.apk.signing_block import BadStructure

# asn1crypto parses late and raises whatever a hostile structure trips over.
ASN1_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, MemoryError)
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - old packages are signed with it
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_RDN = {
    "common_name": "CN",
    "organizational_unit_name": "OU",
    "organization_name": "O",
    "locality_name": "L",
    "state_or_province_name": "ST",
    "country_name": "C",
    "email_address": "EMAILADDRESS",
    "domain_component": "DC",
    "user_id": "UID",
    "serial_number": "SERIALNUMBER",
    "street_address": "STREET",
}
# The key named testkey, published with the platform's sources (build/make/target/product/security).
_AOSP_TEST_KEY = "a40da80a59d170caa950cf15c18c454d47a39b26989d8b640ecd745ba71bf5dc"


class Unusable(Exception):
    """A key that cannot be used; `code` says whether it is bad or we cannot judge it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def signature_holds(
    public_key: bytes, kind: str, digest: str, signature: bytes, message: bytes, *, pss: bool = False
) -> bool:
    """Whether the signature was made over the message. `public_key` is a SubjectPublicKeyInfo in DER."""
    algorithm = _HASHES[digest]
    try:
        key = load_der_public_key(public_key)
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            scheme: padding.AsymmetricPadding = padding.PKCS1v15()
            if pss:
                scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            key.verify(signature, message, scheme, algorithm)
        elif kind == "ec" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(algorithm))
        elif kind == "dsa" and isinstance(key, dsa.DSAPublicKey):
            key.verify(signature, message, algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as error:
        raise Unusable("KEY_NOT_CHECKED", str(error)) from error
    except ValueError as error:
        raise Unusable("KEY_MALFORMED", str(error)) from error
    return True


def load_certificate(der: bytes) -> x509.Certificate:
    """Parse now what is needed later. Raises BadStructure."""
    try:
        certificate = x509.Certificate.load(der)
        inner = certificate["tbs_certificate"]
        for part in ("version", "serial_number", "issuer", "subject", "validity"):
            _ = inner[part].native
        _ = certificate.public_key.dump(), certificate.critical_extensions, certificate["signature_value"].native
        # RFC 5280, 4.1.1.2: the algorithm inside and outside must be the same.
        if inner["signature"].dump() != certificate["signature_algorithm"].dump():
            raise BadStructure("it names two signature algorithms")
    except ASN1_ERRORS as error:
        raise BadStructure(f"{type(error).__name__}: {error}") from error
    return certificate


def _name_text(name: Any) -> str:
    """A distinguished name as RFC 4514 writes it: the most specific part first."""
    parts = []
    for rdn in reversed(list(name.chosen)):
        for pair in rdn:
            kind = pair["type"].native
            value = re.sub(r'([,+"\\<>;])', r"\\\1", str(pair["value"].native))
            parts.append(f"{_RDN.get(kind, kind)}={value}")
    return ", ".join(parts)


def _key_text(certificate: x509.Certificate) -> tuple[str, int]:
    """The kind and size of the key, and the size of an RSA or DSA modulus that is comparable (0 for others)."""
    try:
        key = certificate.public_key
        if key.algorithm == "ec":
            return f"EC {key.curve[1]}", 0
        return f"{key.algorithm.upper()} {key.bit_size}", key.bit_size
    except ASN1_ERRORS:
        return "", 0


def certificate_fact(der: bytes, schemes: tuple[str, ...]) -> Certificate:
    digest = hashlib.sha256(der).hexdigest()
    try:
        certificate = load_certificate(der)
        validity = certificate["tbs_certificate"]["validity"]
        return Certificate(
            sha256=digest,
            subject=_name_text(certificate.subject),
            issuer=_name_text(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            not_before=_utc(validity["not_before"].native),
            not_after=_utc(validity["not_after"].native),
            key=_key_text(certificate)[0],
            schemes=schemes,
        )
    except (BadStructure, *ASN1_ERRORS):
        return Certificate(digest, "", "", "", "", "", schemes=schemes)


def _utc(moment: Any) -> str:
    return str(moment.isoformat()).replace("+00:00", "Z")


def certificate_facts(checked: Mapping[str, tuple[Signed, ...]], findings: Findings) -> tuple[Certificate, ...]:
    carried: dict[bytes, list[str]] = {}
    for scheme in reversed(SCHEMES):
        for signer in sorted(checked.get(scheme, ()), key=lambda each: -each.max_sdk):
            carried.setdefault(signer.certificate, []).append(scheme)
    facts = []
    for der, schemes in carried.items():
        ordered = tuple(name for name in SCHEMES if name in schemes)
        fact = certificate_fact(der, ordered)
        facts.append(fact)
        if "CN=Android Debug" in fact.subject or fact.sha256 == _AOSP_TEST_KEY:
            findings.warn(ordered[-1], "DEBUG_CERTIFICATE", fact.subject)
        kind, _, size = fact.key.partition(" ")
        if kind in ("RSA", "DSA") and int(size) < 2048:
            findings.warn(ordered[-1], "WEAK_KEY", f"{fact.key} bits; 2048 are the least today")
    return tuple(facts)
