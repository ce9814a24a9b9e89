"""Pictures from strangers: decoded within limits, fitted, and written anew as PNG, so that nothing of the upload survives."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from roadstead.catalog.errors import PictureRefused

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 4_000 * 4_000
ICON_SIZE = 384
_FORMATS = ("PNG", "JPEG", "WEBP")


def icon_png(data: bytes) -> bytes:
    """Return a square PNG of at most 384 px from an uploaded picture; raise `PictureRefused` for anything else."""
    if len(data) > MAX_BYTES:
        raise PictureRefused(field="icon")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise PictureRefused(field="icon")
                fitted = ImageOps.contain(ImageOps.exif_transpose(picture).convert("RGBA"), (ICON_SIZE, ICON_SIZE))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise PictureRefused(field="icon") from error
    square = Image.new("RGBA", (max(fitted.size),) * 2, (0, 0, 0, 0))
    square.paste(fitted, ((square.width - fitted.width) // 2, (square.height - fitted.height) // 2))
    out = BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()
