"""What all tests share: the folder of real packages beside the project, when it is there, and golden files."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the golden files instead of comparing")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of texts and real packages that nobody here wrote. Skips where a clone stands alone."""
    if not SHARED.is_dir():
        pytest.skip(
            "../shared is absent: the checks against texts and packages kept outside the repository are skipped"
        )
    return SHARED


@pytest.fixture(scope="session")
def materials(shared: Path) -> Path:
    if not (shared / "materials").is_dir():
        pytest.skip("../shared/materials is absent: the checks against real packages are skipped")
    return shared / "materials"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user layer on the developer's machine must not change what the tests see."""
    monkeypatch.setenv("HEGUI_HOME", str(tmp_path / "hegui-home"))
