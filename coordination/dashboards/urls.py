from django.urls import path

from coordination.dashboards import views

urlpatterns = [
    path("", views.regions, name="regions"),
    path("cari/", views.region_search, name="region_search"),
    path("<str:code>/", views.region, name="region"),
]
