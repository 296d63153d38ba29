"""The reference of the giver's journey: a minimal Django form that commits each request. No middleware, no session, its fields written into
the template by hand, the same database settings; nothing of Luuppi. Reads BARE_FILE, the path of its own database, from the environment."""

import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of no use",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BARE_FILE"], "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"},
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"form.html": """<!doctype html>
<title>Feedback</title><h1>What would you like to tell us?</h1><form method="post">{% for value, name in form.fields.kind.choices %}
<label><input type="radio" name="kind" value="{{ value }}"{% if form.kind.value == value %} checked{% endif %}>{{ name }}</label>{% endfor %}
{{ form.kind.errors }}<textarea name="text">{{ form.text.value|default_if_none:"" }}</textarea>{{ form.text.errors }}
<input type="email" name="email" value="{{ form.email.value|default_if_none:"" }}">{{ form.email.errors }}<button>Send</button></form>"""})]}}],
)  # fmt: skip
django.setup()

from django import forms  # noqa: E402 Django must be set up before its models
from django.db import connection, models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import redirect, render  # noqa: E402
from django.urls import path  # noqa: E402


class Feedback(models.Model):
    kind = models.CharField(max_length=10)
    text = models.TextField()
    email = models.EmailField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.kind


class FeedbackForm(forms.Form):
    kind = forms.ChoiceField(choices=[("complaint", "Something went wrong"), ("praise", "Thanks"), ("idea", "An idea"), ("question", "A question")])
    text = forms.CharField(max_length=50_000)
    email = forms.EmailField(required=False)


def feedback(request):
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stored = Feedback.objects.create(**form.cleaned_data)
        response = redirect(f"/thanks/{stored.pk}")
        response.status_code = 303
        return response
    return render(request, "form.html", {"form": form})


urlpatterns = [path("f/bench", feedback), path("thanks/<int:pk>", lambda request, pk: HttpResponse("Thank you"))]

if Feedback._meta.db_table not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Feedback)
connection.close()

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

if __name__ == "__main__":
    sys.exit("a measurement starts this by granian")
