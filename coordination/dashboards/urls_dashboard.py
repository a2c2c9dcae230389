from django.urls import path

from coordination.dashboards import views_dashboard as views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("<str:code>/", views.dashboard, name="region_dashboard"),
]
