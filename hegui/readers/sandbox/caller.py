"""The caller's side of a reading: ask for children until every stage has ended, and keep what they tell."""

import contextlib
import importlib
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from hegui.facts.facts import Stage, StageState
from hegui.readers.errors import LimitReached, Malformed, NotSupported, ReadError
from hegui.readers.limits import MIB, Limits
from hegui.readers.sandbox.children import SERVER, Child
from hegui.readers.sandbox.stages import KINDS, Fields, Layer, Reader, Result, Step

_ERRORS: dict[str, type[ReadError]] = {kind.code: kind for kind in (ReadError, NotSupported, Malformed, LimitReached)}


def warm(*kinds: str) -> None:
    """Start the fork server, so that it imports the readers of these kinds while the caller does other things."""
    # What hinders it is told by `run`, which tries again.
    with contextlib.suppress(OSError):
        SERVER.start(kinds)


def run(kind: str, path: Path, limits: Limits, given: Fields | None = None) -> Result:
    """Read one input in confined children. A stage that kills its child is `failed`; the next child goes on after it.

    `given` is what the reader is told beside the input; its `begin` finds it in `read`.
    Safe to call from several threads. Raises ReadError only when no child can be started at all.
    """
    reader = cast(Reader, importlib.import_module(KINDS[kind]))
    told = _Told(path.name, limits)
    deadline = time.monotonic() + limits.wall_s
    children = 0
    server_lost = False
    while pending := [step for step in reader.STAGES if step.name not in told.stages]:
        if children and time.monotonic() >= deadline:
            told.ended(pending[0].name, "failed", "TIME_LIMIT", f"no time left of {limits.wall_s:g} s")
            continue
        children += 1
        request = {
            "kind": KINDS[kind],
            "path": str(path.absolute()),
            "limits": asdict(limits),
            "sys_path": sys.path,
            "read": told.fields | (given or {}),
            "states": {name: stage.state for name, stage in told.stages.items()},
        }
        with SERVER.child(kind) as child:
            child.send(request)
            reason, detail = told.listen(child, pending, deadline)
            code = child.end()
        left = [step for step in pending if step.name not in told.stages]
        if left and not reason and code is None and not server_lost:
            # Somebody ended the server, which is no stage's fault; once more with a new one.
            server_lost = True
            SERVER.stop(child.server)
        elif left:
            reason, detail = (reason, detail) if reason else _death(code, limits)
            told.ended(left[0].name, "failed", reason, detail)
    stages = tuple(told.stages[step.name] for step in reader.STAGES)
    return Result(stages, told.fields, told.errors, told.seconds, told.layers, children)


class _Told:
    """What the children of one reading have told so far. Nothing they say is trusted but for its shape."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.stages: dict[str, Stage] = {}
        self.fields: Fields = {}
        self.errors: dict[str, ReadError] = {}
        self.seconds: dict[str, float] = {}
        self.layers: tuple[Layer, ...] = ()

    def ended(self, stage: str, state: StageState, reason: str = "", detail: str = "") -> None:
        self.stages[stage] = Stage(stage, state, reason, detail)
        if state == "failed" and stage not in self.errors:
            kind, zh, en = ReadError, "请核实文件来源", "check the origin of the file"
            if reason in ("TIME_LIMIT", "MEMORY_LIMIT"):
                kind, zh, en = (
                    LimitReached,
                    "请只给出所需的部分，或分开给出",
                    "give the part in question only, or one by one",
                )
            self.errors[stage] = kind(
                f"{self.name}：{stage} 阶段未能读完（{reason}：{detail}）；{zh}",
                f"{self.name}: the stage {stage} could not be read ({reason}: {detail}); {en}",
            )

    def listen(self, child: Child, pending: list[Step], deadline: float) -> tuple[str, str]:
        """Take messages until the child ends or its time is up. The reason and detail, when we end it."""
        most = self.limits.answer_mb * MIB
        expected = iter(pending)
        while True:
            now = time.monotonic()
            stage_ends = now + self.limits.stage_s
            try:
                message = child.receive(min(stage_ends, deadline), most)
                if message is None:
                    return "", ""
                if "layers" in message:
                    self.layers = tuple(Layer(*layer) for layer in message["layers"])
                    continue
                step = next(expected, None)
                if step is None or message["stage"] != step.name:
                    return "BAD_ANSWER", "an answer out of turn"
                self._take(step, message)
            except TimeoutError:
                limit = self.limits.stage_s if stage_ends < deadline else self.limits.wall_s
                return "TIME_LIMIT", f"more than {limit:g} s"
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
                return "BAD_ANSWER", "an answer that is not as agreed"

    def _take(self, step: Step, message: Mapping[str, Any]) -> None:
        state, reason, detail = message["state"], str(message["reason"]), str(message["detail"])
        if state not in ("done", "partial", "failed", "skipped"):
            raise ValueError(state)
        read = {key: value for key, value in message["fields"].items() if key in step.fields}
        seconds = float(message["seconds"])
        if "zh" in message and state == "failed":
            zh, en = str(message["zh"]), str(message["en"])
            if self.name not in en:
                zh, en = f"{self.name}：{zh}", f"{self.name}: {en}"
            self.errors[step.name] = _ERRORS.get(reason, ReadError)(zh, en)
        self.fields |= read
        self.seconds[step.name] = seconds
        self.ended(step.name, state, reason, detail)


def _death(code: int | None, limits: Limits) -> tuple[str, str]:
    if code == -signal.SIGXCPU:
        return "TIME_LIMIT", f"more than {limits.cpu_s} s of processor time"
    if code is None:
        return "CRASHED", "the reading process was lost"
    if code == -signal.SIGABRT:
        # So ends a library that is no Python and gets no more memory.
        return "CRASHED", "the reading process died of SIGABRT, most often for lack of memory"
    if code < 0:
        return "CRASHED", f"the reading process died of {_signal_name(-code)}"
    return "CRASHED", f"the reading process ended with exit code {code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
