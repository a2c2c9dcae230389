import gzip

import brotli
import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from portal.middleware import CompressionMiddleware

TEXT = b"Permohonan koordinasi " * 100


def answer(response, accept="gzip, deflate, br"):
    request = RequestFactory().get("/", headers={"accept-encoding": accept})
    return CompressionMiddleware(lambda request: response)(request)


def test_brotli_for_browsers_that_take_it():
    response = answer(HttpResponse(TEXT))
    assert response["Content-Encoding"] == "br"
    assert response["Vary"] == "Accept-Encoding"
    assert brotli.decompress(response.content) == TEXT
    assert response["Content-Length"] == str(len(response.content))


def test_gzip_for_others():
    response = answer(HttpResponse(TEXT), accept="gzip")
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == TEXT


def test_streams_are_not_read_whole():
    response = answer(StreamingHttpResponse(iter([TEXT, TEXT]), content_type="text/csv"))
    assert gzip.decompress(b"".join(response.streaming_content)) == TEXT * 2


@pytest.mark.parametrize("accept", ["", "identity"])
def test_plain_for_who_takes_nothing(accept):
    assert answer(HttpResponse(TEXT), accept).content == TEXT


def test_short_answers_stay_as_they_are():
    assert not answer(HttpResponse(b"ok")).has_header("Content-Encoding")


def test_photos_are_not_compressed_again(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(TEXT)
    with photo.open("rb") as file:
        response = answer(FileResponse(file, content_type="image/jpeg"))
        assert not response.has_header("Content-Encoding")
        assert response["Content-Length"] == str(len(TEXT))
