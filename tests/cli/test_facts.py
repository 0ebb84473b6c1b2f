"""`hegui facts`: the way without a command line gives what the command line gives."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "examples" / "lantern-good.apk"

_MODULES = """
import sys
from hegui.cli.main import main
sys.argv = ["hegui", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print(end.code, *(name for name in ("typer", "pydantic", "numpy", "hegui.facts.trace") if name in sys.modules))
"""


def hegui(*words: object, program: tuple[str, ...] = ("-m", "hegui")) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *program, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=100, check=False)


def test_facts_are_the_same_with_and_without_the_command_line(tmp_path: Path) -> None:
    short, whole = tmp_path / "folder" / "short.json", tmp_path / "whole.json"
    for words in (("facts", GOOD, "-o", short), ("facts", GOOD, "--output", whole)):
        done = hegui(*words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert short.read_bytes() == whole.read_bytes()
    assert hegui("facts", GOOD).stdout.encode() == short.read_bytes()


def test_writing_facts_imports_neither_the_command_line_nor_what_only_children_need(tmp_path: Path) -> None:
    done = hegui("facts", GOOD, "-o", tmp_path / "facts.json", program=("-c", _MODULES))
    assert done.stdout == "0\n", done.stderr
    assert "typer" in hegui("facts", GOOD, "--output", tmp_path / "facts.json", program=("-c", _MODULES)).stdout


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_faults_are_one_line_either_way(option: str, tmp_path: Path) -> None:
    for words, named in (
        (("facts", tmp_path / "none.apk", option, tmp_path / "facts.json"), "none.apk"),
        (("facts", GOOD, option, GOOD / "facts.json"), "facts.json"),
    ):
        done = hegui(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("hegui: ")
        assert done.stderr.count("\n") == 1
        assert named in done.stderr
