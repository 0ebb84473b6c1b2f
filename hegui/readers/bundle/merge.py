"""The facts of several parts as those of one app, each with the part it comes from.

The platform takes permissions, levels, flags and the label from the base alone, and components from every part (AOSP
`ParsingPackageUtils.parseSplitApk`). Here the permissions of every part count, since a store that makes one APK of all
parts merges them, and a part may be all that says what the app is made for; `why_origin` tells when only a split asks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hegui.facts.package import (
    Certificate,
    Component,
    DeclaredPermission,
    Entry,
    NetworkSecurity,
    Permission,
    Queries,
    Signature,
    SignatureFault,
)
from hegui.facts.unread import Unread
from hegui.readers.apk import arsc
from hegui.readers.apk.manifest import manifest_facts
from hegui.readers.apk.manifest_names import MAX_TABLE_BYTES
from hegui.readers.apk.manifest_values import Form
from hegui.readers.bundle.parts import TABLE, Part
from hegui.readers.bundle.proto_table import JoinedTable, ProtoTable
from hegui.readers.bundle.splits import Member, Members
from hegui.readers.errors import Malformed, ReadError
from hegui.readers.sdk.recognise import MANIFEST

Facts = dict[str, Any]

# The languages in which a label is shown: other language splits need not be opened.
_LANGUAGES = ("zh", "en")
_FAULTS_PER_PART = 20
_OF_SPLITS = ("IS_SPLIT", "SPLITS_REQUIRED")


def merged_manifests(parts: Members) -> tuple[Facts, dict[str, ReadError]]:
    """The facts of all manifests, and the parts whose manifest could not be read. Raises ReadError for the base's."""
    tables = _Tables([each for each in (parts.base, *parts.others) if each.says is not None])
    base = parts.base.part
    found: Facts = manifest_facts(base, Form(base.xml, tables.reader(base)))
    levels = (found["min_sdk"], found["target_sdk"], found["target_sdk_written"])
    for key in ("application_at", "manifest_at"):
        found[key] = base.place(found[key]) if found[key] else ""
    found["permissions"] = _placed(base, found["permissions"])
    found["declared_permissions"] = _placed(base, found["declared_permissions"])
    found["components"] = _placed(base, found["components"])
    for key in ("queries", "network_security"):
        found[key] = _put(base, found[key])
    odd = [*parts.odd, *_odd(base, found, parts.others)]
    unread = dict(parts.unread)
    for each in parts.others:
        if each.says is None:
            continue
        read_levels = None if any(isinstance(level, Unread) for level in levels) else levels
        try:
            more = manifest_facts(each.part, Form(each.part.xml, tables.reader(each.part), read_levels))
        except ReadError as error:
            unread[each.part.name] = error
            continue
        if not each.part.manifest.complete:
            faults = ", ".join(each.part.manifest.faults[:3])
            unread[each.part.name] = Malformed(f"{MANIFEST} 不完整：{faults}", f"{MANIFEST} is cut short: {faults}")
        odd += _odd(each.part, more, parts.others)
        _add(found, each, more)
    return found | {"odd_entries": tuple(odd)}, unread


def _odd(part: Part, found: Facts, others: Sequence[Member]) -> tuple[Entry, ...]:
    """What is odd about a manifest. That it is one of several is odd only of one that stands alone."""
    return part.odd(entry for entry in found["odd_entries"] if not others or entry.problem not in _OF_SPLITS)


