"""audit.json is what the contract says, byte for byte."""

from hegui.audit.file import from_json
from hegui.report.json import to_json
from tests.report.example import audited, package


def test_what_is_written_can_be_read_back() -> None:
    file, _, _ = audited(package())
    assert from_json(to_json(file)) == file
