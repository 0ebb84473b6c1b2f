import hashlib
from pathlib import Path

import pytest

from hegui.facts.facts import Stage
from hegui.facts.policy import Policy
from hegui.facts.unread import Unread
from hegui.readers import sandbox
from hegui.readers.errors import ReadError
from hegui.readers.limits import Limits
from hegui.readers.policies import read_policies
from tests.readers.policy.files import Picture, Words, docx, p, pdf

_MAIN = "<title>甲应用隐私政策</title><h1>甲应用隐私政策</h1><p>我们收集您的<b>个人信息</b>。</p>".encode()
_LIST = b"# SDK list\n\n| Name | Purpose |\n|---|---|\n| **Example** | maps |\n"


def _written(folder: Path, **files: bytes) -> list[Path]:
    paths = []
    for name, data in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(data)
        paths.append(path)
    return paths


def test_documents_become_one_policy_with_places_in_its_text(tmp_path: Path) -> None:
    part = read_policies(_written(tmp_path, rules_html=_MAIN, sdks_md=_LIST))
    policy = part.value
    assert isinstance(policy, Policy)
    main, sdks = policy.documents
    assert (main.name, main.kind, main.form, main.lang, main.styled) == ("rules.html", "rules", "html", "zh", True)
    assert (sdks.name, sdks.kind, sdks.form, sdks.lang) == ("sdks.md", "sdk_list", "markdown", "en")
    assert main.sha256 == hashlib.sha256(_MAIN).hexdigest()
    assert policy.text[main.end : sdks.start] == "\n\n"
    (table,) = (block for block in policy.blocks if block.kind == "table")
    assert policy.said(table.spans[0]) == "Name\tPurpose\nExample\tmaps"
    assert table.spans[0].document == "sdks.md"
    assert table.parent is not None
    assert policy.said(policy.blocks[table.parent].spans[0]) == "SDK list"
    assert [
        policy.text[mark.start : mark.end] for block in policy.blocks for mark in block.marks if block.kind != "heading"
    ] == [
        "个人信息",
        "Example",
    ]
    assert [(one.kind, one.name, one.size_bytes) for one in part.inputs] == [
        ("policy", "rules.html", len(_MAIN)),
        ("policy", "sdks.md", len(_LIST)),
    ]
    assert {stage.name: stage.state for stage in part.stages} == {
        "policy document rules.html": "done",
        "policy document sdks.md": "done",
        "policy statements": "done",
    }


def test_the_same_files_give_the_same_policy(tmp_path: Path) -> None:
    paths = _written(tmp_path, rules_html=_MAIN, rules_docx=docx(p("我们收集信息。")))
    assert read_policies(paths).value == read_policies(paths).value


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [*_written(tmp_path / "a", rules_html=_MAIN), *_written(tmp_path / "b", rules_html=_MAIN)]
    policy = read_policies([*paths, paths[0]]).value
    assert isinstance(policy, Policy)
    assert [one.name for one in policy.documents] == ["a/rules.html", "b/rules.html", "a/rules.html (2)"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(pdf([[Picture(0, 0, 595, 842)]]), "POLICY_IMAGE_ONLY", id="scanned"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(50), "POLICY_IMAGE_ONLY", id="a picture"),
        pytest.param(b"<div id=app></div><script src=a.js></script>", "NO_POLICY", id="a shell"),
        pytest.param(b" \n", "NO_POLICY", id="blank"),
    ],
)
def test_rules_without_text_are_unread_and_never_empty(tmp_path: Path, data: bytes, reason: str) -> None:
    part = read_policies(_written(tmp_path, rules_html=data))
    assert isinstance(part.value, Unread)
    assert part.value.unread == reason
    assert "rules.html" in part.value.detail
    assert [stage.state for stage in part.stages] == ["partial"]


def test_a_document_that_could_not_be_read_is_named_beside_the_others(tmp_path: Path) -> None:
    scan = pdf([[Words(60, 700, "封面")], [Picture(0, 0, 595, 842)]])
    policy = read_policies(
        _written(tmp_path, rules_html=_MAIN, shell_html=b"<script src=a.js></script>", scan_pdf=scan)
    ).value
    assert isinstance(policy, Policy)
    main, shell, scanned = policy.documents
    assert not main.unread
    assert shell.start == shell.end
    assert shell.unread.startswith("NO_POLICY: ")
    assert scanned.start < scanned.end
    assert scanned.unread == "POLICY_IMAGE_ONLY: pages that are pictures: 2"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as DOCX", id="an old Word file"),
        pytest.param(b"%PDF-1.7\nnothing", "cannot be opened", id="a broken PDF"),
        pytest.param(b"PK\x03\x04nothing", "archive is broken", id="a broken archive"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says) as refused:
        read_policies(_written(tmp_path, rules_html=data))
    assert "rules.html" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_paths_that_are_no_files_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.html", Path("a\0b")):
        with pytest.raises(ReadError):
            read_policies([path])


def test_a_text_whose_statements_could_not_be_read_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = sandbox.Result((Stage("statements", "failed", "TIME_LIMIT", "more than 60 s"),), {}, {}, {}, (), 1)
    run = sandbox.run
    monkeypatch.setattr(
        sandbox, "run", lambda kind, path, limits: failed if kind == "policy_statements" else run(kind, path, limits)
    )
    part = read_policies(_written(tmp_path, rules_html=_MAIN))
    assert isinstance(part.value, Unread)
    assert "TIME_LIMIT" in part.value.detail


def test_a_document_past_its_limits_is_unread(tmp_path: Path) -> None:
    bomb = docx(p("信息" * 60_000_000))
    part = read_policies(_written(tmp_path, rules_docx=bomb), Limits(memory_mb=256))
    assert isinstance(part.value, Unread)
    assert part.stages[0].state == "failed"
