from django.urls import path

from coordination.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("", views.activity_list, name="list"),
    path("baru/", views.register, name="new"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/alamat/", views.renew_feed, name="renew_feed"),
    path("ics/<uuid:secret>/", views.feed, name="feed"),
    path("setara/", views.treatment, name="treatment"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/ubah/", views.edit, name="edit"),
    path("<str:number>/langkah/<slug:verb>/", views.step, name="step"),
]
