"""Builds what Luuppi serves from static/ui out of css/, js/ and the icons. Run by those who edit them; the results are committed.

    python -m luuppi.ui.build            rebuilds (needs Node 20+ and `npm install` in luuppi/ui)
    python -m luuppi.ui.build --check    exit code 1 when what is committed is not what the sources give
    python -m luuppi.ui.build --classes  exit code 1 when a template writes a class that no sheet knows

Without Node the check compares a stored hash of the sources, so that a change that was not built is noticed there too.
"""

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE / "static" / "ui"
TOOLS = HERE / "node_modules" / ".bin"
NOTE = HERE / "built.json"
ICONS = HERE / "icons.json"
# Most bytes that a file may weigh when it is sent, gzipped.
LIMITS = {"app.css": 18_000, "customer.css": 5_000, "app.js": 12_000}
# lightningcss writes versions as one number: major, minor and patch in a byte each.
TARGETS = json.dumps({browser: version << 16 for browser, version in {"chrome": 111, "safari": 16, "firefox": 111}.items()})
BUNDLE = (
    "import { bundle } from 'lightningcss'; import { writeFileSync } from 'node:fs';"
    "const [, from, to, targets] = process.argv;"
    "writeFileSync(to, bundle({ filename: from, minify: true, targets: JSON.parse(targets) }).code);"
)


def build(to: Path) -> None:
    """Write app.css, customer.css and app.js to the folder `to`. Raises CalledProcessError when a tool refuses the sources."""
    to.mkdir(parents=True, exist_ok=True)
    _run(str(TOOLS / "tailwindcss"), "-i", "css/app.css", "-o", str(to / "app.css"), "--minify")
    _run("node", "--input-type=module", "-e", BUNDLE, "css/customer.css", str(to / "customer.css"), TARGETS)
    _run(
        str(TOOLS / "esbuild"),
        "js/app.js",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        f"--outfile={to / 'app.js'}",
        "--log-level=warning",
    )


def build_icons(names: list[str]) -> dict[str, str]:
    """The inner drawing of each named lucide icon, without the `<svg>` around it.

    Raises FileNotFoundError for a name that lucide has not.
    """
    drawn = {}
    for name in sorted(set(names)):
        svg = (HERE / "node_modules" / "lucide-static" / "icons" / f"{name}.svg").read_text()
        inner = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>\s*$", "", svg)
        drawn[name] = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
    return drawn


def sources_hash() -> str:
    """One hash over everything of luuppi/ui that the build reads, independent of the machine."""
    found = [HERE / "package-lock.json", *sorted((HERE / "css").rglob("*.css")), *sorted((HERE / "js").rglob("*.js"))]
    whole = hashlib.sha256()
    for path in found:
        whole.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()


def gzipped(path: Path) -> int:
    """Bytes of the file as it is sent."""
    return len(gzip.compress(path.read_bytes(), 9))


def can_build() -> bool:
    return bool(shutil.which("node")) and (TOOLS / "tailwindcss").exists()


def check() -> list[str]:
    """What is wrong with the committed files, in sentences; empty when nothing is."""
    wrong = [
        f"static/ui/{name} weighs {gzipped(BUILT / name)} bytes gzipped, more than {most}"
        for name, most in LIMITS.items()
        if gzipped(BUILT / name) > most
    ]
    if json.loads(NOTE.read_text())["sources"] != sources_hash():
        wrong.append("css/ or js/ changed after the last build: run python -m luuppi.ui.build")
    elif can_build():
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder))
            for name in LIMITS:
                if (Path(folder) / name).read_bytes() != (BUILT / name).read_bytes():
                    wrong.append(f"static/ui/{name} is not what its sources and the templates give: run python -m luuppi.ui.build")
    return wrong


def unknown_classes(apps: Path = HERE.parent) -> list[tuple[str, str]]:
    """(template, class) for each class written in a page's template that is in neither sheet: a misspelling, or a rebuild is due.

    Mails carry their own styles and are left out; so are names that a template puts together.
    """
    sheets = "".join((BUILT / name).read_text() for name in LIMITS if name.endswith(".css"))
    known = {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:\\.|[\w-])+)", sheets)}
    found = set()
    for path in sorted(apps.glob("*/templates/**/*.html")):
        if "mail" in path.parts or "email" in path.parts:
            continue
        bare = re.sub(r"(?s)\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text())
        found |= {
            (path.relative_to(apps).as_posix(), word)
            for words in re.findall(r'class="([^"]*)"', bare)
            for word in words.split()
            if word not in known
        }
    return sorted(found)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m luuppi.ui.build", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is not fresh")
    parser.add_argument("--icon", action="append", default=[], metavar="NAME", help="also take this lucide icon into icons.json")
    parser.add_argument("--classes", action="store_true", help="change nothing, list classes of templates that no sheet knows")
    chosen = parser.parse_args(arguments)
    if chosen.classes:
        unknown = unknown_classes()
        for path, name in unknown:
            print(f"{path}: {name}", file=sys.stderr)
        return 1 if unknown else 0
    if chosen.check:
        wrong = check()
        for sentence in wrong:
            print(sentence, file=sys.stderr)
        return 1 if wrong else 0
    if not can_build():
        print("Building needs Node 20 or newer and `npm install` in luuppi/ui.", file=sys.stderr)
        return 2
    kept = json.loads(ICONS.read_text()) if ICONS.exists() else {}
    ICONS.write_text(json.dumps(build_icons([*kept, *chosen.icon]), indent=0, sort_keys=True) + "\n")
    build(BUILT)
    NOTE.write_text(json.dumps({"sources": sources_hash()}) + "\n")
    for name, most in LIMITS.items():
        print(f"{name}: {gzipped(BUILT / name)} bytes gzipped, of at most {most}", file=sys.stderr)
    return 0


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        done.check_returncode()


if __name__ == "__main__":
    raise SystemExit(main())
