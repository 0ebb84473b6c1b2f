"""Composed rules pass the checks in everything they state."""

from dataclasses import replace
from pathlib import Path

import pytest

from hegui.audit import judge
from hegui.compose import PAGES
from hegui.compose.write_docx import to_docx
from hegui.compose.write_html import to_html
from hegui.compose.write_markdown import to_markdown
from hegui.facts import is_read
from hegui.law.packs import shipped
from hegui.readers.policies import read_policies
from hegui.regulations import load_checks
from tests.audit.test_run import DAY, KNOBS
from tests.compose.subjects import facts, subject

WRITERS = {
    "rules.md": lambda page: to_markdown(page).encode(),
    "rules.html": lambda page: to_html(page).encode(),
    "rules.docx": to_docx,
}
# What the text of the rules can settle by itself, and what must then be the verdict.
SETTLED = {
    "cac-2026:7.1.1": "compliant",
    "cac-2026:7.1.2.1": "compliant",
    "cac-2026:7.1.2.2": "compliant",
    "cac-2026:7.1.2.3": "compliant",
    "cac-2026:7.1.4": "compliant",
    "cac-2026:7.1.5": "compliant",
    "cac-2026:7.2": "compliant",
    "app-2021:6.1.2": "compliant",
}


@pytest.mark.parametrize("name", WRITERS)
def test_composed_rules_meet_what_they_state(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(WRITERS[name](PAGES["rules"](subject())))
    read = read_policies([path])
    assert is_read(read.value)
    assert [one.name for one in read.value.functions] == ["登录", "扫码", "实名认证"]
    assert [one.recipient for one in read.value.sharing] == ["星河短信服务（虚构）有限公司"]
    assert [one.name for one in read.value.sdks] == ["极光推送"]
    audit = judge(replace(facts(), policy=read.value, stages=read.stages), shipped(), load_checks(), KNOBS, DAY)
    verdicts = {one.duty.id: one for one in audit.judgements if "policy_text" in one.duty.evidence}
    bad = {
        id: [finding.says.zh for finding in one.findings if finding.verdict in ("violation", "risk")]
        for id, one in verdicts.items()
        if one.verdict in ("violation", "risk") and one.basis == "textual"
    }
    assert bad == {}
    assert {id: verdicts[id].verdict for id in SETTLED} == SETTLED
