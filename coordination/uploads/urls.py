from django.urls import path

from coordination.uploads import views

urlpatterns = [path("<uuid:key>/", views.piece, name="upload")]
