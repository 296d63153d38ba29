"""Writes first_names.txt and last_names.txt out of Faker's lists: `python luuppi/language/data/make_names.py`.

Faker (MIT, Copyright (c) 2012 Daniele Faraglia) gathers them from public name statistics, among them those of Skatteverket and Isof;
they are names in general, not people. Needed only when the lists are made anew, so Faker stays a tool of development.
"""

from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
PROVIDERS = ("fi_FI", "sv_SE", "en", "en_GB")
# Short forms that people sign with and that statistics of full names lack.
SHORT_FORMS = "Dave Mike Steve Kate Jim Bob Joe Tom Sue Liz Andy Matt Nick Chris Ben Sam Dan Tim Kalle Pekka Tytti Kaj Maj Britt"


def names_of(kind: str) -> list[str]:
    found: set[str] = set(SHORT_FORMS.split() if kind == "first_names" else ())
    for code in PROVIDERS:
        provider = import_module(f"faker.providers.person.{code}").Provider
        found |= {part for name in getattr(provider, kind) for part in name.split() if len(part) > 1}
    return sorted(found)


def write(kind: str) -> None:
    notice = "# From Faker's person providers fi_FI, sv_SE, en, en_GB (MIT, see NOTICE.md); written by make_names.py\n"
    (HERE / f"{kind}.txt").write_text(notice + "\n".join(names_of(kind)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("first_names")
    write("last_names")
