"""What the frame of every page needs; costs no query."""

from django.conf import settings


def portal(request):
    """Site name and whether this is the demo."""
    return {"site_name": settings.SITE_NAME, "is_demo": settings.DEMO}
