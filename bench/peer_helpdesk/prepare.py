"""Tables, static files, one queue and one member of the staff; run by the peer's own Python."""

import os

import django

ACCOUNT, PASSWORD = "filer", "Koordinasi-2020"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peer_helpdesk.settings")
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415, TID251 - another project's, after django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from helpdesk.models import Queue  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    User.objects.create_superuser(ACCOUNT, "filer@example.id", PASSWORD)
    Queue.objects.create(title="Network", slug="network")


if __name__ == "__main__":
    main()
