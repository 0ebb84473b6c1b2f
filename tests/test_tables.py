"""The JSON files made of TOML tables say what the TOML says."""

import tomllib
from pathlib import Path

import pytest

from hegui import tables


@pytest.mark.parametrize("path", tables.MADE, ids=lambda path: path.stem)
def test_the_json_says_what_the_toml_says(path: Path) -> None:
    made = tables.read(path)
    assert made.pop("_generated_by")
    assert made == tomllib.loads(path.read_text("utf-8")), f"{path.name} was changed: run tools/make_catalogue.py"
