from django.urls import path

from luuppi.meaning.web import themes
from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are

urlpatterns = [
    path("o/<slug:organisation>/themes", themes.themes, name="themes"),
    path("o/<slug:organisation>/themes/work", themes.work, name="themes_work"),
    path("o/<slug:organisation>/themes/new", themes.add, name="theme_new"),
    path("o/<slug:organisation>/themes/proposing", themes.propose, name="themes_propose"),
    path("o/<slug:organisation>/themes/proposals/<row:pk>", themes.settle, name="theme_proposal"),
    path("o/<slug:organisation>/themes/next", themes.next_texts, name="theme_next_texts"),
    path("o/<slug:organisation>/themes/<row:pk>", themes.theme, name="theme"),
    path("o/<slug:organisation>/themes/<row:pk>/restoring", themes.restoring, name="theme_restoring"),
    path("o/<slug:organisation>/themes/changes/<row:pk>/undoing", themes.undoing, name="theme_undoing"),
    path("o/<slug:organisation>/feedback/<id:pk>/themes", themes.item_themes, name="item_themes"),
]
