"""What logs call a behaviour (行为名称) → what it is: words, methods, AppOps operations, iOS resources; and who watches.

The words stand in words.toml. Methods need no list of their own: they are the targets of the API catalogue.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from hegui.catalogue.apis import Api, by_target, entry, of_kind
from hegui.catalogue.pi_types import WEAK_TRAITS

_HERE = Path(__file__).parent
_NOT_LETTERS = re.compile(r"[\W_]+")

# How an entry of the API catalogue shows on a timeline, where it is more than a call: RULES §2 has types of their own for
# sensors, location, files, requests, starts and loaded code.
_TYPES: dict[str, dict[str, str]] = {
    "camera.open": {"type": "sensor", "kind": "camera", "op": "open"},
    "camera.camerax_bind": {"type": "sensor", "kind": "camera", "op": "open"},
    "camera.take_picture": {"type": "sensor", "kind": "camera", "op": "capture"},
    "camera.camerax_picture": {"type": "sensor", "kind": "camera", "op": "capture"},
    "camera.preview_frames": {"type": "sensor", "kind": "camera", "op": "capture"},
    "camera.capture_session": {"type": "sensor", "kind": "camera", "op": "capture"},
    "camera.camerax_recording": {"type": "sensor", "kind": "camera", "op": "capture"},
    "camera.camerax_analysis": {"type": "sensor", "kind": "camera", "op": "capture"},
    "camera.recorder": {"type": "sensor", "kind": "camera", "op": "open"},
    "microphone.record": {"type": "sensor", "kind": "mic", "op": "open"},
    "microphone.recorder": {"type": "sensor", "kind": "mic", "op": "open"},
    "microphone.recorder_start": {"type": "sensor", "kind": "mic", "op": "capture"},
    "microphone.read": {"type": "sensor", "kind": "mic", "op": "capture"},
    "location.last_known": {"type": "loc", "op": "last", "mode": "single"},
    "location.current": {"type": "loc", "op": "fix", "mode": "single"},
    "location.single_update": {"type": "loc", "op": "fix", "mode": "single"},
    "location.updates": {"type": "loc", "op": "start", "mode": "updates"},
    "fused.google_last": {"type": "loc", "op": "last", "mode": "single"},
    "fused.google_current": {"type": "loc", "op": "fix", "mode": "single"},
    "fused.google_updates": {"type": "loc", "op": "start", "mode": "updates"},
    "fused.huawei_last": {"type": "loc", "op": "last", "mode": "single"},
    "fused.huawei_updates": {"type": "loc", "op": "start", "mode": "updates"},
    "fused.amap_start": {"type": "loc", "op": "start"},
    "fused.baidu_start": {"type": "loc", "op": "start"},
    "fused.tencent_start": {"type": "loc", "op": "start"},
    "sensor.step": {"type": "sensor", "kind": "body", "op": "open"},
    "sensor.heart_rate": {"type": "sensor", "kind": "body", "op": "open"},
    "sensor.listen": {"type": "sensor", "kind": "motion", "op": "open"},
    "media.files": {"type": "file", "op": "query"},
    "media.images": {"type": "file", "op": "query"},
    "media.videos": {"type": "file", "op": "query"},
    "media.audio": {"type": "file", "op": "query"},
}
_TYPE_OF_ACT = {"request_permission": "perm_req", "start": "start_app", "load_code": "load_code"}

# Framework classes behind the ones that apps name and the catalogue lists.
_IMPLEMENTATIONS = {
    "android.app.ApplicationPackageManager": "android.content.pm.PackageManager",
    "android.app.ContextImpl": "android.content.Context",
    "android.content.ContextWrapper": "android.content.Context",
}


@cache
def by_words(text: str) -> dict[str, Any]:
    """The fields that words of a log mean, by the longest known ones in the text; {} when none is known.

    A trait that is never a finding alone counts only when nothing else is named.
    Where in the run a row lies (`phase`) is found beside what happened: "同意前读取AndroidID" tells both.
    """
    plain = normal(text)
    found: dict[str, Any] = {}
    for words, fields in _words():
        if words in plain:
            if "phase" in fields:
                found.setdefault("phase", fields["phase"])
                # "同意隐私政策前" holds the words of the act itself, which did not happen.
                plain = plain.replace(words, "\n")
            elif "type" not in found:
                found |= fields
    return found


@cache
def by_method(name: str) -> tuple[dict[str, Any], ...]:
    """The fields of a call: `a.b.C.method`, or `method` alone when only one entry of the catalogue has it; () if unknown.

    Several where an argument decides which it is.
    """
    owner, _, method = name.rpartition(".")
    if not owner:
        found = _by_name().get(method, ())
        return (fields_of(found[0]),) if len({one.id for one in found}) == 1 else ()
    found = _by_method().get(
        f"{_IMPLEMENTATIONS.get(owner, owner)}.{method.removesuffix('AsUser').removesuffix('ForUser')}", ()
    )
    return tuple(fields_of(one) for one in found)


def fields_of(api: Api) -> dict[str, Any]:
    """An entry of the API catalogue as fields of an event."""
    known = _TYPES.get(api.id, {"type": _TYPE_OF_ACT.get(api.act, "api")})
    return known | {
        key: value
        for key, value in (("api_id", api.id), ("pi_type", api.pi_type), ("perm_group", api.perm_group))
        if value
    }


@cache
def settings_keys() -> dict[str, Api]:
    """Keys of the settings tables (android_id) → entry; a read of another key is no personal information."""
    return {target.rpartition("/")[2]: api for api in of_kind("settings_key") for target in api.targets}


@cache
def uris() -> tuple[tuple[str, Api], ...]:
    """Beginnings of content URIs, the longest first."""
    found = [(target, api) for api in of_kind("uri") for target in api.targets]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


@cache
def app_op(name: str) -> dict[str, Any] | None:
    """The fields of an AppOps operation; None for one that is not about personal information."""
    table = _table("permissions.toml")
    found: dict[str, Any] | None = table["app_ops"].get(table["aliases"].get(name, name))
    return found


@cache
def ios_resource(name: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _table("permissions.toml")["ios"].get(name)
    return found


@cache
def is_collector(class_name: str) -> bool:
    """Whether a class belongs to the tool that watches."""
    return any(class_name.startswith(prefix + ".") for prefix in _table("collectors.toml")["prefixes"])


@cache
def agreeing(text: str) -> str | None:
    """ "agree" or "refuse" when the text of a control says so (RULES D1)."""
    said = normal(text)
    for act in ("agree", "refuse"):
        table = _table("agreeing.toml")
        if said in {normal(word) for word in table[act]} or re.fullmatch(table[f"{act}_pattern"], said):
            return act
    return None


@cache
def shows_rules(text: str) -> bool:
    """Whether the name or text of a screen says that rules are put to the user."""
    said = normal(text)
    return any(normal(word) in said for word in _table("agreeing.toml")["screen"])


def normal(text: str) -> str:
    """Without case, width, blanks and punctuation."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


