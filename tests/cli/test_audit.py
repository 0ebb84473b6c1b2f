"""`hegui audit` and its kin, run as a user runs them, on the demo apps."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from hegui.audit.file import schema
from hegui.cli.places import at_place
from hegui.readers.package import read_package

ROOT = Path(__file__).resolve().parent.parent.parent
BAD, GOOD = ROOT / "examples" / "lantern-bad.apk", ROOT / "examples" / "lantern-good.apk"


def hegui(*arguments: object, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hegui", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited")
    done = hegui("audit", BAD, "--out", folder, "--as-of", "2026-11-01", cwd=folder)
    assert done.returncode == 1, done.stderr
    return folder


def test_the_bad_app_ends_in_1_and_its_report_lists_every_duty(audited: Path) -> None:
    read = json.loads((audited / "audit.json").read_text("utf-8"))
    assert len(read["duties"]) == 260
    assert len({row["id"] for row in read["duties"]}) == 260
    assert read["summary"]["verdicts"]["violation"] >= 3
    assert (audited / "audit.html").stat().st_size > 10_000


def test_the_report_keeps_the_contract(audited: Path) -> None:
    read = json.loads((audited / "audit.json").read_text("utf-8"))
    jsonschema.validate(read, schema())
    assert {"schema", "tool", "law", "as_of", "inputs", "subject", "stages", "duties", "clauses", "summary"} <= set(
        read
    )
    for row in read["duties"]:
        assert {"id", "clause", "obligor", "verdict", "basis", "severity", "title", "evidence", "missing", "assumptions",
                "coverage", "repro"} <= set(row)  # fmt: skip
        assert row["verdict"] != "undetermined" or row["missing"], row["id"]
        assert row["verdict"] not in ("violation", "risk") or row["evidence"], row["id"]
        for piece in row["evidence"]:
            assert {"kind", "where", "excerpt", "sha256"} == set(piece)


def test_the_same_input_gives_the_same_bytes(audited: Path, tmp_path: Path) -> None:
    hegui("audit", BAD, "--out", tmp_path, "--as-of", "2026-11-01", cwd=tmp_path)
    for name in ("audit.json", "audit.html"):
        assert (tmp_path / name).read_bytes() == (audited / name).read_bytes()


def test_stored_facts_are_judged_like_the_package(audited: Path, tmp_path: Path) -> None:
    assert hegui("facts", BAD, "-o", tmp_path / "facts.json", cwd=tmp_path).returncode == 0
    done = hegui("judge", tmp_path / "facts.json", "--out", tmp_path, "--as-of", "2026-11-01", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "audit.json").read_bytes() == (audited / "audit.json").read_bytes()


def test_the_good_app_ends_in_0(tmp_path: Path) -> None:
    assert hegui("audit", GOOD, "--out", tmp_path, "--fail-on", "risk", cwd=tmp_path).returncode == 0


def test_never_failing_on_findings_ends_in_0(tmp_path: Path) -> None:
    assert hegui("audit", BAD, "--out", tmp_path, "--fail-on", "never", cwd=tmp_path).returncode == 0


def test_findings_already_in_the_baseline_do_not_count(audited: Path, tmp_path: Path) -> None:
    done = hegui("audit", BAD, "--out", tmp_path, "--baseline", audited / "audit.json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "新增或加重 0 项" in done.stdout


def test_a_finding_that_the_baseline_lacks_counts(audited: Path, tmp_path: Path) -> None:
    earlier = json.loads((audited / "audit.json").read_text("utf-8"))
    for row in earlier["duties"]:
        if row["id"] == "cac-2026:12.1.1":
            row["verdict"] = "risk"
    (tmp_path / "old.json").write_text(json.dumps(earlier), "utf-8")
    done = hegui("audit", BAD, "--out", tmp_path, "--baseline", tmp_path / "old.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "新增或加重 1 项" in done.stdout


def test_one_pack_alone_has_its_own_duties(tmp_path: Path) -> None:
    hegui("audit", BAD, "--out", tmp_path, "--regulation", "app-2021", cwd=tmp_path)
    read = json.loads((tmp_path / "audit.json").read_text("utf-8"))
    assert {row["regulation"] for row in read["duties"]} == {"app-2021"}
    assert [law["id"] for law in read["law"]] == ["app-2021"]


def test_evidence_is_found_again_by_the_command_the_report_prints(audited: Path) -> None:
    read = json.loads((audited / "audit.json").read_text("utf-8"))
    row = next(row for row in read["duties"] if row["id"] == "cac-2026:14.2.3")
    done = hegui("show", BAD, row["evidence"][0]["where"], cwd=audited)
    assert done.returncode == 0
    assert "ACCESS_BACKGROUND_LOCATION" in done.stdout
    assert "ACCESS_BACKGROUND_LOCATION" in hegui(*row["repro"].split()[1:], cwd=BAD.parent).stdout


@pytest.mark.parametrize("app", [BAD, GOOD, BAD.with_name("lantern-greedy.apk")], ids=lambda path: path.stem)
def test_every_place_in_the_evidence_can_be_shown(app: Path, tmp_path: Path) -> None:
    hegui("audit", app, "--out", tmp_path, cwd=tmp_path)
    read = json.loads((tmp_path / "audit.json").read_text("utf-8"))
    facts = read_package(app)
    places = {
        piece["where"] for row in read["duties"] for piece in row["evidence"] if piece["kind"] == "package_static"
    }
    assert places
    assert {place for place in places if not at_place(facts, place)} == set()


def test_screens_and_traffic_given_beside_a_package_are_facts(tmp_path: Path) -> None:
    (tmp_path / "screen.xml").write_text("<hierarchy><broken", "utf-8")
    (tmp_path / "flows.har").write_text('{"log": {"version": "1.2", "entries": []}}', "utf-8")
    given = ("--screens", "screen.xml", "--traffic", "flows.har")
    done = hegui("audit", GOOD, *given, "--out", "out", "--fail-on", "never", cwd=tmp_path)
    assert done.returncode == 3
    read = json.loads((tmp_path / "out" / "audit.json").read_text("utf-8"))
    assert {("screens", "screen.xml"), ("traffic", "flows.har")} <= {
        (one["kind"], one["name"]) for one in read["inputs"]
    }


RULES = """# 灯笼隐私政策

