"""What a row says happened: from its words, its call and its stack to the fields of an event."""

from typing import Any

from hegui.catalogue.apis import Api
from hegui.catalogue.behaviours import by_method, by_words, fields_of, is_collector, settings_keys, uris
from hegui.catalogue.frames import frame_kind
from hegui.readers.trace.stacks import class_of

# A call reaches the platform through a few frames of its own; deeper ones belong to the caller's caller.
_DEEPEST_CALL = 8
_SETTINGS = ("android.provider.Settings$", "android.provider.Settings.")
_RESOLVER = "android.content.ContentResolver."


def meaning(words: str, method: str, frames: tuple[str, ...], args: tuple[str, ...]) -> dict[str, Any]:
    """The fields of hegui.facts.trace.What that the row tells; `type` is "api" when nothing more is known.

    `method` is `a.b.C.method` or a bare name. The words decide what happened, the call which entry of the catalogue it
    is. A read of the settings or of a content provider is told by its argument, whatever the collector calls it:
    several call every read of the settings a read of the Android ID.
    """
    said = by_words(words) if words else {}
    calls = (method,) if "." in method else _calls(frames)
    by_argument = _told_by_argument(calls, args)
    if by_argument is not None:
        return {"type": "api", **by_argument} | ({"phase": said["phase"]} if "phase" in said else {})
    candidates = next((found for call in calls if (found := by_method(call))), ()) or (
        by_method(method) if method else ()
    )
    if "type" in said:
        same = next(
            (one for one in candidates if one.get("pi_type") == said.get("pi_type") and one.get("pi_type")), None
        )
        return {**said, **same} if same else dict(said)
    if candidates and len({(one["type"], one.get("pi_type")) for one in candidates}) == 1:
        return {**said, **candidates[0]}
    return {"type": "api", **said}


def pi_types_of(frames: tuple[str, ...]) -> frozenset[str]:
    """All that the platform's calls on top of a stack may read; a read of the settings may be that of any known key."""
    found = {one.get("pi_type") for frame in frames[:_DEEPEST_CALL] for one in by_method(frame)}
    if any(frame.startswith(_SETTINGS) for frame in frames[:_DEEPEST_CALL]):
        found |= {api.pi_type for api in settings_keys().values()}
    return frozenset(kind for kind in found if kind)


def _calls(frames: tuple[str, ...]) -> tuple[str, ...]:
    """The platform's own frames on top of the stack, below those of the collector."""
    found: list[str] = []
    for frame in frames:
        owner = class_of(frame)
        if is_collector(owner):
            # The collector stands in for the call it watches and bears its name.
            found.clear()
            continue
        if frame_kind(owner) != "framework" or len(found) == _DEEPEST_CALL:
            break
        found.append(frame)
    return tuple(found)


def _told_by_argument(calls: tuple[str, ...], args: tuple[str, ...]) -> dict[str, Any] | None:
    """The fields, for a call whose argument tells what is read; None for any other call, or without arguments."""
    if not args:
        return None
    if any(call.startswith(_SETTINGS) for call in calls):
        return _fields(
            next((api for key, api in settings_keys().items() if any(key in _words(arg) for arg in args)), None)
        )
    if any(call.startswith(_RESOLVER) for call in calls) and any("content://" in arg for arg in args):
        return _fields(next((api for start, api in uris() if any(start in arg for arg in args)), None))
    return None


def _words(argument: str) -> set[str]:
    return {"".join(one if one.isalnum() or one == "_" else " " for one in argument)} | set(
        "".join(one if one.isalnum() or one == "_" else " " for one in argument).split()
    )


def _fields(api: Api | None) -> dict[str, Any]:
    return fields_of(api) if api else {}
