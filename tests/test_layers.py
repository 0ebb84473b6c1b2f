"""Imports point one way (docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

import hegui

ROOT = Path(hegui.__file__).parent

# Leaves everyone may import.
LEAVES = {"words", "errors", "home", "tables"}
ALLOWED = {
    "words": set(),
    "tables": set(),
    "errors": {"words"},
    "home": set(),
    "law": set(),
    "facts": set(),
    "catalogue": set(),
    "readers": {"facts", "catalogue"},
    "audit": {"law", "facts"},
    "regulations": {"law", "facts", "catalogue", "audit"},
    "compare": {"law", "facts", "catalogue", "audit"},
    "compose": {"law", "facts", "catalogue", "audit"},
    "report": {"law", "facts", "catalogue", "audit"},
    "cli": {"law", "facts", "catalogue", "readers", "audit", "regulations", "compare", "compose", "report"},
    "fleet": {"law", "facts", "catalogue", "readers", "audit", "regulations", "compare", "compose", "report", "cli"},
    "web": {"law", "facts", "catalogue", "readers", "audit", "regulations", "compare", "compose", "report", "fleet"},
}


def imports(path: Path) -> set[str]:
    """The layers of ours that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import; write the whole name"
            names = [f"{node.module}.{one.name}" if node.module == "hegui" else node.module for one in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("hegui.")}
    return found - {"__version__"}


FILES = [path for path in sorted(ROOT.rglob("*.py")) if path.parent != ROOT or path.stem in LEAVES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_layers_below_it(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert layer in ALLOWED, f"{path}: a folder that docs/architecture.md does not know"
    allowed = ALLOWED[layer] | LEAVES | {layer}
    assert imports(path) <= allowed, f"{layer} must not import {sorted(imports(path) - allowed)}"


def test_the_walk_sees_imports(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("def f():\n    from hegui.audit import run\n    import hegui.law.duty\n")
    assert imports(file) == {"audit", "law"}
