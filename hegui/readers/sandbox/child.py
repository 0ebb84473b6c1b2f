"""The child: confine itself, then read stage after stage, and tell how each ended."""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn, cast

from hegui.readers.errors import ReadError
from hegui.readers.limits import Limits
from hegui.readers.sandbox.confine import confine
from hegui.readers.sandbox.messages import LENGTH, receive, tell
from hegui.readers.sandbox.stages import Fields, Layer, Partial, Reader, Step

_MOST_DESCRIPTORS = 4096


def live(talk: int, network: Layer) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        # Neither the control socket nor those of other children may reach code that reads hostile input.
        os.closerange(3, talk)
        os.closerange(talk + 1, _MOST_DESCRIPTORS)
        (length,) = LENGTH.unpack(receive(talk, LENGTH.size))
        request = json.loads(receive(talk, length))
        sys.path[:] = request["sys_path"]
        path, limits = Path(request["path"]), Limits(**request["limits"])
        reader = cast(Reader, importlib.import_module(request["kind"]))
        # Done already, unless the server was asked before it came to this kind. What fails here fails again in a stage.
        with contextlib.suppress(Exception):
            reader.prepare()
        layers = [*confine(path, limits), network]
        tell(talk, {"layers": [[layer.name, layer.in_force, layer.detail] for layer in layers]})
        _read_stages(talk, reader, path, limits, request["read"], request["states"])
        os._exit(0)
    finally:
        os._exit(70)


def _read_stages(talk: int, reader: Reader, path: Path, limits: Limits, read: Fields, states: dict[str, str]) -> None:
    state = reader.begin(path, limits, read)
    for step in reader.STAGES:
        if step.name in states:
            continue
        began = time.perf_counter()
        message = _run_step(step, state, states)
        states[step.name] = message["state"]
        read.update(message["fields"])
        tell(talk, {"stage": step.name, "seconds": time.perf_counter() - began, **message})


def _run_step(step: Step, state: Any, states: dict[str, str]) -> Fields:
    """Run one stage. Whatever goes wrong in it is its own failure; this is the edge where all of it is recorded."""
    for need in step.needs:
        if states[need] not in ("done", "partial"):
            return _message("skipped", "STAGE_FAILED", f"needs {need}, which is {states[need]}")
    try:
        result = step.run(state)
    except ReadError as error:
        return _message("failed", error.code, str(error)) | {"zh": error.words.zh, "en": error.words.en}
    except MemoryError:
        return _message("failed", "MEMORY_LIMIT", "needs more memory than the limits allow")
    except RecursionError:
        return _message("failed", "MALFORMED", "nested too deep")
    except Exception as error:
        return _message("failed", "CRASHED", _what_broke(error))
    if isinstance(result, Partial):
        return _message("partial", result.reason, result.detail, result.fields)
    return _message("done", "", "", result)


def _message(state: str, reason: str, detail: str, read: Fields | None = None) -> Fields:
    return {"state": state, "reason": reason, "detail": detail, "fields": read or {}}


def _what_broke(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}: {error}{where}"
