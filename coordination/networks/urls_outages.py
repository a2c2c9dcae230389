from django.urls import path

from coordination.networks import views_outages as views

app_name = "outages"
urlpatterns = [
    path("", views.outage_list, name="list"),
    path("baru/", views.register, name="new"),
    path("pemberitahuan/", views.notice, name="notice"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/ubah/", views.edit, name="edit"),
    path("<str:number>/langkah/<slug:verb>/", views.step, name="step"),
]
