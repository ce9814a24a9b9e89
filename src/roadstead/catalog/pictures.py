"""Pictures from strangers: decoded within limits, fitted, and written anew as PNG, so that nothing of the upload survives."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from roadstead.catalog.errors import PictureRefused

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 4_000 * 4_000
ICON_SIZE = 384
SCREENSHOT_SIZE = 1_600
THUMBNAIL_SIZE = 384
_FORMATS = ("PNG", "JPEG", "WEBP")
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)


def icon_png(data: bytes) -> bytes:
    """Return a square PNG of at most 384 px from an uploaded picture; raise `PictureRefused` for anything else."""
    fitted = _fitted(data, ICON_SIZE, field="icon")
    square = Image.new("RGBA", (max(fitted.size),) * 2, (0, 0, 0, 0))
    square.paste(fitted, ((square.width - fitted.width) // 2, (square.height - fitted.height) // 2))
    return _png(square)


def screenshot_pngs(data: bytes) -> tuple[bytes, bytes]:
    """Return a screenshot as PNG of at most 1,600 px and its thumbnail of at most 384; raise `PictureRefused` for anything else."""
    full = _fitted(data, SCREENSHOT_SIZE, field="screenshots")
    return _png(full), _png(ImageOps.contain(full, (THUMBNAIL_SIZE, THUMBNAIL_SIZE)))


def _fitted(data: bytes, longest: int, *, field: str) -> Image.Image:
    """Decode a picture within the limits and make it small enough; a small one keeps its size if it isn't an icon."""
    if len(data) > MAX_BYTES:
        raise PictureRefused(field=field)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise PictureRefused(field=field)
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
                box = longest if longest == ICON_SIZE else min(longest, max(upright.size))
                return ImageOps.contain(upright, (box, box))
    except _UNREADABLE as error:
        raise PictureRefused(field=field) from error


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
