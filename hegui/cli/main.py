"""The command `hegui`: parses, calls, prints, and ends with an exit code."""

import gc
import os
import sys
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path

from hegui.errors import HeguiError


def main() -> None:
    """Run, and turn every expected error into one clear line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A name of a file may hold bytes of no encoding, and a terminal's may lack a letter.
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(_run(sys.argv[1:]))
    except HeguiError as error:
        print(f"hegui: {error.words.in_('en' if _wants_english() else 'zh')}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader went away (`| head`): nothing more to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _run(words: list[str]) -> int:
    """Do what the words of the command line ask for; the exit code."""
    match words:
        # Making the commands takes as long as reading a package, and this one is run over whole collections of them.
        case ["facts", package, "-o", output] if not package.startswith("-"):
            # What it imports stays, and facts are trees: there is nothing to collect.
            gc.disable()
            from hegui.cli.facts import write_facts

            return write_facts(Path(package), Path(output))
    import typer

    from hegui.cli.app import app

    try:
        code = app(prog_name="hegui", standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "hegui"
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        print(f"{command}: {said} ({command} --help)", file=sys.stderr)
        return 2
    except typer.Abort:
        return 130
    return code if isinstance(code, int) else 0


def _wants_english() -> bool:
    words = sys.argv[1:]
    return "--lang=en" in words or ("--lang", "en") in pairwise(words)
