from django.urls import path

from . import web

app_name = "ui"
urlpatterns = [
    path("ui/theme", web.theme, name="theme"),
    path("ui/language", web.language, name="language"),
    path("o/<slug:organisation>/keys", web.keys, name="keys"),
    path("ui/brand/<slug:organisation>.css", web.brand_css, name="brand"),
]
