"""The confined child process: what it bounds, what it reports, and that nothing is left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hegui.readers import sandbox
from hegui.readers.errors import LimitReached, Malformed, ReadError
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Result, children, run
from tests.readers.apk import make_zip

ROOT = Path(__file__).resolve().parents[2]

# A reader whose stages do what hostile input might make a reader do.
HEAD = """
import os, signal, socket, subprocess, sys, time
from dataclasses import dataclass
from hegui.readers.errors import Malformed
from hegui.readers.sandbox import Partial, Step

def prepare():
    pass

def begin(path, limits, read):
    return path, read

@dataclass(frozen=True)
class Leaf:
    name: str
    sizes: tuple

def good(state):
    return {"leaf": Leaf("ginkgo", (1, 2)), "length": len(state[0].read_bytes())}

def after(state):
    return {"twice": 2 * state[1]["length"]}
"""
TAIL = """
STAGES = (
    Step("good", good, ("leaf", "length")),
    Step("bad", bad, ("bad",)),
    Step("dependent", lambda state: {}, (), needs=("bad",)),
    Step("after", after, ("twice",), needs=("good",)),
)
"""

Runs = Callable[..., Result]


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    """Run the reader above with a stage `bad` of the given body, over a file of ten bytes."""
    name = f"reader_{os.getpid()}_{tmp_path.name}"
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sandbox.KINDS, "test", name)
    (tmp_path / "input").write_bytes(bytes(10))

    def read(body: str, **limits: Any) -> Result:
        (tmp_path / f"{name}.py").write_text(f"{HEAD}\ndef bad(state):\n    {body}\n{TAIL}", "utf-8")
        sys.modules.pop(name, None)
        return run("test", tmp_path / "input", Limits(**limits))

    yield read
    sys.modules.pop(name, None)


def test_stages_run_in_order_and_later_ones_see_what_earlier_ones_read(reading: Runs) -> None:
    result = reading("return {'bad': {'nested': [True, None, 0.5]}, 'undeclared': 1}")
    assert [(stage.name, stage.state) for stage in result.stages] == [
        ("good", "done"),
        ("bad", "done"),
        ("dependent", "done"),
        ("after", "done"),
    ]
    assert result.fields == {
        "leaf": {"name": "ginkgo", "sizes": [1, 2]},
        "length": 10,
        "bad": {"nested": [True, None, 0.5]},
        "twice": 20,
    }
    assert set(result.seconds) == {"good", "bad", "dependent", "after"}
    assert result.children == 1


# The stage's body, the limits, and how it is reported: reason, part of the detail, children used.
DEATHS: dict[str, tuple[str, dict[str, float], str, str, int]] = {
    "aborts": ("os.abort()", {}, "CRASHED", "died of SIGABRT", 2),
    "dies of a bad access": ("os.kill(os.getpid(), signal.SIGSEGV)", {}, "CRASHED", "died of SIGSEGV", 2),
    "ends the process": ("os._exit(3)", {}, "CRASHED", "exit code 3", 2),
    "sleeps": ("time.sleep(60)", {"stage_s": 1}, "TIME_LIMIT", "more than 1 s", 2),
    "computes without end": ("\n    while True: pass", {"cpu_s": 1}, "TIME_LIMIT", "processor time", 2),
    "asks for too much memory": ("return {'bad': len(bytearray(2**32))}", {}, "MEMORY_LIMIT", "memory", 1),
    "raises": ("return {'bad': 1 / 0}", {}, "CRASHED", "ZeroDivisionError: division by zero in reader_", 1),
    "recurses": ("return bad(state)", {}, "MALFORMED", "nested too deep", 1),
    "sends rubbish": ("[os.write(fd, b'\\xff' * 99) for fd in range(3, 9) if is_open(fd)]", {}, "BAD_ANSWER", "", 2),
    "answers too much": ("return {'bad': 'x' * 2**21}", {"answer_mb": 1}, "BAD_ANSWER", "not as agreed", 2),
    "answers no JSON": ("return {'bad': b'x'}", {}, "CRASHED", "exit code 70", 2),
}
IS_OPEN = """
    def is_open(fd):
        try: return os.fstat(fd)
        except OSError: return None
    """


@pytest.mark.parametrize("death", DEATHS)
def test_a_stage_that_fails_does_not_take_the_rest_with_it(reading: Runs, death: str) -> None:
    body, limits, reason, detail, children = DEATHS[death]
    # The server's start counts against the limits too, and is not what is tested.
    sandbox.run("apk", Path(__file__), Limits())
    result = reading(IS_OPEN + body if "is_open" in body else body, **limits)
    good, bad, dependent, after = result.stages
    assert (good.state, after.state) == ("done", "done")
    assert (bad.state, bad.reason) == ("failed", reason)
    assert detail in bad.detail
    assert (dependent.state, dependent.reason) == ("skipped", "STAGE_FAILED")
    assert result.fields["twice"] == 20
    assert "bad" not in result.fields
    assert result.children == children
    expected = LimitReached if reason in ("TIME_LIMIT", "MEMORY_LIMIT") else ReadError
    assert isinstance(result.errors["bad"], expected)


def test_time_for_all_stages_together_is_bounded(reading: Runs) -> None:
    # The server's start counts too, and is not what is tested.
    reading("return {}")
    began = time.monotonic()
    result = reading("time.sleep(60)", wall_s=1, stage_s=30)
    assert time.monotonic() - began < 10
    assert [stage.state for stage in result.stages] == ["done", "failed", "failed", "failed"]
    assert {stage.reason for stage in result.stages[1:]} == {"TIME_LIMIT"}


def test_a_read_error_crosses_with_its_kind_and_both_languages(reading: Runs) -> None:
    error = reading("raise Malformed('input：坏', 'input: bad')").errors["bad"]
    assert type(error) is Malformed
    assert (error.words.zh, error.words.en) == ("input：坏", "input: bad")


def test_a_read_error_that_does_not_name_the_file_is_given_its_name(reading: Runs) -> None:
    error = reading("raise Malformed('坏', 'bad')").errors["bad"]
    assert error.words.en == "input: bad"


def test_a_partial_stage_keeps_its_fields_and_lets_dependents_run(reading: Runs) -> None:
    result = reading("return Partial({'bad': 1}, 'MALFORMED', 'half of it')")
    assert result.stages[1].state == "partial"
    assert (result.stages[1].reason, result.stages[1].detail) == ("MALFORMED", "half of it")
    assert result.stages[2].state == "done"
    assert result.fields["bad"] == 1


def test_half_a_surrogate_pair_becomes_a_replacement_character(reading: Runs) -> None:
    assert reading("return {'bad': 'a\\ud800b'}").fields["bad"] == "a\ufffdb"


ATTEMPTS = {
    "read another file": "open('/etc/passwd').read()",
    "list a directory": "os.listdir('/etc')",
    "write beside the input": "open(str(state[0]) + '.new', 'w').write('x')",
    "write to the input": "open(state[0], 'r+b').write(b'x')",
    "remove the input": "os.unlink(state[0])",
    "open a socket": "socket.socket()",
    "start a program": "subprocess.run(['true'])",
    "run a shell": "os.system('true')",
    "fork": "os.fork()",
    "replace itself": "os.execv('/bin/true', ['true'])",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_child_cannot(reading: Runs, attempt: str) -> None:
    result = reading(f"return {{'bad': repr({ATTEMPTS[attempt]})}}")
    if "landlock" not in in_force(result) and "file" in attempt + ATTEMPTS[attempt]:
        pytest.skip("no landlock here: the file system is not closed")
    assert "bad" not in result.fields
    assert "PermissionError" in result.stages[1].detail


IN_A_FOLDER = """
    def attempt(act):
        try: return act()
        except PermissionError: return "refused"
    folder = state[0]
    return {"bad": [
        sorted(os.listdir(folder)),
        (folder / "inside").read_text(),
        attempt(lambda: (folder.parent / "outside").read_text()),
        attempt(lambda: os.listdir(folder.parent)),
        attempt(lambda: (folder / "link").read_text()),
        attempt(lambda: (folder / "new").write_text("x")),
    ]}
    """


def test_of_a_folder_a_child_reads_what_lies_in_it_and_nothing_else(reading: Runs, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside").write_text("read", "utf-8")
    (tmp_path / "outside").write_text("secret", "utf-8")
    (folder / "link").symlink_to(tmp_path / "outside")
    # The first stage of this reader takes a file, and fails over a folder.
    reading(IN_A_FOLDER)
    result = run("test", folder, Limits())
    if "landlock" not in in_force(result):
        pytest.skip("no landlock here: the file system is not closed")
    assert result.fields["bad"] == [["inside", "link"], "read", *["refused"] * 4]


def test_a_child_cannot_signal_the_caller(reading: Runs) -> None:
    result = reading(f"return {{'bad': os.kill({os.getpid()}, 0)}}")
    if "signals" not in str(result.confinement):
        pytest.skip("no landlock of ABI 6 here: signals are not scoped")
    assert "PermissionError" in result.stages[1].detail


def test_a_child_holds_no_descriptor_but_its_own(reading: Runs) -> None:
    find = "\n    found = []\n    for fd in range(100):\n        try: os.fstat(fd)\n        except OSError: continue\n"
    result = reading(f"{find}        found.append(fd)\n    return {{'bad': len(found)}}")
    # Standard input, output and error on the null device, and the socket to the caller.
    assert result.fields["bad"] == 4


def test_what_is_in_force_is_reported(reading: Runs) -> None:
    result = reading("return {}")
    assert {"RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE", "audit hook"} <= in_force(result)
    assert {layer.name for layer in result.confinement} >= {"landlock", "network namespace"}
    assert all(layer.detail for layer in result.confinement)


def in_force(result: Result) -> set[str]:
    return {layer.name for layer in result.confinement if layer.in_force}


def test_many_threads_read_at_once(reading: Runs, tmp_path: Path) -> None:
    reading("time.sleep(0.05); return {'bad': 1}")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: run("test", tmp_path / "input", Limits()), range(24)))
    assert all(result.fields["twice"] == 20 and result.children == 1 for result in results)
    assert children_of(children.SERVER._pid) == []


def test_the_server_imports_only_the_readers_that_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.apk").write_bytes(make_zip.duplicate_name())
    children.SERVER.stop()
    run("apk", tmp_path / "a.apk", Limits())
    loaded = Path(f"/proc/{children.SERVER._pid}/maps").read_text()
    assert "numpy" in loaded
    assert "lxml" not in loaded
    assert "pypdfium2" not in loaded


def test_a_server_that_was_ended_is_started_anew(reading: Runs) -> None:
    reading("return {'bad': 1}")
    os.kill(children.SERVER._pid, signal.SIGKILL)
    assert reading("return {'bad': 2}").fields["twice"] == 20


def children_of(pid: int) -> list[int]:
    """Living and unreaped children."""
    with contextlib.suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


# Neither guarded by __name__ nor free of threads and forks, as other people's programs are.
PROGRAM = """
import os, signal, sys
# A shell that puts a job in the background leaves it with the interrupt ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from hegui.readers import sandbox
from hegui.readers.limits import Limits
sandbox.KINDS["test"] = {name!r}
read = lambda: sandbox.run("test", Path({path!r}), Limits()).fields.get("twice")
sandbox.warm()
print("server", sandbox.children.SERVER._pid, flush=True)
"""


def program(tmp_path: Path, body: str, then: str) -> "subprocess.Popen[str]":
    (tmp_path / "reader_program.py").write_text(f"{HEAD}\ndef bad(state):\n    {body}\n{TAIL}", "utf-8")
    (tmp_path / "input").write_bytes(bytes(10))
    script = tmp_path / "program.py"
    script.write_text(PROGRAM.format(name="reader_program", path=str(tmp_path / "input")) + then, "utf-8")
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
    )


def test_a_program_without_a_main_guard_and_with_a_fork_can_read(tmp_path: Path) -> None:
    then = "print(read(), flush=True)\npid = os.fork()\nprint(read(), flush=True)\nif pid: os.waitpid(pid, 0)\n"
    out, err = program(tmp_path, "return {}", then).communicate(timeout=30)
    assert err == ""
    assert out.split()[2:].count("20") == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_the_caller_is_interrupted_or_killed(tmp_path: Path, number: signal.Signals) -> None:
    caller = program(tmp_path, "time.sleep(60)", "read()\n")
    assert caller.stdout
    assert caller.stderr
    server = int(caller.stdout.readline().split()[1])
    wait_for(lambda: bool(children_of(server)))
    child = children_of(server)[0]
    caller.send_signal(number)
    assert caller.wait(timeout=10) == -number
    wait_for(lambda: not (alive(server) or alive(child)))
    errors = caller.stderr.read()
    assert errors.count("Traceback") == (number == signal.SIGINT)
    caller.stdout.close()
    caller.stderr.close()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until, "it did not come about within 10 s"
        time.sleep(0.01)
