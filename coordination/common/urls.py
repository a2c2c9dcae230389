from django.urls import path
from django.views.i18n import set_language

from coordination.common import views

urlpatterns = [
    path("bahasa/", set_language, name="set_language"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
