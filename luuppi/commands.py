"""The map of the command line: what a person types → the Django command that does it. Each stage keeps its own commands."""

import argparse
import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, get_commands, load_command_class
from django.core.management.base import SystemCheckError
from django.db.utils import OperationalError, ProgrammingError

from luuppi.errors import Refusal

# Two words on the command line are one command: `luuppi organisation create` is organisation_create.
PUBLIC = {
    "serve": "migrate if needed, then web, worker and figures service as one process group",
    "web": "the web server alone",
    "worker": "the background worker alone",
    "figures": "the figures service alone",
    "demo": "load the demo organisation (again: changes nothing)",
    "organisation create": "make an organisation: SLUG --name NAME",
    "member add": "make a person a member: EMAIL --organisation SLUG --role ROLE",
    "token create": "make an API token: --organisation SLUG [--scope …]; printed once",
    "import feedback": "import a file: FILE --organisation SLUG [--mapping NAME|FILE] [--dry-run] [--json]",
    "backup": "write everything into one file",
    "restore": "bring a backup back",
    "rebuild": "recompute all that is derived",
    "doctor": "say what is wrong and how to put it right",
    "migrate": "bring the database up to date",
}

_OF_DJANGO = {"version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks"}  # nothing that one needs here


def overview() -> str:
    lines = [f"  {name:<22}{what}" for name, what in PUBLIC.items()]
    return (
        "luuppi: closed-loop customer feedback\n\n"
        + "\n".join(lines)
        + "\n\n`luuppi COMMAND --help` tells more. Settings are environment variables: docs/settings.md."
    )


def run(arguments: list[str]) -> int:
    name, rest = _command(arguments)
    if name not in get_commands():
        print(f"There is no command {' '.join(arguments[:2])}. `luuppi --help` lists them.", file=sys.stderr)
        return 2
    try:
        command, options = _understand(name, rest)
        command.execute(*options.pop("args", ()), **options)
    except Refusal as refusal:
        print(str(refusal), file=sys.stderr)
        return 1
    except CommandError as error:
        print(str(error), file=sys.stderr)
        return error.returncode if error.returncode in (1, 2) else 1
    except SystemCheckError as error:
        print(str(error), file=sys.stderr)
        return 1
    except (OperationalError, ProgrammingError):
        if not _database_is_behind():
            raise
        print("The database is not up to date. Run `luuppi migrate` (`luuppi serve` does it by itself), then this again.", file=sys.stderr)
        return 1
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _understand(name: str, arguments: list[str]) -> tuple[BaseCommand, dict[str, Any]]:
    """The command and what it was asked. SystemExit with 2 after wrong use, with 0 after --help."""
    found = get_commands()[name]
    command = found if isinstance(found, BaseCommand) else load_command_class(found, name)
    command._called_from_command_line = True  # else the parser raises, and wrong use looks like a refusal
    parser = command.create_parser("luuppi", next((words for words in PUBLIC if words.replace(" ", "_") == name), name))
    for action in parser._actions:
        if action.dest in _OF_DJANGO:
            action.help = argparse.SUPPRESS
    return command, vars(parser.parse_args(arguments)) | {"skip_checks": True}


def _database_is_behind() -> bool:
    """Whether a table or column may be missing because nobody has migrated: a new home, or a new version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _command(arguments: list[str]) -> tuple[str, list[str]]:
    two = "_".join(arguments[:2])
    if len(arguments) > 1 and two.replace("-", "_") in get_commands():
        return two.replace("-", "_"), arguments[2:]
    return arguments[0].replace("-", "_"), arguments[1:]
