"""Where the files of imports lie, how a run begins, and the saved mappings."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from luuppi.capture.importing.definition import Definition, automatic, definition_of, load_definition
from luuppi.capture.importing.reading import Layout, look_at
from luuppi.capture.importing.refusals import FileIsGone, ImportRuns, NoSuchFile, NoSuchMapping
from luuppi.capture.models import Import, Mapping
from luuppi.capture.models.imports import PREVIEWED
from luuppi.errors import NotAllowed
from luuppi.people.models import Organisation


def folder() -> Path:
    place = settings.HOME / "imports"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def file_of(run: Import) -> Path:
    """The uploaded file. Raises FileIsGone."""
    path = folder() / run.stored_as
    if not run.stored_as or not path.is_file():
        raise FileIsGone()
    return path


def forget_file(run: Import) -> None:
    """The uploaded file goes when its run is over: it holds what customers said."""
    if run.stored_as:
        (folder() / run.stored_as).unlink(missing_ok=True)


def forget_old() -> None:
    """Each night: uploads that nobody imported for a week, and files of bad rows after a month."""
    now = timezone.now()
    for run in Import.objects.filter(state=PREVIEWED, created_at__lt=now - timedelta(days=7)).exclude(stored_as=""):
        forget_file(run)
        run.delete()
    # By the files that are there: also what was due while nothing ran goes, and old runs cost nothing.
    lying = [name for path in folder().glob("*.bad.csv") if (name := path.name.removesuffix(".bad.csv")).isdigit()]
    for run in Import.objects.filter(pk__in=lying, finished_at__lt=now - timedelta(days=30)):
        bad_file_of(run).unlink(missing_ok=True)


def bad_file_of(run: Import) -> Path:
    return folder() / f"{run.pk}.bad.csv"


def keep_upload(temporary: Path, *, name: str, organisation: Organisation, by: Any, layout: Layout, definition: Definition) -> Import:
    """Take the uploaded file into the home, with what was found in it. Raises NotAllowed."""
    may_import(by)
    run = Import.objects.create(
        organisation=organisation,
        file_name=name[:200],
        by=by.actor,
        mapping=definition.model_dump(),
        bytes_total=layout.n_bytes,
        found=found_in(layout),
    )
    run.stored_as = f"{run.pk}.upload"
    shutil.move(temporary, folder() / run.stored_as)
    os.chmod(folder() / run.stored_as, 0o600)
    run.save(update_fields=["stored_as"])
    return run


def may_import(who: Any) -> None:
    """Raises NotAllowed."""
    if not who.grants.reach("settings.work"):
        raise NotAllowed()


def change_mapping(run: Import, definition: Definition) -> Import:
    """Set what the columns of an upload mean, as long as nothing was stored of it. Raises ImportRuns, UnknownEncoding, NoColumns."""
    if run.state != PREVIEWED:
        raise ImportRuns()
    before = definition_of(run.mapping)
    if (definition.encoding, definition.delimiter) != (before.encoding, before.delimiter):
        layout = look_at(file_of(run), encoding=definition.encoding, delimiter=definition.delimiter)
        if list(layout.columns) != run.found["columns"]:
            fresh = automatic(layout.columns)
            definition = definition.model_copy(
                update={
                    "columns": fresh.columns,
                    "others": fresh.others,
                    "touchpoint_from": [],
                    "group_by": "",
                    "question": "",
                    "answer": "",
                }
            )
        run.found |= found_in(layout)
    run.mapping = definition.model_dump()
    run.found.pop("tried", None)
    run.found.pop("tried_bad", None)
    run.save(update_fields=["mapping", "found"])
    return run


def found_in(layout: Layout) -> dict[str, Any]:
    return {
        "encoding": layout.encoding,
        "delimiter": layout.delimiter,
        "columns": list(layout.columns),
        "first_line": layout.first_line,
        "lossy": layout.lossy,
    }


def layout_of(run: Import) -> Layout:
    found = run.found
    return Layout(found["encoding"], found["delimiter"], tuple(found["columns"]), found["first_line"], run.bytes_total, found["lossy"])


@transaction.atomic
def save_mapping(organisation: Organisation, definition: Definition, *, by: Any) -> Mapping:
    """Keep the mapping under its name; one of that name is replaced. Raises NotAllowed."""
    may_import(by)
    kept, _made = Mapping.objects.update_or_create(
        organisation=organisation, name=definition.name, defaults={"definition": definition.model_dump(exclude_defaults=True)}
    )
    return kept


def find_definition(organisation: Organisation, name_or_file: str) -> Definition:
    """A saved mapping by its name, else a JSON file; one without a name gets that of the file. Raises NoSuchMapping, BadMapping."""
    saved = Mapping.objects.filter(organisation=organisation, name=name_or_file).first()
    if saved:
        return definition_of(saved.definition | {"name": saved.name})
    path = Path(name_or_file)
    if not path.is_file():
        raise NoSuchMapping(name=name_or_file)
    definition = load_definition(path)
    return definition if definition.name else definition.model_copy(update={"name": path.stem[:80]})


def existing(path: str) -> Path:
    """Raises NoSuchFile."""
    found = Path(path)
    if not found.is_file():
        raise NoSuchFile(name=path)
    return found