class _Tables:
    """The resource tables of all parts, opened when first asked for; what one refers to may stand in another."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._opened: dict[str, arsc.ResourceTable | None] = {}

    def reader(self, own: Part) -> Callable[[bytes, str], arsc.ResourceTable]:
        def read_table(data: bytes, name: str) -> arsc.ResourceTable:
            self._opened[own.name] = table = _table(own, data)
            others = [
                self._table(each.part) for each in self._members if each.part is not own and self._is_wanted(each)
            ]
            if not (several := [each for each in others if each is not None]):
                return table
            return JoinedTable([table, *several])

        return read_table

    def _is_wanted(self, member: Member) -> bool:
        says = member.says
        if says is None or says.name is None or says.config_for is None:
            return True
        return says.name.rpartition(".")[2] in _LANGUAGES

    def _table(self, part: Part) -> arsc.ResourceTable | None:
        if part.name not in self._opened:
            try:
                self._opened[part.name] = _table(part, part.read(TABLE, MAX_TABLE_BYTES)) if part.has(TABLE) else None
            except ReadError:
                # Its own manifest's reading tells that.
                self._opened[part.name] = None
        return self._opened[part.name]


def _table(part: Part, data: bytes) -> arsc.ResourceTable:
    return ProtoTable(data, part.place(TABLE)) if part.root else arsc.ResourceTable(data, TABLE)


def _add(found: Facts, member: Member, more: Facts) -> None:
    """Add what the manifest of a split says. A part of it that is not read leaves the base's: the stage tells."""
    part = member.part
    for key, add in (
        ("permissions", lambda old, new: _permissions(old, new, member)),
        ("components", lambda old, new: _unique(old, new, lambda one: (one.kind, one.name))),
        ("declared_permissions", lambda old, new: _unique(old, new, lambda one: one.name)),
    ):
        new = _placed(part, more[key])
        if isinstance(new, tuple) and isinstance(found[key], tuple):
            found[key] = add(found[key], new)
    for key in ("features", "plugin_hosts"):
        if isinstance(found[key], tuple) and isinstance(more[key], tuple):
            found[key] = tuple(dict.fromkeys((*found[key], *more[key])))
    if isinstance(found["meta_data"], dict) and isinstance(more["meta_data"], dict):
        found["meta_data"] = more["meta_data"] | found["meta_data"]
    if isinstance(old := found["queries"], Queries) and isinstance(new := more["queries"], Queries):
        found["queries"] = Queries(
            tuple(dict.fromkeys((*old.packages, *new.packages))),
            tuple(dict.fromkeys((*old.actions, *new.actions))),
            tuple(dict.fromkeys((*old.authorities, *new.authorities))),
            old.at or (part.place(new.at) if new.at else ""),
        )


def _permissions(old: tuple[Permission, ...], new: tuple[Permission, ...], member: Member) -> tuple[Permission, ...]:
    """The permissions of both. One asked for by several counts up to the highest limit; one written beats one added."""
    by_name = {one.name: one for one in old}
    for one in new:
        known = by_name.get(one.name)
        if known is None or (known.origin == "implied" and one.origin != "implied"):
            by_name[one.name] = replace(one, why_origin=_why(one.why_origin, member))
        elif one.origin != "implied" or known.origin == "implied":
            limits = (known.max_sdk, one.max_sdk)
            max_sdk = None if None in limits else max(limit for limit in limits if limit is not None)
            flags = tuple(flag for flag in known.flags if flag in one.flags or flag == "duplicate")
            by_name[one.name] = replace(known, max_sdk=max_sdk, flags=flags)
    return tuple(by_name.values())


def _why(why: str, member: Member) -> str:
    split = member.says.name if member.says and member.says.name else member.part.name
    only = f"仅由模块 {split} 的清单申请" if member.part.root else f"仅由拆分包 {split}（{member.part.name}）的清单申请"
    return f"{why}；{only}" if why else only


def _unique(old: tuple[Any, ...], new: tuple[Any, ...], key: Callable[[Any], object]) -> tuple[Any, ...]:
    """What is new by its key. The build tools copy a feature's components to the base, where they are not a second one."""
    known = {key(one) for one in old}
    return (*old, *(one for one in new if key(one) not in known))


def _placed(part: Part, several: Any) -> Any:
    return tuple(_put(part, one) for one in several) if isinstance(several, tuple) else several


def _put(part: Part, one: Any) -> Any:
    if isinstance(one, Permission | DeclaredPermission | Component | Queries | NetworkSecurity) and one.at:
        return replace(one, at=part.place(one.at))
    return one


