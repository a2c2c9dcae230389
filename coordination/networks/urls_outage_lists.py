from django.urls import path

from coordination.networks import views_outages as views

app_name = "outage_lists"
urlpatterns = [
    path("", views.batch_list, name="list"),
    path("baru/", views.batch_new, name="new"),
    path("contoh/", views.sample, name="sample"),
    path("<uuid:key>/", views.batch, name="batch"),
    path("<uuid:key>/<str:verb>/", views.batch_step, name="step"),
]