灯笼由星河示例科技有限公司运营，邮箱 privacy@example.com。登录时，我们为核验您的身份收集您填写的手机号。
"""


def test_the_rules_given_beside_a_package_are_judged(tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text(RULES, "utf-8")
    done = hegui("audit", GOOD, "--policy", "rules.md", "--out", "out", "--fail-on", "never", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    read = json.loads((tmp_path / "out" / "audit.json").read_text("utf-8"))
    row = next(row for row in read["duties"] if row["id"] == "cac-2026:7.1.1")
    assert row["verdict"] == "compliant"
    place = row["evidence"][0]["where"]
    assert "星河示例科技有限公司" in hegui("show", "rules.md", place, cwd=tmp_path).stdout
    assert "--policy rules.md" in row["repro"]


def test_a_log_given_beside_a_package_is_a_fact(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("not a log\n", "utf-8")
    done = hegui("audit", GOOD, "--trace", "log.csv", "--out", "out", "--fail-on", "never", cwd=tmp_path)
    assert done.returncode == 3
    read = json.loads((tmp_path / "out" / "audit.json").read_text("utf-8"))
    assert ("trace", "log.csv") in {(given["kind"], given["name"]) for given in read["inputs"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "absent.apk"], "absent.apk"),
        (["audit", "."], "目录"),
        (["audit", "empty.apk"], "空"),
        (["audit", "text.apk"], "text.apk"),
        (["audit", BAD, "--format", "sarif"], "尚不支持"),
        (["audit", BAD, "--format", "doc"], "不存在"),
        (["audit", BAD, "--regulation", "cac-2027"], "cac-2026"),
        (["audit", BAD, "--declare", "absent.toml"], "absent.toml"),
        (["audit", BAD, "--policy", "absent.html"], "absent.html"),
        (["audit", BAD, "--trace", "absent.log"], "absent.log"),
        (["audit", BAD, "--screens", "absent"], "absent"),
        (["audit", BAD, "--traffic", "absent.har"], "absent.har"),
        (["audit", BAD, "--baseline", "text.apk"], "text.apk"),
        (["audit", BAD, "--duty", "cac-2026:99"], "cac-2026:99"),
        (["audit", BAD, "--as-of", "tomorrow"], "--as-of"),
        (["audit", BAD, "--out", "text.apk/deeper"], "text.apk"),
        (["audit"], "PACKAGE"),
        (["audit", BAD, "--colour"], "--colour"),
        (["judge", "text.apk"], "text.apk"),
        (["show", BAD, "nowhere@0x0"], "nowhere"),
        (["explain", "cac-2026:99"], "cac-2026"),
        (["schema", "colour"], "colour"),
        (["nothing"], "nothing"),
    ],
)
def test_bad_usage_gets_one_clear_line_and_2(tmp_path: Path, arguments: list[object], said: str) -> None:
    (tmp_path / "empty.apk").write_bytes(b"")
    (tmp_path / "text.apk").write_bytes(b"no package\n" * 50)
    done = hegui(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not (tmp_path / "hegui-out").exists()


def test_errors_are_in_english_when_asked(tmp_path: Path) -> None:
    done = hegui("audit", "absent.apk", "--lang", "en", cwd=tmp_path)
    assert "cannot be read" in done.stderr


def test_a_changed_knob_is_told_in_the_report(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "knobs.toml").write_text('"nag.hours" = { value = 24, author = "甲（虚构）", reason = "更严" }', "utf-8")
    hegui("audit", GOOD, "--out", tmp_path, cwd=tmp_path, HEGUI_HOME=str(home))
    read = json.loads((tmp_path / "audit.json").read_text("utf-8"))
    assert read["knobs"]["nag.hours"] == 24
    assert any("甲（虚构）" in change for change in read["changes"])


_NO_SOCKETS = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise RuntimeError(f"an audit touched the network: {event} {arguments}")
    if event == "socket.__new__" and arguments[1] in (2, 10):
        raise RuntimeError("an audit made an internet socket")
sys.addaudithook(refuse)
from hegui.cli.main import main
sys.argv = ["hegui", "audit", sys.argv[1], "--out", sys.argv[2]]
main()
"""


def test_an_audit_touches_no_network(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _NO_SOCKETS, str(BAD), str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "network" not in done.stderr
    assert (tmp_path / "audit.json").exists()


def test_the_refusal_of_sockets_would_be_seen() -> None:
    program = _NO_SOCKETS.split("from hegui", maxsplit=1)[0] + "import socket; socket.socket(socket.AF_INET)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert "internet socket" in done.stderr
