"""The commands of `hegui`. Anything heavy is imported inside the command that needs it."""

from typing import Annotated

import typer

from hegui import __version__
from hegui.cli.audit import audit, facts, judge, show
from hegui.cli.compose import compose
from hegui.cli.diff import diff
from hegui.cli.law import law
from hegui.cli.policy import policy
from hegui.cli.reference import catalogue, explain, schema
from hegui.cli.terminal import terminal
from hegui.cli.timeline import timeline
from hegui.cli.workdays import workdays

app = typer.Typer(
    name="hegui",
    help="合规：按两部征求意见稿逐项义务审查应用 / judge apps, duty by duty, against two consultation drafts",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(audit)
app.command()(facts)
app.command()(judge)
app.command()(show)
app.command()(diff)
app.command()(compose)
app.command()(explain)
app.command()(schema)
app.command()(timeline)
app.add_typer(terminal, name="terminal")
app.add_typer(policy, name="policy")
app.add_typer(law, name="law")
app.add_typer(catalogue, name="catalogue")
app.add_typer(workdays, name="workdays")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"hegui {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="版本 / version")
    ] = False,
) -> None:
    pass
