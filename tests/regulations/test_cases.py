"""The cases beside the articles: each a small package, a duty and the verdict it must get. Data: artNN_*.toml.

A case is `name` (a sentence), `duty` (or `duties`, several that get the same), `verdict`, and what differs from a plain
package that asks for nothing: `permissions` by name (or tables), `components` as tables, `callsites` by `api` and what
differs from a site in the app's own code that a screen reaches, any other field of hegui.facts.package.Package, `decl`
as a declaration form; `policy` (a span is written as its words), `trace`, `ui` and `net` as tables of those facts;
`previous`, a case of its own, for the version before; `no_package = true` where none is given; optional `missing` (codes
that must be given) and `says` (words the deciding finding must hold).

A screen that several cases of a file show stands once in it, under `[screens.NAME]`, and is written as its name or as
`{ like = "NAME", … }` with what differs. A node may be its words alone, in brackets where it is a control, one below the
other; `signs = "read"` are those that the reader finds.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import hegui.regulations
from hegui.audit import judge
from hegui.catalogue.apis import entry
from hegui.catalogue.permissions import permission
from hegui.facts import Facts, Unread
from hegui.facts.json import adapter, declaration_from
from hegui.facts.package import (
    CallSite,
    Certificate,
    Component,
    Flags,
    NetworkSecurity,
    Package,
    Permission,
    Sdk,
    Signature,
)
from hegui.facts.policy import Policy
from hegui.facts.screens import Node, Ui
from hegui.facts.trace import Trace
from hegui.facts.traffic import Net
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.screen.signs import signs
from hegui.regulations import load_checks
from tests.packages import facts_of, package
from tests.policies import SHA256

FOLDER = Path(hegui.regulations.__file__).parent
FILES = sorted(FOLDER.glob("*/art*.toml"))
CASES: dict[str, dict[str, Any]] = {
    f"{path.parent.name}/{path.stem}: {duty}: {case['name']}": case | {"duty": duty, "shared": file.get("screens", {})}
    for path in FILES
    for file in [tomllib.loads(path.read_text("utf-8"))]
    for case in file["case"]
    for duty in case.get("duties", [case.get("duty")])
}
KNOBS = {name: knob.value for name, knob in shipped_knobs().items()}

# Fields of a case that are not fields of the package.
_PARTS: dict[str, Any] = {"policy": Policy, "trace": Trace, "ui": Ui, "net": Net}
_OWN = {
    "name", "duty", "duties", "verdict", "missing", "says", "permissions", "components", "decl", "unread", "actor", "previous",
    "no_package", "shared", *_PARTS,
}  # fmt: skip
_RECORDS: dict[str, Any] = {
    "signature": Signature,
    "network_security": NetworkSecurity,
    "signers": tuple[Certificate, ...],
    "sig_schemes": tuple[str, ...],
    "splits": tuple[str, ...],
    "callsites": tuple[CallSite, ...],
    "sdks": tuple[Sdk, ...],
    "flags": Flags,
    "unowned_code": tuple[str, ...],
}


def asks(row: str | dict[str, Any]) -> Permission:
    row = {"name": row} if isinstance(row, str) else dict(row)
    name = row.pop("name")
    name = name if "." in name else f"android.permission.{name}"
    known = permission(name)
    return Permission(
        name=name,
        group=known.group if known else None,
        dangerous=bool(known and known.dangerous),
        at=f"m@{name}",
        **row,
    )


def site(row: dict[str, Any]) -> dict[str, Any]:
    """A call site: what the catalogue says of its `api`, in an invented method of the app that a screen reaches."""
    known = entry(row["api"])
    place = {"cls": "Lcom/example/lantern/A;", "method": "a()V", "offset": 3, "at": "classes.dex@0x10", "origin": "app"}
    path = {
        "reach": ["component", "Lcom/example/lantern/Main;->onClick()V"],
        "why_origin": "class com.example.lantern.A",
    }
    said = {"pi_type": None, "perm_group": None, "target": "Landroid/x;->y()V"}
    if known is not None:
        said = {"pi_type": known.pi_type or None, "perm_group": known.perm_group or None, "target": known.targets[0]}
    return place | path | said | row


def made(case: dict[str, Any]) -> Package:
    rows = case.get("callsites", [])
    case = case | {"callsites": [site(row) for row in rows]} if rows else case
    flags = {"packer": None} | case["flags"] if "flags" in case else None
    case = case | {"flags": flags} if flags else case
    fields = {
        key: adapter(_RECORDS[key]).validate_python(value) if key in _RECORDS else value
        for key, value in case.items()
        if key not in _OWN
    }
    fields["permissions"] = tuple(asks(row) for row in case.get("permissions", []))
    fields["components"] = adapter(tuple[Component, ...]).validate_python(case.get("components", []))
    fields |= {part: Unread("NO_PACKAGE", "cut off") for part in case.get("unread", [])}
    return package(**fields)


def rules(table: dict[str, Any]) -> dict[str, Any]:
    """The rules of a case: one document unless `documents` are given; a span is written as the words that stand there."""
    text = table.get("text", "")
    whole = {"name": "rules.txt", "kind": "rules", "sha256": SHA256, "start": 0, "end": len(text), "form": "text"}
    table = {"text": text, "documents": [whole]} | table

    def place(words: str) -> dict[str, Any]:
        start = text.index(words)
        within = next(one for one in table["documents"] if one["start"] <= start < one["end"])
        return {"document": within["name"], "start": start, "end": start + len(words)}

    def placed(part: Any, key: str = "") -> Any:
        if isinstance(part, str) and key in ("span", "spans"):
            return place(part)
        if isinstance(part, dict):
            if "words" in part and key == "marks":
                there = place(part["words"])
                part = {name: value for name, value in part.items() if name != "words"} | {
                    "start": there["start"],
                    "end": there["end"],
                }
            return {name: placed(value, name) for name, value in part.items()}
        return [placed(one, key) for one in part] if isinstance(part, list) else part

    made: dict[str, Any] = placed(table)
    return made


def screen(given: str | dict[str, Any], shared: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A screen of a case: as it stands, or one of the file's with what differs. Its id is the name it has there."""
    given = {"like": given} if isinstance(given, str) else given
    if "like" in given:
        name = given["like"]
        given = {"id": name} | shared[name] | {key: value for key, value in given.items() if key != "like"}
    nodes = [node(one, row) for row, one in enumerate(given.get("nodes", []))]
    if given.get("signs") == "read":
        seen = adapter(tuple[Node, ...]).validate_python(nodes)
        given = given | {"signs": signs(seen, given["owner"], given["activity"])}
    return given | {"nodes": nodes}


