"""Declarations (声明): a TOML or JSON form, filled in and signed by a named person, becomes a Declaration fact."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from hegui.errors import HeguiError
from hegui.facts import Input
from hegui.facts.declaration import Declaration
from hegui.facts.json import declaration_from
from hegui.readers import toml
from hegui.readers.errors import ReadError, one_line

_LIMIT_BYTES = 1 << 20


def read_declaration(path: Path) -> tuple[Input, Declaration]:
    """Read one declaration. The form is described in docs/declaration.md; `hegui schema declaration` prints its schema.

    Raises ReadError that names the field. A file above 1 MiB is refused.
    """
    try:
        if path.stat().st_size > _LIMIT_BYTES:
            raise _wrong(path, "超过 1 MiB，不像声明表", "larger than 1 MiB, not a declaration form")
        data = path.read_bytes()
    except OSError as error:
        raise _wrong(path, f"无法读取：{error.strerror}", f"cannot be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
        form = json.loads(text) if path.suffix.lower() == ".json" else toml.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(
            path, f"不是有效的 TOML/JSON（UTF-8）：{one_line(error)}", f"not valid TOML/JSON (UTF-8): {one_line(error)}"
        ) from None
    try:
        made = declaration_from(form)
    except HeguiError as error:
        raise _wrong(path, error.words.zh, error.words.en) from None
    if not made.signed_by.strip() or not _is_date(made.signed_on):
        raise _wrong(
            path,
            "signed_by 须为具名的人，signed_on 须为日期（如 2026-11-01）",
            "signed_by names a person, signed_on is a date such as 2026-11-01",
        )
    approved = made.app.scenes_approved
    if approved and not (approved.by.strip() and _is_date(approved.on)):
        raise _wrong(
            path,
            "scenes_approved.by 须为具名的人，scenes_approved.on 须为日期（如 2026-11-02）",
            "scenes_approved.by names a person, scenes_approved.on is a date such as 2026-11-02",
        )
    return Input("declaration", path.name, hashlib.sha256(data).hexdigest(), len(data)), replace(made, at=path.name)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _wrong(path: Path, zh: str, en: str) -> ReadError:
    return ReadError(
        f"声明 {path.name}：{zh}；格式见 docs/declaration.md", f"declaration {path.name}: {en}; see docs/declaration.md"
    )
