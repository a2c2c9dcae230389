from django.urls import path

from coordination.networks import views

app_name = "networks"
urlpatterns = [
    path("", views.measure, name="measure"),
    path("hasil/", views.assessment_list, name="list"),
    path("ping/", views.ping, name="ping"),
    path("unduh/", views.download, name="download"),
    path("unggah/", views.upload, name="upload"),
    path("<uuid:key>/", views.detail, name="detail"),
    path("<uuid:key>/gambar/<uuid:image>/", views.screenshot, name="screenshot"),
]
