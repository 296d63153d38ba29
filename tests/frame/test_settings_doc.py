"""docs/settings.md is whole: it names every environment variable that luuppi/settings.py reads, with its default, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\| `(LUUPPI_[A-Z_]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
_OUR_OWN = {"LUUPPI_FOLLOW_PARENT"}  # a word from a part of the process group to its children, not a setting


def read_in_settings() -> dict[str, object]:
    """Name → default, of every `env.kind("NAME", default)` in settings.py."""
    tree = ast.parse((ROOT / "luuppi" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    reads = [call for call in calls if isinstance(call.func.value, ast.Name) and call.func.value.id == "env"]
    return {ast.literal_eval(call.args[0]): ast.literal_eval(call.args[1]) for call in reads}


def test_each_setting_stands_in_the_docs_once_and_nothing_else_does():
    rows = [name for name, _default, _meaning in _ROW.findall((ROOT / "docs" / "settings.md").read_text())]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(read_in_settings())


def test_the_docs_name_the_default_that_the_program_has():
    documented = {name: default for name, default, _meaning in _ROW.findall((ROOT / "docs" / "settings.md").read_text())}
    for name, default in read_in_settings().items():
        if default != "":  # an empty one means "none" or a place in the home, which the docs say in words
            shown = str(default).lower() if isinstance(default, bool) else default
            assert documented[name] == f"`{shown}`", name


def test_no_other_file_reads_a_setting_of_its_own():
    reads = re.compile(r"""(?:environ\.get\(|getenv\()\s*["'](LUUPPI_\w+)["']|environ\[["'](LUUPPI_\w+)["']\](?!\s*=[^=])""")
    found = {(path.relative_to(ROOT).as_posix(), name) for path in (ROOT / "luuppi").rglob("*.py") if "tests" not in path.parts for names in reads.findall(path.read_text()) for name in names if name}
    assert {name for path, name in found if path != "luuppi/settings.py"} <= _OUR_OWN, found


def test_tests_have_a_home_of_their_own(settings):
    assert settings.HOME.name.startswith("luuppi-tests-") and (ROOT / "var") not in (settings.HOME, *settings.HOME.parents)
