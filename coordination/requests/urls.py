from django.urls import path

from coordination.requests import views, views_deadlines

app_name = "requests"
urlpatterns = [
    path("", views.request_list, name="list"),
    path("baru/", views.new, name="new"),
    path("<str:slug>/", views.detail, name="detail"),
    path("<str:slug>/tenggat/", views_deadlines.deadlines, name="deadlines"),
    path("<str:slug>/ubah/", views.edit, name="edit"),
    path("<str:slug>/langkah/<slug:verb>/", views.step, name="step"),
    path("<str:slug>/tanggapan/", views.comment, name="comment"),
    path("<str:slug>/lampiran/", views.attach, name="attach"),
    path("<str:slug>/lampiran/<uuid:key>/", views.attachment, name="attachment"),
]
