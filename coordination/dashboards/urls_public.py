from django.urls import path

from coordination.dashboards import views_public as views

app_name = "public"
urlpatterns = [
    path("", views.status, name="status"),
    path("data/", views.data, name="data"),
    path("data/wilayah.csv", views.country_csv, name="country_csv"),
    path("data/wilayah.geojson", views.regencies_geojson, name="regencies_geojson"),
    path("data/<str:code>.csv", views.province_csv, name="province_csv"),
    path("<str:code>/", views.region, name="region"),
    path("<str:code>/daring/", views.works_here, name="online"),
]
