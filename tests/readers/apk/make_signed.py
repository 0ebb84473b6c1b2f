"""A small signer of APKs for tests: every scheme, and every way to get it wrong.

It shares no code with the verifier, so that both cannot be wrong in the same way.
"""

import base64
import datetime
import hashlib
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from asn1crypto import algos, cms, core, x509  # type: ignore[import-untyped]
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.x509.oid import NameOID

V2, V3, V31, PADDING = 0x7109871A, 0xF05368C0, 0x1B93AD61, 0x42726577
FOREVER = 0x7FFFFFFF
# Algorithm ID: digest of the signature, digest of the content, RSA-PSS.
ALGORITHMS = {
    0x0101: ("sha256", "sha256", True),
    0x0102: ("sha512", "sha512", True),
    0x0103: ("sha256", "sha256", False),
    0x0104: ("sha512", "sha512", False),
    0x0201: ("sha256", "sha256", False),
    0x0202: ("sha512", "sha512", False),
    0x0301: ("sha256", "sha256", False),
    0x0421: ("sha256", "verity", False),
    0x0423: ("sha256", "verity", False),
    0x0425: ("sha256", "verity", False),
}
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - to be refused or warned of
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha512": hashes.SHA512(),
}
_JAR_NAMES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA-256", "sha512": "SHA-512"}


@dataclass(frozen=True)
class Key:
    """A private key and its certificate in DER."""

    private: Any
    certificate: bytes

    @property
    def public(self) -> bytes:
        return bytes(
            self.private.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    def sign(self, message: bytes, digest: str = "sha256", *, pss: bool = False) -> bytes:
        algorithm = _HASHES[digest]
        if isinstance(self.private, rsa.RSAPrivateKey):
            scheme: padding.AsymmetricPadding = padding.PKCS1v15()
            if pss:
                scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            return self.private.sign(message, scheme, algorithm)
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(message, ec.ECDSA(algorithm))
        return bytes(self.private.sign(message, algorithm))


@cache
def key(kind: str = "ec", name: str = "Lantern", *, usage: str = "") -> Key:
    """A key made once a session. `kind`: ec, rsa, rsa1024, dsa; `usage` "none": a certificate that may not sign."""
    private: Any
    if kind == "ec":
        private = ec.generate_private_key(ec.SECP256R1())
    elif kind == "dsa":
        private = dsa.generate_private_key(2048)
    else:
        private = rsa.generate_private_key(65537, 1024 if kind == "rsa1024" else 2048)
    subject = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        certificates.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(0x1234)
        .not_valid_before(datetime.datetime(2024, 1, 1))
        .not_valid_after(datetime.datetime(2054, 1, 1))
    )
    if usage == "none":
        usages = certificates.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usages, critical=True)
    elif usage == "strange":
        strange = certificates.UnrecognizedExtension(certificates.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        builder = builder.add_extension(strange, critical=True)
    return Key(private, builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


# --- ZIP --------------------------------------------------------------------------------------------------------------

FILES = {"AndroidManifest.xml": b"\3\0\x08\0" * 40, "classes.dex": b"dex\n035\0" + bytes(range(256)) * 9, "res/a": b"x"}


def pack(files: Iterable[tuple[str, bytes]] | Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of the files, the same bytes each time. Pairs may repeat a name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def sections(apk: bytes) -> tuple[bytes, bytes, bytes]:
    """Entries, central directory, end record, for a ZIP without comment."""
    end = len(apk) - 22
    size, offset = struct.unpack_from("<II", apk, end + 12)
    return apk[:offset], apk[offset : offset + size], apk[end:]


# --- v1 ---------------------------------------------------------------------------------------------------------------


def _line(key_and_value: str) -> bytes:
    """A header wrapped after 70 bytes, as jarsigner does."""
    raw = key_and_value.encode()
    parts = [raw[:70], *(raw[at : at + 69] for at in range(70, len(raw), 69))]
    return b"\r\n ".join(parts) + b"\r\n"


def _digest(digest: str, content: bytes) -> str:
    return base64.b64encode(hashlib.new(digest, content).digest()).decode()


@dataclass(frozen=True)
class Jar:
    """The three files of a v1 signature; change one and put it in `files` to break it."""

    manifest: bytes
    sf: bytes
    block: bytes
    suffix: str

    def files(self, name: str = "CERT") -> dict[str, bytes]:
        return {
            "META-INF/MANIFEST.MF": self.manifest,
            f"META-INF/{name}.SF": self.sf,
            f"META-INF/{name}.{self.suffix}": self.block,
        }


def manifest(files: Mapping[str, bytes], digest: str = "sha256") -> bytes:
    out = b"Manifest-Version: 1.0\r\nCreated-By: tests\r\n\r\n"
    for name, content in files.items():
        out += _line(f"Name: {name}") + _line(f"{_JAR_NAMES[digest]}-Digest: {_digest(digest, content)}") + b"\r\n"
    return out


def signature_file(
    manifest: bytes,
    digest: str = "sha256",
    *,
    announces: str | None = None,
    whole: bool = True,
    names: Iterable[str] | None = None,
    more: str = "",
    version: str = "Signature-Version: 1.0",
) -> bytes:
    """A .SF file over the manifest. `whole`: with the digest of the whole; `names`: only these sections."""
    main, *rest = [part + b"\r\n\r\n" for part in manifest.split(b"\r\n\r\n")[:-1]]
    out = _line(version) if version else b""
    if announces is not None:
        out += _line(f"X-Android-APK-Signed: {announces}")
    if whole:
        out += _line(f"{_JAR_NAMES[digest]}-Digest-Manifest: {_digest(digest, manifest)}")
    out += _line(f"{_JAR_NAMES[digest]}-Digest-Manifest-Main-Attributes: {_digest(digest, main)}") + more.encode()
    out += b"\r\n"
    for section in rest:
        name = section.replace(b"\r\n ", b"").split(b"\r\n")[0].decode().removeprefix("Name: ")
        if names is None or name in names:
            out += _line(f"Name: {name}") + _line(f"{_JAR_NAMES[digest]}-Digest: {_digest(digest, section)}") + b"\r\n"
    return out


def cms_block(
    sf: bytes,
    signer: Key,
    digest: str = "sha256",
    *,
    attributes: bool = False,
    with_certificate: bool = True,
    signature_oid: str = "",
) -> bytes:
    """The CMS block over the .SF file, plain or with signed attributes."""
    certificate = x509.Certificate.load(signer.certificate)
    kind = {"rsa": "rsassa_pkcs1v15", "ec": "1.2.840.10045.2.1", "dsa": "dsa"}[certificate.public_key.algorithm]
    info: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": signature_oid or kind}),
    }
    message = sf
    if attributes:
        signed = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["data"]},
                {"type": "message_digest", "values": [core.OctetString(hashlib.new(digest, sf).digest())]},
            ]
        )
        info["signed_attrs"] = signed
        message = signed.dump()
    info["signature"] = signer.sign(message, digest)
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate] if with_certificate else [],
            "signer_infos": [cms.SignerInfo(info)],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": content}).dump())


