from django.urls import path

from coordination.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("baca/", views.read_all, name="read"),
    path("pengaturan/", views.mail_settings, name="settings"),
    path("alamat-benar/", views.confirm_address, name="confirm_address"),
    path("berhenti/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
