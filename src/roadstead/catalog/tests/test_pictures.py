"""Pictures of strangers: what isn't a plain picture is refused, and nothing of an upload survives but its pixels."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from roadstead.catalog.errors import PictureRefused
from roadstead.catalog.pictures import ICON_SIZE, MAX_BYTES, icon_png


def picture(kind: str = "PNG", size: tuple[int, int] = (32, 16), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (11, 102, 117)).save(out, kind, **options)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


REFUSED = {
    "nothing": b"",
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with a prologue": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "y">]><svg/>',
    "html": b"<html><img src=x onerror=alert(1)></html>",
    "pdf": b"%PDF-1.4\n",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "gif": picture("GIF"),
    "bmp": picture("BMP"),
    "half a png": picture()[:40],
    "bomb": png_that_claims(60_000, 60_000),
    "above the pixels": png_that_claims(4_001, 4_001),
    "above the bytes": picture() + b"\0" * MAX_BYTES,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused) as refused:
        icon_png(data)
    assert refused.value.field == "icon"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_written_anew_as_a_square_png(kind: str) -> None:
    with Image.open(BytesIO(icon_png(picture(kind, (1200, 600))))) as made:
        assert (made.format, made.size, made.mode) == ("PNG", (ICON_SIZE, ICON_SIZE), "RGBA")


def test_nothing_of_the_upload_survives_but_its_pixels() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>canary</script>")
    data = picture(pnginfo=notes) + b"PK\x03\x04canary"
    made = icon_png(data)
    assert b"canary" in data
    assert b"canary" not in made


def test_the_camera_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x010F] = "canary"
    data = picture("JPEG", exif=exif)
    assert b"canary" in data
    assert b"canary" not in icon_png(data)
