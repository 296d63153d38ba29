"""The door of the web server. Bodies without a length are read here, because Django sees an empty one."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luuppi.settings")
django_application = get_wsgi_application()

from luuppi.capture.api import intake  # noqa: E402 needs the apps to be ready
from luuppi.capture.web import short_path  # noqa: E402
from luuppi.running import patience  # noqa: E402
from luuppi.running.bodies import BodyTooLarge, with_length  # noqa: E402
from luuppi.running.parent import follow_parent  # noqa: E402

patience.limit_locks()

if os.environ.get("LUUPPI_FOLLOW_PARENT"):
    follow_parent()
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector need not look through all of it again and again


def application(environ, start_response):
    """Intake and the open form have short paths of their own; everything else is Django."""
    if environ["REQUEST_METHOD"] == "POST" and (door := intake.DOORS.get(environ["PATH_INFO"])):
        return door(environ, start_response)
    try:
        environ = with_length(environ)
    except BodyTooLarge as error:
        start_response("413 Content Too Large", [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")])
        return [f"{error}. Send less at a time.\n".encode()]
    if environ["PATH_INFO"].startswith("/f/"):
        return short_path.feedback_form(environ, start_response, django_application)
    return django_application(environ, start_response)
