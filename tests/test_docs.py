"""What a user can run is documented, and what the documents name exists."""

import re
from pathlib import Path

import pytest

from hegui.audit import CHECKS
from hegui.cli.app import app
from hegui.regulations import load_checks

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def commands() -> set[str]:
    own = {(one.name or one.callback.__name__) for one in app.registered_commands if one.callback}
    return own | {str(group.name) for group in app.registered_groups}


@pytest.mark.parametrize("readme", READMES)
def test_every_command_stands_in_the_readme(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    assert {name for name in commands() if f"./run {name}" not in text} == set()


@pytest.mark.parametrize("readme", READMES)
def test_every_command_in_the_readme_exists(readme: str) -> None:
    named = set(re.findall(r"^\./run ([a-z]+)", (ROOT / readme).read_text("utf-8"), re.MULTILINE))
    assert named - commands() == {"demo"}


@pytest.mark.parametrize("readme", READMES)
def test_what_the_readme_links_to_is_there(readme: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / readme).read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_check_says_what_it_tests() -> None:
    load_checks()
    assert [name for name, check in CHECKS.items() if len(check.about) < 30] == []
