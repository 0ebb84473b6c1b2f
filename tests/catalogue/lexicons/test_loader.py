import re
import tomllib
from pathlib import Path

import pytest

from hegui.catalogue import lexicons
from hegui.catalogue.permissions import GROUPS, permission
from hegui.catalogue.pi_types import PI_TYPES
from hegui.catalogue.sdks import sdk

FOLDER = Path(lexicons.__file__).parent
FILES = sorted([*FOLDER.glob("*.toml"), *(FOLDER / "pi_types").glob("*.toml")])
FAMILIES = {"device_id", "biometric"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_lexicon_says_where_it_is_from(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    assert table["source"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", table["checked"])


def test_every_kind_of_personal_information_has_words_in_both_languages() -> None:
    words: dict[str, set[bool]] = {}
    for word, entries in lexicons.type_words().items():
        for one in entries:
            words.setdefault(one.type, set()).add(word.isascii())
    assert set(words) == set(PI_TYPES) | FAMILIES
    assert {code for code, found in words.items() if len(found) < 2} == set()


def test_words_are_folded() -> None:
    tables = (
        lexicons.type_words(),
        lexicons.permission_words(),
        lexicons.sdk_words(),
        dict.fromkeys(lexicons.recipient_words()),
    )
    assert [word for table in tables for word in table if word != word.lower()] == []


def test_permissions_are_known_names_or_groups() -> None:
    assert [
        one.name for one in lexicons.permission_words().values() if one.name not in GROUPS and not permission(one.name)
    ] == []
    assert set(GROUPS) <= {one.name for one in lexicons.permission_words().values()}


def test_sdk_names_stand_for_sdks_of_the_catalogue() -> None:
    assert [id for id in set(lexicons.sdk_words().values()) if sdk(id) is None] == []


def test_patterns_of_columns_compile() -> None:
    for _, pattern in lexicons.column_patterns():
        re.compile(pattern)


def test_the_nine_rights() -> None:
    assert list(lexicons.right_words()) == [
        "access", "copy", "transfer", "correct", "supplement", "delete", "restrict", "cancel", "withdraw",
    ]  # fmt: skip
