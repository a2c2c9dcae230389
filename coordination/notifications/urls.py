from django.urls import path

from coordination.notifications import views

app_name = "notifications"
urlpatterns = [path("", views.inbox, name="list"), path("baca/", views.read_all, name="read")]