@cache
def _words() -> tuple[tuple[str, dict[str, Any]], ...]:
    found = []
    for row in _table("words.toml")["behaviour"]:
        fields = {key: value for key, value in row.items() if key != "words"}
        if "api_id" in fields and (api := entry(fields["api_id"])):
            fields = fields_of(api) | fields
        found += [(normal(words), fields) for words in row["words"]]
    # "运营商信息、IMSI" is about the IMSI, though the carrier is the longer word.
    return tuple(sorted(found, key=lambda one: (one[1].get("pi_type") in WEAK_TRAITS, -len(one[0]), one[0])))


@cache
def _by_method() -> dict[str, tuple[Api, ...]]:
    found: dict[str, dict[str, Api]] = {}
    for target, entries in by_target().items():
        owner, _, rest = target.partition("->")
        if "(" in rest:
            name = f"{owner[1:-1].replace('/', '.')}.{rest.partition('(')[0]}"
            found.setdefault(name, {}).update({one.id: one for one in entries})
    return {name: tuple(entries.values()) for name, entries in found.items()}


@cache
def _by_name() -> dict[str, tuple[Api, ...]]:
    found: dict[str, dict[str, Api]] = {}
    for name, entries in _by_method().items():
        if name.startswith(("android.", "java.")):
            found.setdefault(name.rpartition(".")[2], {}).update({one.id: one for one in entries})
    return {name: tuple(entries.values()) for name, entries in found.items()}


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text("utf-8"))
