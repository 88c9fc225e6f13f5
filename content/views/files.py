"""Files that are stored, as downloads: whole, in part, or not again. None of them runs in the portal's origin."""

import re
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

# What is held in memory for one answer; who wants more asks again.
LARGEST_PART = 8 * 1024 * 1024


class StoredFile(NamedTuple):
    """`checksum` is its SHA-256 in hexadecimal, which is its ETag too."""

    name: str
    media_type: str
    size: int
    checksum: str
    open: Callable[[], BinaryIO]


def download(request, file: StoredFile) -> HttpResponseBase:
    """The whole file, or the part of it that was asked for, or nothing where the caller has it already."""
    # As it is stored, byte for byte: nobody packs it on the way, least of all a part of it.
    request.META["HTTP_ACCEPT_ENCODING"] = ""
    response = _answer(request, file)
    # Whatever was uploaded, a browser that opens it all the same runs none of it.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{file.checksum}"'
    return response


def _answer(request, file: StoredFile) -> HttpResponseBase:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or file.checksum in {tag.removeprefix("W/").strip('"') for tag in known}:
        return HttpResponseNotModified()
    wanted = part_asked(request, file)
    if wanted is None:
        response = FileResponse(file.open(), as_attachment=True, filename=file.name, content_type=file.media_type)
        response["Content-Length"] = str(file.size)
        return response
    if wanted.start >= file.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    with file.open() as content:
        content.seek(wanted.start)
        response = HttpResponse(content.read(len(wanted)), status=206, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{file.size}"
    return response


def part_asked(request, file: StoredFile) -> range | None:
    """The bytes that are missing where a download broke off; None for the whole file.

    A list of several parts, or a part of what the file was before, is answered with all of it, as RFC 9110 allows.
    """
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if request.method != "GET" or not asked or not any(asked.groups()):
        return None
    if file.checksum not in request.headers.get("If-Range", file.checksum):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(file.size - int(last), 0), file.size) if int(last) else range(file.size, file.size)
    stop = min(int(last) + 1, file.size) if last else file.size
    return None if last and int(last) < int(first) else range(int(first), min(stop, int(first) + LARGEST_PART))
