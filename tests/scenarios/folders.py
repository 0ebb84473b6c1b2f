"""A scenario folder: files as users give them, read by the real readers and judged, held against its expected.toml.

What the names of the files say:

    expected.toml        what RULES.md demands of this run: `about`, `package` (an APK of examples/), and under [duties]
                         `"cac-2026:13.1.1" = { verdict, missing, says }`; `beside` are findings that are not its subject
    rules.md             the privacy rules; rules.old.md those of the version before
    declare.toml         the declaration
    screens/             dumps and their index.jsonl
    *.har                traffic, with its *.canaries.toml and *.run.toml
    sheet.toml           the rows of a workbook, which the test writes as sheet.xlsx
    any other file       a log, with its *.run.toml
"""

import shutil
import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from hegui.audit import Audit, judge
from hegui.audit.run import Judgement
from hegui.cli.audit import with_declarations, with_old_policies, with_policies, with_screens, with_traces, with_traffic
from hegui.facts import Facts, Unread
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.package import read_package
from hegui.regulations import load_checks

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
_AS_OF = datetime(2026, 11, 22).date()
_OBSERVED = {"runtime_trace", "ui_dump", "network_capture"}


def expected(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expected.toml").read_text("utf-8"))


def read(folder: Path, into: Path) -> Facts:
    """The facts of a folder, read as `hegui audit` reads them. `into` is an empty folder for a copy with the workbook."""
    shutil.copytree(folder, into, dirs_exist_ok=True)
    sheet = into / "sheet.toml"
    if sheet.exists():
        _workbook(sheet, into / "sheet.xlsx")
    files = sorted(one for one in into.iterdir() if one.is_file())
    beside = ("expected.toml", "declare.toml", "sheet.toml", "rules.md", "rules.old.md")
    traffic = [one for one in files if one.suffix == ".har"]
    logs = [
        one
        for one in files
        if one not in traffic and one.name not in beside and not one.name.endswith((".run.toml", ".canaries.toml"))
    ]
    facts = _package(expected(folder).get("package"))
    facts = with_declarations(facts, [one for one in files if one.name == "declare.toml"])
    facts = with_policies(facts, [one for one in files if one.name == "rules.md"])
    facts = with_traces(facts, logs)
    facts = with_screens(facts, [one for one in into.iterdir() if one.name == "screens"])
    facts = with_traffic(facts, traffic)
    return with_old_policies(facts, [one for one in files if one.name == "rules.old.md"])


def _package(name: str | None) -> Facts:
    return _example(name) if name else Facts((), (), pkg=Unread("NO_PACKAGE"))


@cache
def _example(name: str) -> Facts:
    return read_package(EXAMPLES / name)


def _workbook(rows: Path, path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        for number, sheet in enumerate(tomllib.loads(rows.read_text("utf-8"))["sheet"], 1):
            page = book.add_worksheet(sheet.get("name", f"Sheet{number}"))
            for line, row in enumerate([sheet["heading"], *sheet["rows"]]):
                page.write_row(line, 0, row)


def judged(facts: Facts) -> Audit:
    return judge(facts, shipped(), load_checks(), _knobs(), _AS_OF)


@cache
def _knobs() -> dict[str, Any]:
    return {name: knob.value for name, knob in shipped_knobs().items()}


def differences(audit: Audit, wanted: dict[str, Any]) -> list[str]:
    """A line for each duty that came out otherwise, and for each accusation from observation that nobody asked for."""
    wrong = [f"{stage.name}: {stage.state} {stage.detail}" for stage in audit.stages if stage.state == "failed"]
    for one in audit.judgements:
        duty = one.duty.id
        if duty in wanted["duties"]:
            asked = wanted["duties"][duty]
            wrong += differs(one, asked["verdict"], asked.get("missing", ()), asked.get("says", ()))
        elif _accused(one) and wanted.get("beside", {}).get(duty) != one.verdict:
            wrong.append(f"{duty}: expected no finding, got {_told(one)}")
    return wrong


def differs(one: Judgement, verdict: str, missing: Sequence[str] = (), says: Sequence[str] = ()) -> list[str]:
    """In what a judgement is not as expected. The verdict "clear" asks that nothing observed accuses."""
    if one.verdict != verdict if verdict != "clear" else _accused(one):
        return [f"{one.duty.id}: expected {verdict}, got {_told(one)}"]
    codes = {each.code for each in one.missing}
    said = " ".join(finding.says.zh for finding in one.findings if finding.verdict in (None, one.verdict))
    return [
        *(f"{one.duty.id}: expected the code {code}, got {_told(one)}" for code in missing if code not in codes),
        *(f"{one.duty.id}: expected the words {words}, got {_told(one)}" for words in says if words not in said),
    ]


def _accused(one: Judgement) -> bool:
    """Whether a finding of violation or risk rests on what was seen; what rules text or a package say is for other tests."""
    return any(
        evidence.kind in _OBSERVED
        for finding in one.findings
        if finding.verdict in ("violation", "risk")
        for evidence in finding.evidence
    )


def _told(one: Judgement) -> str:
    said = "; ".join(
        f"[{answer.check}] {finding.verdict}: {finding.says.zh}"
        for answer in one.answers
        for finding in answer.findings
    )
    return f"{one.verdict} {[missing.code for missing in one.missing]} ({said})"
