"""What the facts say about a place that evidence names."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, cast

from hegui.facts import Facts, Unread
from hegui.facts.package import Package
from hegui.facts.policy import Policy
from hegui.facts.queries import policy_places

# What the manifest says as a whole, and what its <application> says: shown for evidence that points at either.
_OF_MANIFEST = (
    "name", "version_name", "version_code", "min_sdk", "target_sdk", "target_sdk_written", "shared_user_id", "permissions",
    "splits",
)  # fmt: skip
_OF_APPLICATION = (
    "label", "application", "debuggable", "allow_backup", "backup_rules", "cleartext_ok", "network_security", "meta_data",
)  # fmt: skip
_OF_SIGNATURE = ("sig_schemes", "signers", "signature")
# The places of evidence about the signatures as a whole.
SIGNATURES = ("META-INF/", "META-INF/, APK Signing Block", "signing block / META-INF")


def at_place(facts: Facts, place: str) -> str:
    """The records read at this place, as indented JSON, one after another; "" when there is none."""
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        return ""
    found = [record for record in _records(pkg) if getattr(record, "at", None) == place]
    # An SDK is found in several packages of code, each a place of it.
    if not isinstance(pkg.sdks, Unread):
        found += [one for one in pkg.sdks if place in one.at]
    told = [f"{type(record).__name__} {_json(record)}" for record in found]
    for where, names in ((pkg.manifest_at, _OF_MANIFEST), (pkg.application_at, _OF_APPLICATION)):
        if place == where and where:
            told.append(_part(pkg, names))
    if place in SIGNATURES:
        told.append(_part(pkg, _OF_SIGNATURE))
    return "\n".join(told)


def is_sentence(name: str, place: str) -> bool:
    """Whether the place is one of privacy rules in the file of this name."""
    return place.startswith(f"{name}@") and re.fullmatch(r"\d+-\d+", place.removeprefix(f"{name}@")) is not None


def at_sentence(policy: Policy, place: str) -> str:
    """The words at a place of privacy rules ("rules.html@120-180"); "" when there is no such place."""
    span = policy_places.at(policy, place)
    return policy.said(span) if span else ""


def _part(pkg: Package, names: tuple[str, ...]) -> str:
    whole = json.loads(_json(pkg))
    if "permissions" in names and isinstance(whole["permissions"], list):
        whole["permissions"] = [one["name"] for one in whole["permissions"]]
    return json.dumps({name: whole[name] for name in names}, ensure_ascii=False, indent=1)


def _json(record: Any) -> str:
    from hegui.facts.json import adapter

    return adapter(cast(Any, type(record))).dump_json(record, indent=1).decode()


def _records(part: Any) -> Iterator[Any]:
    if is_dataclass(part) and not isinstance(part, type):
        yield part
        for one in fields(part):
            yield from _records(getattr(part, one.name))
    elif isinstance(part, tuple):
        for member in part:
            yield from _records(member)