def empty_cms() -> bytes:
    """A CMS block that nobody signed."""
    content = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data"},
        "signer_infos": [],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}).dump())


def jar(files: Mapping[str, bytes], signer: Key, digest: str = "sha256", **sf: Any) -> Jar:
    raw = manifest(files, digest)
    text = signature_file(raw, digest, **sf)
    suffix = {rsa.RSAPrivateKey: "RSA", ec.EllipticCurvePrivateKey: "EC", dsa.DSAPrivateKey: "DSA"}
    extension = next(name for kind, name in suffix.items() if isinstance(signer.private, kind))
    return Jar(raw, text, cms_block(text, signer, digest), extension)


def with_v1(files: Mapping[str, bytes], signer: Key, digest: str = "sha256", **sf: Any) -> bytes:
    return pack({**files, **jar(files, signer, digest, **sf).files()})


# --- The signing block ------------------------------------------------------------------------------------------------


def prefixed(*parts: bytes) -> bytes:
    joined = b"".join(parts)
    return struct.pack("<I", len(joined)) + joined


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def content_digest(apk: bytes, algorithm: str) -> bytes:
    """The digest over the three regions of a ZIP that has no signing block yet."""
    if algorithm == "verity":
        return _verity(apk)
    chunks = [part[at : at + (1 << 20)] for part in sections(apk) for at in range(0, len(part), 1 << 20)]
    digests = [hashlib.new(algorithm, b"\xa5" + u32(len(chunk)) + chunk).digest() for chunk in chunks]
    return hashlib.new(algorithm, b"\x5a" + u32(len(digests)) + b"".join(digests)).digest()


