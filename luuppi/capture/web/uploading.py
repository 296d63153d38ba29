"""Large files: streamed to disk while they come in, with a limit, and only for those who may send them."""

from collections.abc import Callable
from functools import wraps

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

MOST_BYTES = 2 << 30


class NoFiles(FileUploadHandler):
    """For all pages that take no file: the first piece of one ends the reading, so that a stranger fills no disk with it."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        return None


class _Limited(TemporaryFileUploadHandler):
    """Writes to a temporary file; stops when more comes than is taken."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MOST_BYTES:
            self.request.upload_was_too_large = True
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


def takes_upload(view: Callable) -> Callable:
    """Mark a view that takes a large file. The form's token is checked after it is known who sends, not by reading the file before."""
    protected = csrf_protect(view)

    @wraps(view)
    def receive(request: HttpRequest, *arguments, **named) -> HttpResponse:
        request.upload_was_too_large = False
        if request.method == "POST":
            request.upload_handlers = [_Limited(request)]
        return protected(request, *arguments, **named)

    return csrf_exempt(receive)
