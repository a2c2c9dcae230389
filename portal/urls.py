"""Every address of the portal. A new one needs a row in the table of rights (tests/rights)."""

from allauth.account import views as account
from allauth.usersessions import views as usersessions
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from coordination.common import styles
from coordination.obstacles.views import offline
from coordination.people.views import accept_invitation
from portal import health

handler400 = "coordination.common.views.bad_request"

urlpatterns = [
    path("", include("coordination.requests.urls_my_work")),
    path("masuk/", csp_update({"style-src": styles.permission()})(account.login), name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("sandi/ubah/", account.password_change, name="account_change_password"),
    path("sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    # Not <slug:uidb36>: a slug takes in hyphens, and so the beginning of the key.
    re_path(
        r"^sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sandi/baru/selesai/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("masuk/nonaktif/", account.account_inactive, name="account_inactive"),
    path("sesi/", usersessions.list_usersessions, name="usersessions_list"),
    path("undangan/<str:token>/", accept_invitation, name="accept_invitation"),
    path("hambatan/", include("coordination.obstacles.urls")),
    path("luring/", offline, name="offline"),
    path("permohonan/", include("coordination.requests.urls")),
    path("kegiatan/impor/", include("coordination.campaigns.urls_schedules")),
    path("kegiatan/", include("coordination.campaigns.urls")),
    path("prakiraan/", include("coordination.forecast.urls")),
    path("ukur/", include("coordination.networks.urls")),
    path("jaringan/impor/", include("coordination.networks.urls_levels")),
    path("pemeliharaan/impor/", include("coordination.networks.urls_outage_lists")),
    path("pemeliharaan/", include("coordination.networks.urls_outages")),
    path("wilayah/", include("coordination.dashboards.urls")),
    path("peta/", include("coordination.dashboards.urls_map")),
    path("dasbor/", include("coordination.dashboards.urls_dashboard")),
    path("status/", include("coordination.dashboards.urls_public")),
    path("kantor/", include("coordination.people.urls")),
    path("pemberitahuan/", include("coordination.notifications.urls")),
    path("kotak-keluar/berkas/", include("coordination.uploads.urls")),
    path("", include("coordination.common.urls")),
    path("favicon.ico", RedirectView.as_view(url="/static/img/icon.svg", permanent=True), name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
