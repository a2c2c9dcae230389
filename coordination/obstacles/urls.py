from django.urls import path

from coordination.obstacles import views

app_name = "obstacles"
urlpatterns = [
    path("", views.obstacle_list, name="list"),
    path("lapor/", views.report, name="report"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/ubah/", views.edit, name="edit"),
    path("<str:number>/langkah/<slug:verb>/", views.step, name="step"),
    path("<str:number>/gabung/", views.join, name="join"),
    path("<str:number>/foto/<uuid:key>/", views.photo, name="photo"),
]
