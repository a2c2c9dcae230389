from django.urls import path

from coordination.requests import views, views_deadlines, views_templates

app_name = "requests"
urlpatterns = [
    path("", views.request_list, name="list"),
    path("baru/", views.new, name="new"),
    path("templat/", views_templates.templates, name="templates"),
    path("templat/baru/", views_templates.new, name="new_template"),
    path("templat/<int:pk>/", views_templates.edit, name="template"),
    path("templat/<int:pk>/<slug:switch>/", views_templates.switch, name="switch_template"),
    path("keterlambatan/", views_deadlines.lateness, name="lateness"),
    path("keterlambatan/unduh/", views_deadlines.lateness_list, name="lateness_list"),
    path("waktu/", views_deadlines.times, name="times"),
    path("<str:slug>/", views.detail, name="detail"),
    path("<str:slug>/tenggat/", views_deadlines.deadlines, name="deadlines"),
    path("<str:slug>/ubah/", views.edit, name="edit"),
    path("<str:slug>/langkah/<slug:verb>/", views.step, name="step"),
    path("<str:slug>/langkah/<slug:verb>/templat/", views.fill, name="fill"),
    path("<str:slug>/tanggapan/", views.comment, name="comment"),
    path("<str:slug>/lampiran/", views.attach, name="attach"),
    path("<str:slug>/lampiran/<uuid:key>/", views.attachment, name="attachment"),
]
