"""Icons and screenshots for apps, drawn here: nothing binary lies in the tree."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

WHITE = "#ffffff"
Draw = ImageDraw.ImageDraw


def icon(colour: str, glyph: str) -> bytes:
    """A square of one colour with a white sign on it."""
    picture = Image.new("RGB", (384, 384), colour)
    _GLYPHS[glyph](ImageDraw.Draw(picture))
    return _png(picture)


def screenshot(colour: str, kind: str) -> bytes:
    """An application's window as it could look: a side bar and plots, or a text with a picture."""
    picture = Image.new("RGB", (1280, 800), "#f6f8f9")
    draw = ImageDraw.Draw(picture)
    _KINDS[kind](draw, colour)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _cylinder(draw: Draw) -> None:
    for top in (104, 176, 248):
        draw.rounded_rectangle((110, top, 274, top + 52), 26, outline=WHITE, width=16)


def _bars(draw: Draw) -> None:
    for left, top in ((96, 214), (160, 150), (224, 188), (288, 104)):
        draw.rounded_rectangle((left - 14, top, left + 22, 280), 10, fill=WHITE)


def _ring(draw: Draw) -> None:
    draw.ellipse((96, 96, 288, 288), outline=WHITE, width=22)
    draw.ellipse((164, 164, 220, 220), fill=WHITE)


def _layers(draw: Draw) -> None:
    for top in (92, 148, 204):
        draw.polygon([(192, top), (296, top + 46), (192, top + 92), (88, top + 46)], outline=WHITE, width=14)


def _page(draw: Draw) -> None:
    draw.rounded_rectangle((116, 86, 268, 298), 18, outline=WHITE, width=16)
    for top in (144, 188, 232):
        draw.rounded_rectangle((150, top, 234, top + 14), 7, fill=WHITE)


def _bolt(draw: Draw) -> None:
    draw.polygon([(214, 76), (112, 214), (184, 214), (166, 308), (272, 164), (198, 164)], fill=WHITE)


def _lock(draw: Draw) -> None:
    draw.arc((136, 84, 248, 216), 180, 360, fill=WHITE, width=20)
    draw.rounded_rectangle((106, 160, 278, 290), 22, fill=WHITE)


def _dashboard(draw: Draw, colour: str) -> None:
    draw.rectangle((0, 0, 212, 800), fill="#15303a")
    for place in range(7):
        draw.rounded_rectangle((28, 48 + place * 44, 120 + 12 * (place % 3), 60 + place * 44), 6, fill="#8fb0ba")
    for place in range(3):
        left = 252 + place * 336
        draw.rounded_rectangle((left, 92, left + 308, 212), 14, fill=WHITE)
        draw.rounded_rectangle((left + 24, 118, left + 110, 128), 5, fill="#b9c6cb")
        draw.rounded_rectangle((left + 24, 148, left + 84 + 30 * place, 178), 6, fill="#22363d")
    draw.rounded_rectangle((252, 244, 1232, 752), 14, fill=WHITE)
    heights = (80, 120, 96, 160, 210, 188, 240, 226, 300, 280, 330, 360)
    line = [(300 + place * 80, 712 - height) for place, height in enumerate(heights)]
    draw.polygon([*line, (line[-1][0], 712), (300, 712)], fill=_pale(colour))
    draw.line(line, fill=colour, width=6, joint="curve")


def _article(draw: Draw, colour: str) -> None:
    draw.rectangle((0, 0, 1280, 800), fill=WHITE)
    draw.rounded_rectangle((160, 96, 820, 132), 8, fill="#22363d")
    for place in range(3):
        draw.rounded_rectangle((160, 172 + place * 30, 1100 - 120 * place, 184 + place * 30), 6, fill="#c6d1d5")
    draw.rounded_rectangle((160, 290, 1120, 640), 16, fill=_pale(colour))
    draw.polygon([(160, 640), (440, 420), (660, 560), (900, 380), (1120, 600), (1120, 640)], fill=colour)
    draw.rounded_rectangle((160, 690, 940, 702), 6, fill="#c6d1d5")


def _table(draw: Draw, colour: str) -> None:
    draw.rectangle((0, 0, 1280, 92), fill=WHITE)
    draw.rounded_rectangle((48, 32, 260, 60), 8, fill="#22363d")
    draw.rounded_rectangle((1080, 28, 1232, 64), 10, fill=colour)
    for place in range(9):
        top = 116 + place * 74
        draw.rounded_rectangle((48, top, 1232, top + 62), 10, fill=WHITE)
        draw.ellipse((72, top + 18, 98, top + 44), fill=colour if place % 3 else "#d98b3a")
        draw.rounded_rectangle((124, top + 24, 300 + 40 * (place % 4), top + 38), 7, fill="#5b7079")
        draw.rounded_rectangle((1060, top + 24, 1180, top + 38), 7, fill="#c6d1d5")


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part * 0.2 + 255 * 0.8):02x}" for part in (red, green, blue))


_GLYPHS: dict[str, Callable[[Draw], None]] = {
    "cylinder": _cylinder,
    "bars": _bars,
    "ring": _ring,
    "layers": _layers,
    "page": _page,
    "bolt": _bolt,
    "lock": _lock,
}
_KINDS: dict[str, Callable[[Draw, str], None]] = {"dashboard": _dashboard, "article": _article, "table": _table}
