"""What the first rows of a file become under a mapping: what a person looks at before anything is stored."""

from itertools import islice
from pathlib import Path

from luuppi.capture.importing.definition import Definition
from luuppi.capture.importing.making import Made, Maker, settle
from luuppi.capture.importing.reading import Layout

N_SHOWN = 20
_MOST_READ = 1_000  # rows of one respondent are looked for among these


def preview(path: Path, layout: Layout, definition: Definition, *, time_zone: str) -> tuple[Definition, list[Made]]:
    """The settled mapping, and the first twenty items or bad rows. Raises ColumnMissing, NothingMapped."""
    settled = settle(definition, path, layout)
    maker = Maker(settled, layout, time_zone=time_zone)
    return settled, list(islice(maker.drafts(path, most_rows=_MOST_READ), N_SHOWN))
