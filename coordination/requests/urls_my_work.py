from django.urls import path

from coordination.requests import views

urlpatterns = [path("", views.my_work, name="my_work")]
