from django.urls import path

from coordination.dashboards import views

urlpatterns = [
    path("", views.map_page, name="map"),
    path("<str:code>/", views.map_page, name="region_map"),
]
