from django.urls import path

from coordination.campaigns import views

app_name = "schedules"
urlpatterns = [
    path("", views.schedule_list, name="list"),
    path("baru/", views.schedule_new, name="new"),
    path("contoh/<str:kind>/", views.schedule_sample, name="sample"),
    path("<uuid:key>/", views.schedule, name="batch"),
    path("<uuid:key>/<str:verb>/", views.schedule_step, name="step"),
]
