"""`luuppi`: the command line. Exit codes: 0 done, 1 refused with the reason, 2 wrong use. Progress goes to standard error."""

import argparse
import os
import sys
from importlib import import_module

WITHOUT_DJANGO = {"figures": "luuppi.insight.starting", "web": "luuppi.running.serving"}  # which need it later, or in another process


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luuppi.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        from luuppi.commands import overview

        print(overview())
        raise SystemExit(0 if arguments else 2)
    if arguments[0] in WITHOUT_DJANGO:
        raise SystemExit(_serve_without_django(*arguments))
    import django

    django.setup()
    from django.conf import settings

    from luuppi.commands import run
    from luuppi.running.privacy import write_for_oneself

    write_for_oneself(settings.HOME)

    raise SystemExit(run(arguments))


def _serve_without_django(name: str, *arguments: str) -> int:
    from django.conf import settings

    from luuppi.running.privacy import write_for_oneself

    part = import_module(WITHOUT_DJANGO[name])
    parser = argparse.ArgumentParser(f"luuppi {name}", description=part.HELP)
    part.add_arguments(parser)
    given = parser.parse_args(arguments)
    write_for_oneself(settings.HOME)
    return part.serve(**vars(given))


if __name__ == "__main__":
    main()
