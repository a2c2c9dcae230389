"""The floor of bench_filing: the least that any Django site needs to sign somebody in and file one text.

Django's own sign-in, one form, one confirmation; plain HTML, no styles, no scripts. `python -m bench.floor` makes its
tables and its account in the database FLOOR_DATABASE, by the socket in the folder FLOOR_HOST.
"""

import os

import django
from django.conf import settings

ACCOUNT, PASSWORD = "filer", "Koordinasi-2020"
PAGE = "<!doctype html><html><head><meta charset=utf-8><title>%s</title></head><body><main>%s</main></body></html>"
FORM = (
    '<form method="post">{%% csrf_token %%}%s<button>Send</button></form>'
    "{%% for error in form.non_field_errors %%}<p>{{ error }}</p>{%% endfor %%}"
)

settings.configure(
    SECRET_KEY="only-for-a-benchmark-on-loopback",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="bench.floor",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["FLOOR_DATABASE"],
            "USER": os.environ["FLOOR_DATABASE"],
            "HOST": os.environ["FLOOR_HOST"],
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {
            "sign_in.html": PAGE % ("Sign in", FORM % "{{ form.as_p }}"),
            "form.html": PAGE % ("New", FORM % '<input id="subject" name="subject"><textarea name="text"></textarea>'),
            "home.html": PAGE % ("Home", '<a href="/baru/">New</a>'),
            "saved.html": PAGE % ("Saved", '<p id="saved">Saved as number {{ number }}</p>'),
        })]},
    }],
    LOGIN_URL="/masuk/",
    LOGIN_REDIRECT_URL="/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)  # fmt: skip
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402 - after django.setup()
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.shortcuts import redirect, render  # noqa: E402
from django.urls import path  # noqa: E402


@login_required
def home(request):
    return render(request, "home.html")


@login_required
def new(request):
    if request.method != "POST":
        return render(request, "form.html")
    with connection.cursor() as cursor:
        values = [request.user.pk, request.POST["subject"], request.POST["text"]]
        cursor.execute("INSERT INTO ticket (owner, subject, text) VALUES (%s, %s, %s) RETURNING number", values)
        return redirect(f"/{cursor.fetchone()[0]}/")


@login_required
def saved(request, number):
    return render(request, "saved.html", {"number": number})


urlpatterns = [
    path("masuk/", LoginView.as_view(template_name="sign_in.html")),
    path("", home),
    path("baru/", new),
    path("<int:number>/", saved),
]
application = get_wsgi_application()


def prepare():
    """Tables and the account."""
    from django.contrib.auth.models import User  # noqa: PLC0415, TID251 - the floor has no officials
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    User.objects.create_user(ACCOUNT, password=PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ticket (number bigserial PRIMARY KEY, owner bigint, subject text, text text)")


if __name__ == "__main__":
    prepare()
