from django.urls import path

from luuppi.meaning.web import themes

urlpatterns = [
    path("o/<slug:organisation>/themes", themes.themes, name="themes"),
    path("o/<slug:organisation>/themes/work", themes.work, name="themes_work"),
    path("o/<slug:organisation>/themes/new", themes.add, name="theme_new"),
    path("o/<slug:organisation>/themes/proposing", themes.propose, name="themes_propose"),
    path("o/<slug:organisation>/themes/proposals/<int:pk>", themes.settle, name="theme_proposal"),
    path("o/<slug:organisation>/themes/next", themes.next_texts, name="theme_next_texts"),
    path("o/<slug:organisation>/themes/<int:pk>", themes.theme, name="theme"),
    path("o/<slug:organisation>/themes/<int:pk>/restoring", themes.restoring, name="theme_restoring"),
    path("o/<slug:organisation>/themes/changes/<int:pk>/undoing", themes.undoing, name="theme_undoing"),
    path("o/<slug:organisation>/feedback/<int:pk>/themes", themes.item_themes, name="item_themes"),
]