# --- Signatures -------------------------------------------------------------------------------------------------------


def merged_signatures(checked: Sequence[tuple[Part, Mapping[str, Any]]], unreadable: Iterable[str]) -> Facts:
    """The signature facts of a set, the base first. Every part must verify, and be by the signer of the base.

    The signers and schemes are those of the base. A part that cannot be read leaves nothing to claim of the set.
    """
    (base, facts), *others = checked
    signature: Signature = facts["signature"]
    faults = list(_of_part(base, signature.faults))
    warnings = list(_of_part(base, signature.warnings))
    states = {signature.state}
    scheme = facts["sig_schemes"][-1] if facts["sig_schemes"] else "v2"
    for part, more in others:
        one: Signature = more["signature"]
        faults += _of_part(part, one.faults)
        warnings += _of_part(part, one.warnings)
        if one.state == "unsigned" != signature.state:
            faults.append(SignatureFault(scheme, "SIGNERS_DIFFER", "this part is not signed, the base is", part.name))
            states.add("broken")
        elif signature.state == "unsigned" != one.state:
            faults.append(SignatureFault(scheme, "SIGNERS_DIFFER", "this part is signed, the base is not", part.name))
            states.add("broken")
        else:
            states.add(one.state)
            here, there = _current(more["signers"]), _current(facts["signers"])
            if here and there and here != there:
                detail = f"this part is signed by {_short(here)}, the base by {_short(there)}"
                faults.append(SignatureFault(scheme, "SIGNERS_DIFFER", detail, part.name))
                states.add("broken")
    for name in unreadable:
        faults.append(SignatureFault(scheme, "ENTRY_UNREADABLE", "this part cannot be read, nor its signature", name))
        states.add("unsupported")
    state = next(each for each in ("broken", "unsupported", "unsigned", "verified") if each in states)
    return {
        "signers": facts["signers"],
        "sig_schemes": facts["sig_schemes"],
        "signature": Signature(state, tuple(faults), tuple(warnings), signature.lineage),
    }


def _of_part(part: Part, several: Sequence[SignatureFault]) -> list[SignatureFault]:
    return [replace(one, at=part.place(one.at)) for one in several[:_FAULTS_PER_PART]]


def _current(signers: Sequence[Certificate]) -> frozenset[str]:
    """The certificates that count on the newest platform: those that carry the newest scheme."""
    newest = max((scheme for one in signers for scheme in one.schemes), default="")
    return frozenset(one.sha256 for one in signers if newest in one.schemes)


def _short(digests: Iterable[str]) -> str:
    return ", ".join(sorted(digest[:16] for digest in digests))


def bundle_signature(facts: Mapping[str, Any]) -> Facts:
    """The signature of an App Bundle: that of a signed JAR, by the upload key.

    It tells who hands the bundle in; what users install is signed by the store, or by the developer when APKs are made of
    it. So an unsigned bundle is no unsigned app: nothing is known of the app's signature then.
    """
    signature: Signature = facts["signature"]
    if signature.state == "unsigned":
        unread = Unread("NO_PACKAGE", "a bundle without a signature: the APKs made of it carry the app's, give those")
        return {"signers": unread, "sig_schemes": unread, "signature": unread}

    def renamed(several: Iterable[SignatureFault]) -> tuple[SignatureFault, ...]:
        return tuple(replace(one, scheme=JAR_SCHEME) for one in several)

    note = SignatureFault(
        JAR_SCHEME, "UPLOAD_KEY", "a bundle is signed with the upload key, the APKs made of it with the app's"
    )
    return {
        "signers": tuple(replace(one, schemes=(JAR_SCHEME,)) for one in facts["signers"]),
        "sig_schemes": (JAR_SCHEME,),
        "signature": Signature(signature.state, renamed(signature.faults), (*renamed(signature.warnings), note)),
    }


# Not "v1": that is the same format read by the rules of a device, which never sees a bundle.
JAR_SCHEME = "jar"
