"""What the import says when it cannot, and what to do then."""

from django.utils.translation import gettext_lazy as _

from luuppi.errors import NotFound, NotNow, NotValid


class EmptyFile(NotValid):
    code = "file-empty"
    sentence = _("%(name)s is empty. Choose a file that has a header line and rows below it.")


class NoColumns(NotValid):
    code = "file-without-columns"
    sentence = _("%(name)s has no header line. The first line must name the columns.")


class UnknownEncoding(NotValid):
    code = "encoding-unknown"
    sentence = _("The file cannot be read as %(encoding)s. Choose another encoding, or save the file as UTF-8.")


class NoSuchFile(NotFound):
    code = "no-such-file"
    sentence = _("There is no file %(name)s. Check the path.")


class FileIsGone(NotNow):
    code = "file-gone"
    sentence = _("The file of this import is no longer kept. Upload it again.")


class NoSuchMapping(NotFound):
    code = "no-such-mapping"
    sentence = _("There is no mapping %(name)s. Give the name of a saved one, or a JSON file.")


class BadMapping(NotValid):
    code = "mapping-not-valid"
    sentence = _("The mapping is not valid: %(problem)s")


class ColumnMissing(NotValid):
    code = "column-missing"
    sentence = _("The mapping uses the column %(column)s, which the file does not have. Its columns: %(columns)s")


class NothingMapped(NotValid):
    code = "nothing-mapped"
    sentence = _("No column gives a text, a score or an answer. Say which one does, or name one text, nps, csat or ces.")


class ImportRuns(NotNow):
    code = "import-runs"
    sentence = _("This import is under way. Wait until it has ended, or cancel it.")


class NotToUndo(NotNow):
    code = "import-not-to-undo"
    sentence = _("Only an import that has ended can be undone, and only once.")