def _verity(data: bytes) -> bytes:
    length, level = len(data), data
    while True:
        level += bytes(-len(level) % 4096)
        pages = [level[at : at + 4096] for at in range(0, len(level), 4096)]
        level = b"".join(hashlib.sha256(bytes(8) + page).digest() for page in pages)
        if len(pages) == 1:
            return level + struct.pack("<Q", length)


def signer(
    apk: bytes,
    by: Key,
    algorithms: Iterable[int] = (0x0201,),
    *,
    sdk: tuple[int, int] | None = None,
    attributes: Iterable[tuple[int, bytes]] = (),
    signed_sdk: tuple[int, int] | None = None,
    certificate_list: Iterable[bytes] | None = None,
    public_key: bytes | None = None,
    digest_ids: Iterable[int] | None = None,
    before: Callable[[bytes], bytes] = bytes,
    change: Callable[[bytes], bytes] = bytes,
    corrupt_signature: bool = False,
) -> bytes:
    """One signer of v2, or with `sdk` of v3. The rest makes it wrong.

    `before` edits the signed data before it is signed, `change` after.
    """
    algorithms = tuple(algorithms)
    digests = b"".join(
        prefixed(u32(each), prefixed(content_digest(apk, ALGORITHMS.get(each, ("", "sha256"))[1])))
        for each in (algorithms if digest_ids is None else digest_ids)
    )
    chain = [by.certificate] if certificate_list is None else list(certificate_list)
    signed = prefixed(digests) + prefixed(*(prefixed(each) for each in chain))
    if sdk:
        signed += struct.pack("<II", *(signed_sdk or sdk))
    signed += prefixed(*(prefixed(u32(attribute), value) for attribute, value in attributes))
    signed = before(signed)
    signatures = b""
    for each in algorithms:
        digest, _, pss = ALGORITHMS.get(each, ("sha256", "", False))
        value = by.sign(signed, digest, pss=pss)
        value = value[:-1] + bytes([value[-1] ^ 1]) if corrupt_signature else value
        signatures += prefixed(u32(each), prefixed(value))
    out = prefixed(change(signed)) + (struct.pack("<II", *sdk) if sdk else b"") + prefixed(signatures)
    return prefixed(out + prefixed(by.public if public_key is None else public_key))


def scheme(*signers: bytes) -> bytes:
    return prefixed(*signers)


def lineage(*keys: Key, flags: int = 0x17, corrupt: bool = False, algorithm: int = 0x0201) -> bytes:
    """A proof of rotation from the first key to the last, all of them EC."""
    out = u32(1)
    for number, each in enumerate(keys):
        signed = prefixed(each.certificate) + u32(algorithm if number else 0)
        signature = keys[number - 1].sign(signed) if number else b""
        if corrupt and number:
            signature = keys[number].sign(signed)
        out += prefixed(
            prefixed(signed), u32(flags), u32(algorithm if number < len(keys) - 1 else 0), prefixed(signature)
        )
    return out


def with_block(apk: bytes, pairs: Iterable[tuple[int, bytes]], *, aligned: bool = False) -> bytes:
    """Put a signing block before the central directory. `aligned`: from page to page, as verity needs."""
    entries, directory, end = sections(apk)
    body = b"".join(struct.pack("<QI", len(value) + 4, pair) + value for pair, value in pairs)
    if aligned:
        missing = -(len(body) + 32 + 12) % 4096
        body += struct.pack("<QI", missing + 4, PADDING) + bytes(missing)
    size = struct.pack("<Q", len(body) + 24)
    block = size + body + size + b"APK Sig Block 42"
    end = end[:16] + u32(len(entries) + len(block)) + end[20:]
    return entries + block + directory + end


def align(apk: bytes) -> bytes:
    """Fill up the entries with zeros, so that a block after them begins on a page."""
    entries, directory, end = sections(apk)
    entries += bytes(-len(entries) % 4096)
    return entries + directory + end[:16] + u32(len(entries)) + end[20:]


def with_v2(apk: bytes, by: Key, algorithms: Iterable[int] = (0x0201,), **more: Any) -> bytes:
    return with_block(apk, [(V2, scheme(signer(apk, by, algorithms, **more)))])


def with_v3(apk: bytes, by: Key, algorithms: Iterable[int] = (0x0201,), **more: Any) -> bytes:
    more.setdefault("sdk", (28, FOREVER))
    return with_block(apk, [(V3, scheme(signer(apk, by, algorithms, **more)))])
