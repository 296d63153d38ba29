from django.urls import path

from luuppi.insight.web import figures

urlpatterns = [
    path("o/<slug:organisation>/figures", figures.figures_page, name="figures"),
    path("o/<slug:organisation>/figures.csv", figures.figures_table, name="figures_table"),
]
