"""The command line with what nobody should give it: an exit code from 0 to 3, and one clear line in the language asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readers.screen import dumps
from tests.readers.trace.logs import LOG
from tests.readers.traffic import captures

APK = Path(__file__).resolve().parents[2] / "examples" / "lantern-good.apk"
# What no encoding has, as the name of a file.
NAME = os.fsdecode(b"\xff\xfe\x80")


def hegui(folder: Path, *words: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error, of a terminal that is strict about its letters."""
    made = subprocess.run(
        [sys.executable, "-c", "from hegui.cli.main import main; main()", *words],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=120,
    )
    return made.returncode, made.stdout.decode("utf-8"), made.stderr.decode("utf-8")


@pytest.mark.parametrize(
    ("lang", "says", "not_says"), [("zh", "是目录，这里需要一个文件", "a directory"), ("en", "a directory", "目录")]
)
def test_the_line_is_one_and_in_the_language_asked_for(tmp_path: Path, lang: str, says: str, not_says: str) -> None:
    (tmp_path / "a").mkdir()
    code, out, err = hegui(tmp_path, "timeline", "a", "--lang", lang)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert not_says not in err


@pytest.mark.parametrize("out", ["a.jsonl", "a.html", "a.txt"])
def test_a_name_of_no_encoding_can_be_read_and_written(tmp_path: Path, out: str) -> None:
    (tmp_path / NAME).write_text(LOG, "utf-8")
    code, _, err = hegui(tmp_path, "timeline", NAME, "--out", out)
    assert (code, "Traceback" in err) == (3, False), err
    assert (tmp_path / out).read_text("utf-8")


def test_names_of_no_encoding_reach_the_reports(tmp_path: Path) -> None:
    for end, data in {"log": LOG.encode(), "xml": dumps.NOTICE, "har": captures.har(captures.entry())}.items():
        (tmp_path / f"{NAME}.{end}").write_bytes(data)
    given = ("--trace", f"{NAME}.log", "--screens", f"{NAME}.xml", "--traffic", f"{NAME}.har")
    code, out, err = hegui(tmp_path, "audit", str(APK), *given, "--as-of", "2026-11-01", "--fail-on", "never")
    assert (code, err) == (3, ""), err
    assert "\\udcff" in out
    assert b"\\udcff" in (tmp_path / "hegui-out" / "audit.json").read_bytes()
    assert (tmp_path / "hegui-out" / "audit.html").read_text("utf-8")
