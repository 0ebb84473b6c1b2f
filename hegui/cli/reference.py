"""`hegui explain`, `schema` and `catalogue`: what the tool knows, without an app."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from hegui.cli.audit import Lang, LangOption


class SchemaName(StrEnum):
    facts = "facts"
    audit = "audit"
    declaration = "declaration"


catalogue = typer.Typer(help="已知的权限、应用类型等 / what is known of permissions, app types and more")


def explain(
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="义务编号，如 cac-2026:14.2.3 / a duty id")],
    lang: LangOption = Lang.zh,
) -> int:
    """解释一项义务：要求什么，凭什么判定 / What a duty demands, and which inputs settle it."""
    from hegui.cli.explain import explain as explained

    explained(duty, lang.value)
    return 0


def schema(name: Annotated[SchemaName, typer.Argument(help="facts | audit | declaration")]) -> int:
    """输出文件格式的 JSON Schema / Print the JSON Schema of a file format."""
    from hegui.audit import file
    from hegui.facts import json as facts_json
    from hegui.facts.declaration import Declaration

    if name is SchemaName.audit:
        made = file.schema()
    elif name is SchemaName.facts:
        made = facts_json.schema()
    else:
        made = facts_json.schema(Declaration, "hegui/declaration@1")
    typer.echo(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True))
    return 0


class CatalogueName(StrEnum):
    permissions = "permissions"
    app_types = "app-types"


@catalogue.command("list")
def list_(
    name: Annotated[CatalogueName, typer.Argument(help="permissions | app-types")], lang: LangOption = Lang.zh
) -> int:
    """列出一个目录 / List one catalogue."""
    if name is CatalogueName.app_types:
        from hegui.catalogue.app_types import app_types

        for kind in app_types():
            label = kind.en if lang is Lang.en else kind.zh
            typer.echo(f"{kind.no}\t{label}\t{' '.join(kind.groups)}")
        return 0
    from hegui.catalogue.permissions import GROUPS, permission, privacy_permissions

    for known in privacy_permissions():
        one = permission(known)
        if one is not None:
            label = one.label.in_(lang.value) if one.label else ""
            group = GROUPS[one.group].in_(lang.value) if one.group else ""
            typer.echo(f"{known}\t{group}\t{label}")
    return 0
