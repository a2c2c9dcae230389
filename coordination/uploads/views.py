"""How a device asks how much of a file has arrived, and sends the rest (after the tus protocol 1.0)."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from coordination.uploads import resuming
from coordination.uploads.models import Upload

PIECE = "application/offset+octet-stream"


@require_http_methods(["HEAD", "PATCH"])
def piece(request, key):
    """HEAD: how much is here. PATCH: the next piece. 410 when nothing more is taken, 409 at a wrong offset."""
    upload = Upload.objects.filter(owner=request.user, key=key).first()
    if upload is None:
        # With an offset, so that the device can tell the portal's word from that of a proxy on the way.
        return HttpResponse(status=404, headers={"Upload-Offset": 0})
    if request.method == "HEAD":
        return _answer(upload, 410 if upload.ended_at else 200)
    if request.content_type != PIECE:
        return _answer(upload, 415)
    if int(request.META.get("CONTENT_LENGTH") or 0) > resuming.MOST_A_PIECE:
        return _answer(upload, 413)
    try:
        upload = resuming.append(upload, _offset(request), request.body)
    except resuming.WrongOffset as wrong:
        upload.received = wrong.received
        return _answer(upload, 409)
    except resuming.NotAwaited:
        return _answer(upload, 410)
    return _answer(upload, 422 if upload.ended_at else 204)


def _offset(request):
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isdecimal() or len(offset) > 9:
        raise Http404
    return int(offset)


def _answer(upload, status):
    headers = {"Upload-Offset": upload.received, "Upload-Length": upload.size, "Cache-Control": "no-store"}
    return HttpResponse(status=status, headers=headers)
