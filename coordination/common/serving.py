"""Sends a private file, after the view has checked the reader's right to it."""

from django.http import FileResponse  # noqa: TID251 -- the one place where stored files become answers


def file_response(stored):
    """A StoredFile as an answer that no browser renders as a page and no shared cache keeps."""
    response = FileResponse(
        stored.file.open("rb"),
        content_type=stored.content_type,
        as_attachment=not stored.is_image,
        filename=stored.name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