def node(given: str | dict[str, Any], row: int) -> dict[str, Any]:
    """A node of a case: as it stands, or made of its words."""
    if not isinstance(given, str):
        return given
    bounds = [0, 100 * row, 1080, 100 * row + 100]
    return {"id": str(row), "text": given.strip("[]"), "clickable": given.startswith("["), "bounds": bounds}


def facts(case: dict[str, Any]) -> Facts:
    more: dict[str, Any] = {"decl": declaration_from(case["decl"])} if "decl" in case else {}
    given = case | {"policy": rules(case["policy"])} if "policy" in case else case
    if "ui" in given:
        shown = [screen(one, case.get("shared", {})) for one in given["ui"].get("screens", [])]
        given = given | {"ui": given["ui"] | {"screens": shown}}
    more |= {part: adapter(kind).validate_python(given[part]) for part, kind in _PARTS.items() if part in given}
    if "previous" in case:
        more["previous"] = facts(case["previous"])
    if case.get("no_package"):
        return Facts((), (), **more)
    return facts_of(made(case), **more)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_case(case: dict[str, Any]) -> None:
    audit = judge(facts(case), shipped(), load_checks(), KNOBS, date(2026, 11, 1))
    assert [stage for stage in audit.stages if stage.state == "failed"] == []
    one = next(one for one in audit.judgements if one.duty.id == case["duty"])
    assert one.verdict == case["verdict"], [finding.says.zh for finding in one.findings]
    assert set(case.get("missing", [])) <= {lack.code for lack in one.missing}
    if one.verdict == "undetermined":
        assert one.missing
    said = " ".join(finding.says.zh for finding in one.findings)
    for words in case.get("says", []):
        assert words in said
    if "actor" in case:
        assert case["actor"] in {finding.actor for finding in one.findings}


def test_every_check_has_a_case_for_each_of_its_duties() -> None:
    covered = {case["duty"] for case in CASES.values()}
    tied = {duty for one in load_checks() for duty in one.duties}
    assert tied <= covered, f"duties with a check but no case: {sorted(tied - covered)}"


def test_every_deciding_check_is_seen_to_find_and_to_stay_silent() -> None:
    """For each check some case makes it yield a finding and some case makes it yield another verdict or nothing."""
    results: dict[str, set[str]] = {}
    for case in CASES.values():
        audit = judge(facts(case), shipped(), load_checks(), KNOBS, date(2026, 11, 1))
        for one in audit.judgements:
            if one.duty.id == case["duty"]:
                for answer in one.answers:
                    verdicts = {str(finding.verdict) for finding in answer.findings} or {"silent"}
                    results.setdefault(answer.check, set()).update(verdicts)
    for check in load_checks():
        seen = results.get(check.name, set())
        assert len(seen) > 1 or seen == {"None"}, f"{check.name}: only ever {seen}"
