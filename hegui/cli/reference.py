"""`hegui explain`, `schema` and `catalogue`: what the tool knows, without an app."""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hegui.cli.audit import SHANGHAI, Lang, LangOption


class SchemaName(StrEnum):
    facts = "facts"
    audit = "audit"
    declaration = "declaration"
    trace_log = "trace-log"


catalogue = typer.Typer(help="已知的接口、SDK、权限、应用类型 / what is known of APIs, SDKs, permissions and app types")


def explain(
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="义务编号，如 cac-2026:14.2.3 / a duty id")],
    lang: LangOption = Lang.zh,
) -> int:
    """解释一项义务：要求什么，凭什么判定 / What a duty demands, and which inputs settle it."""
    from hegui.cli.explain import explain as explained

    explained(duty, lang.value)
    return 0


def schema(name: Annotated[SchemaName, typer.Argument(help="facts | audit | declaration | trace-log")]) -> int:
    """输出文件格式的 JSON Schema / Print the JSON Schema of a file format."""
    from hegui.audit import file
    from hegui.facts import json as facts_json
    from hegui.facts.declaration import Declaration

    if name is SchemaName.audit:
        made = file.schema()
    elif name is SchemaName.facts:
        made = facts_json.schema()
    elif name is SchemaName.trace_log:
        from hegui.readers.trace.schema import log_schema

        made = log_schema()
    else:
        made = facts_json.schema(Declaration, "hegui/declaration@1")
    typer.echo(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True))
    return 0


class CatalogueName(StrEnum):
    permissions = "permissions"
    app_types = "app-types"
    sdks = "sdks"
    apis = "apis"


@catalogue.command("list")
def list_(
    name: Annotated[CatalogueName, typer.Argument(help="permissions | app-types | sdks | apis")],
    lang: LangOption = Lang.zh,
) -> int:
    """列出一个目录 / List one catalogue."""
    if name is CatalogueName.app_types:
        from hegui.catalogue.app_types import app_types

        for kind in app_types():
            label = kind.en if lang is Lang.en else kind.zh
            typer.echo(f"{kind.no}\t{label}\t{' '.join(kind.groups)}")
        return 0
    if name is CatalogueName.sdks:
        from hegui.catalogue.sdks import FUNC_CLASSES, sdks

        for sdk in sdks():
            typer.echo(
                f"{sdk.id}\t{FUNC_CLASSES[sdk.func_class].in_(lang.value)}\t{sdk.name.in_(lang.value)}\t{sdk.operator}"
            )
        return 0
    if name is CatalogueName.apis:
        from hegui.catalogue.apis import apis

        for api in apis():
            typer.echo(f"{api.id}\t{api.kind}\t{api.pi_type}\t{api.name.in_(lang.value)}")
        return 0
    from hegui.catalogue.permissions import GROUPS, permission, privacy_permissions

    for known in privacy_permissions():
        one = permission(known)
        if one is not None:
            label = one.label.in_(lang.value) if one.label else ""
            group = GROUPS[one.group].in_(lang.value) if one.group else ""
            typer.echo(f"{known}\t{group}\t{label}")
    return 0


@catalogue.command("check")
def check() -> int:
    """检查目录：重复、失效、过宽的条目 / Find clashes, dead keys and over-broad entries."""
    from hegui.cli.catalogue_tools import run_check

    return run_check(datetime.now(SHANGHAI).date())


@catalogue.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="LibChecker 规则（zip、db）或 Exodus 追踪器 JSON / rules or trackers")],
    lang: LangOption = Lang.zh,
) -> int:
    """把他人的规则导入用户层 / Take others' rules into the user layer."""
    from hegui.cli.catalogue_tools import run_import

    return run_import(file, datetime.now(SHANGHAI).date())
