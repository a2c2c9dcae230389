from django.http import HttpResponse
from django.urls import path

from coordination.offices.models import Office
from portal.urls import urlpatterns as portal_patterns


def floor(request):
    """Session, user and one indexed query: the least that any page for a signed-in person costs."""
    return HttpResponse(f"{request.user.name} {Office.objects.get(pk=request.user.office_id).name}")


urlpatterns = [path("lantai/", floor, name="floor"), *portal_patterns]
