"""/o/{organisation}/settings/imports: upload, mapping, preview, dry run, run with progress, undo. The twin of `luuppi import feedback`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luuppi.capture.importing import editing
from luuppi.capture.importing.definition import Definition, definition_of
from luuppi.capture.importing.headings import guess, keys_by_name
from luuppi.capture.importing.keeping import bad_file_of, change_mapping, file_of, keep_upload, layout_of, save_mapping
from luuppi.capture.importing.making import Made, sample_of
from luuppi.capture.importing.previewing import preview
from luuppi.capture.importing.reading import look_at, read_rows
from luuppi.capture.importing.reasons import Reason
from luuppi.capture.importing.refusals import EmptyFile
from luuppi.capture.importing.running import ask_for, cancel, go_on
from luuppi.capture.importing.undoing import ask_to_undo, worked_on
from luuppi.capture.models import Import, Mapping, Touchpoint
from luuppi.capture.models.imports import PREVIEWED, UNDER_WAY, UNDONE
from luuppi.capture.web.settings_forms import FileForm, UploadForm
from luuppi.capture.web.uploading import MOST_BYTES, takes_upload
from luuppi.errors import NotValid
from luuppi.people.web.membership import needs
from luuppi.ui.paging import page_of
from luuppi.ui.toasts import say

_N_LISTED = 50
_COLUMNS_AT_ONCE = 12  # of a wider file those that only come along are folded


@takes_upload
@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, organisation: str) -> HttpResponse:
    """The earlier imports; a POST uploads a file and leads to its mapping."""
    mappings = Mapping.objects.visible_to(request.member).order_by("name")
    form = UploadForm(request.POST, request.FILES, mappings=mappings) if request.method == "POST" else UploadForm(mappings=mappings)
    if request.method == "POST":
        if request.upload_was_too_large:
            form.errors.pop("file", None)  # that there is none
            form.add_error("file", _("The file is larger than 2 GB. Split it, or use the command line."))
        elif form.is_valid():
            try:
                return redirect("import_run", organisation, _keep(request, form).pk)
            except NotValid as refusal:
                form.add_error("file", str(refusal))
    page = page_of(request, Import.objects.visible_to(request.member), "-pk")
    return render(
        request,
        "capture/imports.html",
        {"form": form, "runs": page.rows, "page": page, "most_bytes": MOST_BYTES, "here": "settings"},
        status=422 if form.errors else 200,
    )


def _keep(request: HttpRequest, form: UploadForm) -> Import:
    upload = form.cleaned_data["file"]
    path = Path(upload.temporary_file_path())
    chosen = form.cleaned_data["mapping"]
    definition = definition_of(chosen.definition | {"name": chosen.name}) if chosen else Definition()
    layout = look_at(path, encoding=definition.encoding, delimiter=definition.delimiter, name=upload.name)
    if next(read_rows(path, layout), None) is None:
        raise EmptyFile(name=upload.name)
    if not chosen:
        definition = guess(layout.columns, sample_of(path, layout), keys_by_name(Touchpoint.objects.visible_to(request.member)))
    return keep_upload(path, name=upload.name, organisation=request.organisation, by=request.member, layout=layout, definition=definition)


@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """One import: its mapping and preview before it, its progress and outcome after. A POST changes the mapping, and may start it."""
    found = _find(request, pk)
    if found.state != PREVIEWED:
        return render(request, "capture/import_run.html", {"run": found, "here": "settings", **_outcome(found)})
    form = FileForm(request.POST or None, initial=found.mapping)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, found, form)
        except NotValid as refusal:
            problem = str(refusal)
        else:
            return redirect(reverse("import_run", args=[organisation, pk]) + ("#preview" if "go" not in request.POST else ""))
    definition = definition_of(found.mapping)
    settled, made, refused = _preview(found, definition)
    columns = editing.rows_of(settled, found.found["columns"], sample_of(file_of(found), layout_of(found), 200))
    carried = [column for column in columns if column.is_carried] if len(columns) > _COLUMNS_AT_ONCE else []
    context = {
        "run": found, "here": "settings", "form": form, "problem": problem or refused, "made": [_shown(one) for one in made], "can_run": not refused,
        "columns": [column for column in columns if column not in carried], "carried": carried, "n_columns": len(columns),
        "meanings": editing.MEANINGS, "styles": editing.STYLE_CHOICES, "tried": (tried := found.found.get("tried")),
        **_bad(found, found.found.get("tried_bad", []), n=tried["bad"] if tried else 0),
    }  # fmt: skip
    return render(request, "capture/import_mapping.html", context, status=422 if problem or form.errors else 200)


def _take(request: HttpRequest, found: Import, form: FileForm) -> None:
    """The mapping as the page says it; then the dry run or the run that was asked for."""
    definition = editing.definition_from({**request.POST.dict(), **form.cleaned_data}, found.found["columns"], definition_of(found.mapping))
    found = change_mapping(found, definition)
    if definition.name:
        save_mapping(request.organisation, definition_of(found.mapping), by=request.member)
    going = request.POST.get("go", "")
    if going in ("try", "run"):
        preview(file_of(found), layout_of(found), definition_of(found.mapping), time_zone=request.organisation.time_zone)
        ask_for(found, dry=going == "try")


def _preview(found: Import, definition: Definition) -> tuple[Definition, list[Made], str]:
    try:
        settled, made = preview(file_of(found), layout_of(found), definition, time_zone=found.organisation.time_zone)
    except NotValid as refusal:
        return definition, [], str(refusal)
    return settled, made, ""


def _shown(made: Made) -> dict:
    item = made.draft.item if made.draft else None
    scores = [(name, value) for name in ("nps", "csat", "ces") if item and item.scores and (value := getattr(item.scores, name)) is not None]
    return {
        "line": made.rows[0].line,
        "n_rows": len(made.rows),
        "problem": made.problem and made.problem.words,
        "item": item,
        "scores": scores,
        "cells": " · ".join(made.rows[0].cells)[:120] if made.problem else "",
    }


@needs("settings.work")
@require_safe
def progress(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """GET …/progress: the part of the page that shows how far the run is."""
    found = _find(request, pk)
    outcome = _outcome(found)
    response = render(request, "capture/_import_state.html", {"run": found, **outcome})
    if not outcome["is_under_way"] and request.htmx:
        response["HX-Refresh"] = "true"
    return response


def _outcome(found: Import) -> dict:
    state, todo, is_undone = found.shown_state, found.todo, found.state == UNDONE
    return {
        "state": state, "is_under_way": state in UNDER_WAY, "todo": todo, "noted": found.found.get("noted", {}),
        "worked_on": worked_on(found)[:_N_LISTED] if is_undone else [], "n_worked_on": worked_on(found).count() if is_undone else 0,
        **_bad(found, found.found.get("bad", []), n=found.n_bad),
    }  # fmt: skip


def _bad(found: Import, first: list[dict], *, n: int) -> dict:
    """The first bad rows, how many there are in all, and whether the file of all of them is there."""
    return {
        "bad": [(one["line"], Reason.of(one).words) for one in first if "code" in one],
        "n_bad": n,
        "has_bad_file": n and bad_file_of(found).exists(),
    }


@needs("settings.work")
@require_POST
def cancellation(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/cancellation: it ends after the group under way."""
    return _acted(request, pk, cancel, _("The import ends in a moment. What went in stays until you undo it."))


@needs("settings.work")
@require_POST
def resumption(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/resumption: what was given up goes on where it stopped."""
    return _acted(request, pk, go_on, _("The import goes on where it stopped."))


@needs("settings.work")
@require_POST
def undo(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/undo: its items are withdrawn; the page shows how far that is."""
    return _acted(request, pk, partial(ask_to_undo, by=request.member))


def _acted(request: HttpRequest, pk: int, act: Callable[[Import], object], words: str = "") -> HttpResponse:
    act(_find(request, pk))
    if words:
        say(request, words)
    return redirect("import_run", request.organisation.slug, pk)


@needs("settings.work")
@require_safe
def bad_rows(request: HttpRequest, organisation: str, pk: int) -> FileResponse:
    """GET …/bad-rows: the file of bad rows, with line and reason."""
    found = _find(request, pk)
    path = bad_file_of(found)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{Path(found.file_name).name}.bad.csv", content_type="text/csv; charset=utf-8")


def _find(request: HttpRequest, pk: int) -> Import:
    found = Import.objects.visible_to(request.member).select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
