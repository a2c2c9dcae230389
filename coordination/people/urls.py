from django.urls import path

from coordination.people import views, views_absences

app_name = "offices"
urlpatterns = [
    path("", views.office_list, name="list"),
    path("<int:pk>/", views.office, name="detail"),
    path("<int:pk>/undang/", views.invite, name="invite"),
    path("undangan/<int:pk>/cabut/", views.revoke, name="revoke"),
    path("pejabat/<int:pk>/", views.edit, name="edit"),
    path("pejabat/<int:pk>/akun/<slug:switch>/", views.switch, name="switch"),
    path("pejabat/<int:pk>/berhalangan/", views_absences.absences, name="absences"),
    path("berhalangan/<int:pk>/", views_absences.change, name="absence"),
    path("berhalangan/<int:pk>/akhiri/", views_absences.end, name="end_absence"),
]
