"""The shape of a class: what stays of it when every name of its package is changed (类形状), and its table of members.

Of its superclass, interfaces, fields and methods only the names of the platform are kept, for no shrinker may change those; every
other type is the same letter. A digest of that is compared with the builds in the catalogue. Renaming keeps a shape;
removing or merging members, which optimising shrinkers do too, does not.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

# Packages of the platform's own boot class path.
_PLATFORM = re.compile(rb"\[*(?:[VZBSCIJFD]$|L(?:java|javax|android|dalvik|org/json|org/w3c|org/xml|org/xmlpull)/)")
_NOT_PLATFORM = re.compile(rb"L(?:android/support|android/arch)/")
_TYPE = re.compile(rb"\[*(?:L[^;]*;|[VZBSCIJFD])")

STATIC, INTERFACE, ABSTRACT, SYNTHETIC = 0x8, 0x200, 0x400, 0x1000
# Classes that desugaring adds.
_MADE = re.compile(rb"\$\$(?:ExternalSynthetic|Lambda\$)|-CC$")
# A class with fewer members may be anybody's.
LEAST_MEMBERS = 8


@dataclass(frozen=True, slots=True)
class Members:
    """A class without its name. Types are descriptors; a field is access flags and type, a method access flags, name and
    prototype."""

    access: int
    parent: bytes
    interfaces: tuple[bytes, ...]
    fields: tuple[tuple[int, bytes], ...]
    methods: tuple[tuple[int, bytes, bytes], ...]


def shape(members: Members) -> str:
    """Twelve hexadecimal digits; "" for a class too plain to tell by its shape.

    What compilers add (synthetic members, class initialisers) is left out, for dexers change it.
    """
    fields = [b"%d%b" % (access & STATIC, _plain(kind)) for access, kind in members.fields if not access & SYNTHETIC]
    methods = [
        b"%d%b%b" % (access & STATIC, b"!" if name == b"<init>" else b"", _prototype(proto))
        for access, name, proto in members.methods
        if not access & SYNTHETIC and name != b"<clinit>"
    ]
    if len(fields) + len(methods) < LEAST_MEMBERS or len(set(methods)) < LEAST_MEMBERS // 2:
        return ""
    parts = (
        b"%d" % (members.access & (INTERFACE | ABSTRACT)),
        _plain(members.parent),
        *sorted(_plain(one) for one in members.interfaces),
        b"f",
        *sorted(fields),
        b"m",
        *sorted(methods),
    )
    return hashlib.blake2b(b"\0".join(parts), digest_size=6).hexdigest()


def named(name: bytes, members: Members) -> str:
    """A digest of a class and its members with their names; "" for a class that dexers make."""
    if _MADE.search(name):
        return ""
    # The order of both kinds of file differs.
    parts = sorted(
        [b"f%b" % kind for access, kind in members.fields if not access & SYNTHETIC]
        + [method + proto for access, method, proto in members.methods if not access & SYNTHETIC]
    )
    return hashlib.blake2b(b"\0".join((name, members.parent, *parts)), digest_size=16).hexdigest()


def together(digests: Iterable[str]) -> str:
    """One digest of those of many classes, in any order."""
    return hashlib.blake2b("".join(sorted(digests)).encode(), digest_size=16).hexdigest()


def _plain(kind: bytes) -> bytes:
    if _PLATFORM.match(kind) and not _NOT_PLATFORM.search(kind):
        return kind
    return b"[" * kind.count(b"[") + b"X"


def _prototype(proto: bytes) -> bytes:
    return b" ".join(_plain(one) for one in _TYPE.findall(proto))
