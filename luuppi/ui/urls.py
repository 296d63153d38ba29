from django.urls import path

from . import web

app_name = "ui"
urlpatterns = [
    path("theme", web.theme, name="theme"),
    path("language", web.language, name="language"),
    path("keys/<slug:organisation>", web.keys, name="keys"),
    path("brand/<slug:organisation>.css", web.brand_css, name="brand"),
]
