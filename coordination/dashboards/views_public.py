"""The public pages and files: nobody signs in, no cookie is set, and what is shown may be kept by any cache."""

import gzip
from functools import partial

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from coordination.common.errors import TooManyAtOnce
from coordination.dashboards.public import allowance, copies, online, opendata, pages
from coordination.regions.models import Level, Region

# The frame of a stranger for everybody: a page that greeted its reader could not be kept, nor may it take their
# messages out of their session. Its form of the language would set a cookie, so the sign-in page alone has that.
FRAME = {"is_kept": True, "user": AnonymousUser(), "messages": ()}
CSV, GEOJSON = "text/csv; charset=utf-8", "application/geo+json"


@require_safe
def status(request):
    """The country, or the regions of a name."""
    text = request.GET.get("q", "").strip()
    if not text:
        return _kept(request, "public/status.html", lambda: {"shown": pages.page_of(None)})
    if not allowance.take(get_adapter().get_client_ip(request)):
        raise TooManyAtOnce
    found, more = pages.search(text)
    context = {"text": text[: pages.LONGEST_SEARCH], "found": found, "more": more}
    return _page(request, _rendered(request, "public/status.html", context))


@require_safe
def region(request, code):
    return _of_region(
        request, code, "region", lambda found: {"shown": pages.page_of(found), "region": found, "pages": pages}
    )


@require_safe
def works_here(request, code):
    """What works online in a regency or below; of a province nothing can be said that holds for all of it."""
    return _of_region(
        request,
        code,
        "online",
        lambda found: {"region": found, "online": online.online_in(found), "obstacles": pages.standing(found)},
        tiers=(Level.REGENCY, Level.DISTRICT, Level.VILLAGE),
    )


def _of_region(request, code, name, gather, *, tiers=tuple(Level)):
    try:
        found = pages.find(code)
    except Region.DoesNotExist:
        return _unknown(request)
    if found.level not in tiers:
        return redirect("public:region", found.code)
    if found.code != code:
        return redirect(f"public:{name}", found.code)
    return _kept(request, f"public/{name}.html", partial(gather, found))


def _unknown(request):
    return _page(request, _rendered(request, "public/unknown.html", {}), status=404)


@require_safe
def data(request):
    """The files, what stands in them and what may be done with them."""
    provinces = Region.objects.current().filter(level=Level.PROVINCE).only("code", "name")
    return _kept(
        request, "public/data.html", lambda: {"columns": opendata.COLUMNS, "opendata": opendata, "provinces": provinces}
    )


@require_safe
def country_csv(request):
    return _file(request, "wilayah.csv", CSV, opendata.country_csv)


@require_safe
def regencies_geojson(request):
    return _file(request, "wilayah.geojson", GEOJSON, opendata.regencies_geojson)


@require_safe
def province_csv(request, code):
    try:
        found = pages.find(code)
    except Region.DoesNotExist:
        return _unknown(request)
    if found.level != Level.PROVINCE:
        return _unknown(request)
    if found.code != code:
        return redirect("public:province_csv", found.code)
    return _file(request, f"{found.code}.csv", CSV, partial(opendata.province_csv, found))


def _rendered(request, template, context):
    return render_to_string(template, FRAME | context, request).encode()


def _kept(request, template, gather):
    """A page of an address that exists, of which there are only so many; what people type is never kept."""
    # By the style sheet too, lest a page name one that went with an earlier version.
    name = f"{get_language()}:{static('css/portal.css')}:{request.path}"
    copy = copies.keep(name, lambda: _rendered(request, template, gather()))
    return _page(request, copy.body, etag=f'W/"{copy.digest}"')


def _page(request, body, *, status=200, etag=None):
    response = _to_be_kept(HttpResponse(body, status=status), etag=etag)
    # The cookie of the language is the only one that changes the page.
    patch_vary_headers(response, ("Cookie",))
    return get_conditional_response(request, etag=etag, response=response) if etag else response


def _to_be_kept(response, *, etag=None):
    response["Cache-Control"] = f"public, max-age={copies.FRESH_SECONDS}"
    if etag:
        response["ETag"] = etag
    return response


def _file(request, name, content_type, make):
    """A file, compressed once for all readers: brotli of a megabyte for each would take seconds of the processor."""
    copy = copies.keep(f"data:{name}", lambda: gzip.compress(make(), mtime=0))
    etag = f'W/"{copy.digest}"'
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(copy.body, content_type=content_type)
        response["Content-Encoding"] = "gzip"
    else:
        # As a stream, which the middleware leaves as it is.
        response = StreamingHttpResponse([gzip.decompress(copy.body)], content_type=content_type)
    _to_be_kept(response, etag=etag)
    response["Last-Modified"] = http_date(copy.changed_at)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Link"] = f'<{reverse("public:data")}>; rel="license describedby"'
    patch_vary_headers(response, ("Accept-Encoding",))
    response = get_conditional_response(request, etag=etag, last_modified=int(copy.changed_at), response=response)
    response["Access-Control-Allow-Origin"] = "*"
    return response
