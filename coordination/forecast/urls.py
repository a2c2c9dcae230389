from django.urls import path

from coordination.forecast import views

app_name = "forecast"
urlpatterns = [
    path("", views.at_risk, name="list"),
    path("aturan/", views.rules, name="rules"),
    path("ketepatan/", views.honesty, name="honesty"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/jaringan/", views.network_held, name="network_held"),
]
