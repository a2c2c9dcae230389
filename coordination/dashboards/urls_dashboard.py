from django.urls import path

from coordination.dashboards import views_dashboard as views
from coordination.dashboards import views_elections

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("kabupaten/", views_elections.regencies, name="dashboard_regencies"),
    path("paslon/", views_elections.pairs, name="dashboard_pairs"),
    path("<str:code>/kabupaten/", views_elections.regencies, name="region_dashboard_regencies"),
    path("<str:code>/paslon/", views_elections.pairs, name="region_dashboard_pairs"),
    path("<str:code>/", views.dashboard, name="region_dashboard"),
]
