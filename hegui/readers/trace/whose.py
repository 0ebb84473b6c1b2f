"""Whose call an event is (归属, RULES D3): the whole stack is looked at, and the reason is told.

From the call outwards, the frames of the platform, of pure libraries, of web engines, wrappers and hardening shells and
of the tool that watches act for their caller and are passed over. The first other frame decides: an SDK's, the app's, or
nobody's known, which is "unknown" and never an SDK. An SDK that runs because the host called it is told apart from one
that acts by itself, by the outermost party on the stack.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from hegui.catalogue.behaviours import is_collector
from hegui.catalogue.frames import frame_kind
from hegui.catalogue.sdks import by_class
from hegui.facts.trace import Run, Stack, Trace
from hegui.readers.dex.whose import Owners
from hegui.readers.trace.stacks import class_of

# Kinds that hide who acts: told in the reason and kept in Stack.through.
_HIDING = ("webview", "wrapper", "shell")
# Where a stack with nobody on it but the platform and a web engine comes from: the engine's own start, not the app.
_SYSTEM_BY = "webview"


class Attribution:
    """Answers by class, kept per package: a million events have a few thousand stacks of a few hundred packages."""

    def __init__(self, package: str = "", hosts: Iterable[str] = ()) -> None:
        """`package` is the application id, "" when it is not known: then no frame can be told to be the app's own."""
        self._owners = Owners(package, hosts) if package else None
        self._package = package
        self._classes: dict[str, tuple[str, str]] = {}

    def of_stack(self, stack: Stack) -> Stack:
        """The stack with whose it is."""
        parties: list[tuple[str, str]] = []
        through: list[str] = []
        for frame in stack.frames:
            owner, kind = self._of_class(class_of(frame))
            if owner:
                parties.append((owner, frame))
            elif not parties and kind in _HIDING and kind not in through:
                through.append(kind)
        passed = f"，途经 {'、'.join(through)}" if through else ""
        if not parties:
            if through == [_SYSTEM_BY]:
                why = "栈上只有系统与网页引擎的代码 / nothing but the platform's and the web engine's code on the stack"
                return replace(stack, origin="system", why=why, through=tuple(through))
            why = "栈上没有应用或 SDK 的代码 / no code of the app or of an SDK on the stack" + passed
            return replace(stack, origin="unknown", why=why, through=tuple(through))
        candidates = tuple(dict.fromkeys(owner for owner, _ in parties))
        origin, frame = parties[0]
        outermost = parties[-1][0]
        is_sdk = origin not in ("app", "unknown")
        manner: Literal["", "own", "called_by_host"] = ""
        if is_sdk:
            manner = "called_by_host" if "app" in candidates else "own" if outermost == origin else ""
        why = f"由内向外第一个非框架帧 {frame} / first frame that acts for nobody: {frame}{passed}"
        if origin == "unknown":
            why += self._unknown(frame)
        return replace(
            stack,
            origin=origin,
            why=why,
            candidates=candidates,
            started_by=outermost,
            manner=manner,
            through=tuple(through),
        )

    def _unknown(self, frame: str) -> str:
        if self._owners is None:
            return "；未给出应用包名，无法辨认宿主代码 / the application id is not known"
        if all(len(part) <= 2 for part in class_of(frame).split(".")):
            return "；名称已混淆 / an obfuscated name"
        return "；不在应用包名下，也不属于已知 SDK / under no package known as the app's or an SDK's"

    def _of_class(self, name: str) -> tuple[str, str]:
        """The owner ("" for code that acts for its caller) and the kind of frame."""
        known = self._classes.get(name)
        if known is None:
            self._classes[name] = known = self._find(name)
        return known

    def _find(self, name: str) -> tuple[str, str]:
        if is_collector(name):
            return "", "collector"
        kind = frame_kind(name)
        sdk = by_class(name)
        if sdk is not None and kind != "wrapper":
            return sdk.id, ""
        if kind is not None:
            return "", kind
        if self._owners is not None:
            owner, _ = self._owners.of_class(name)
            return ("" if owner == "library" else owner), ""
        return "unknown", ""


def attributed(trace: Trace, package: str = "", hosts: Iterable[str] = ()) -> Trace:
    """The trace with every stack attributed. A run that names its own package is attributed by that one."""
    hosts = tuple(hosts)
    of_package: dict[str, Attribution] = {}

    def run_of(run: Run) -> Run:
        own = run.meta.package or package
        attribution = of_package.setdefault(own, Attribution(own, hosts if own == package else ()))
        return replace(run, stacks=tuple(attribution.of_stack(stack) for stack in run.stacks))

    return replace(trace, runs=tuple(run_of(run) for run in trace.runs))
