"""Draws icon.png: a sheet of paper with a pen, our own drawing and nobody's trademark. Run it with Pillow installed."""

from pathlib import Path

from PIL import Image, ImageDraw

SIZE, FINE = 512, 4  # drawn larger and made smaller, for smooth edges
SEA, PAPER, LINE, INK, SUN = "#0B6675", "#F2F5F5", "#B9C9CC", "#0E2228", "#F0C457"


def draw() -> Image.Image:
    """Return the picture."""
    whole = SIZE * FINE
    picture = Image.new("RGBA", (whole, whole), (0, 0, 0, 0))
    brush = ImageDraw.Draw(picture)

    def at(*points: int) -> list[int]:
        return [point * FINE for point in points]

    brush.rounded_rectangle(at(0, 0, 511, 511), radius=112 * FINE, fill=SEA)
    brush.rounded_rectangle(at(112, 88, 400, 424), radius=24 * FINE, fill=PAPER)
    brush.rounded_rectangle(at(148, 132, 292, 160), radius=14 * FINE, fill=INK)
    for top, right in ((196, 364), (236, 348), (276, 300), (316, 252)):
        brush.rounded_rectangle(at(148, top, right, top + 16), radius=8 * FINE, fill=LINE)
    brush.polygon(at(268, 384, 284, 324, 412, 196, 456, 240, 328, 368), fill=SUN)
    brush.polygon(at(268, 384, 274, 360, 292, 378), fill=INK)
    brush.line(at(284, 324, 328, 368), fill=INK, width=5 * FINE)
    return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    draw().save(Path(__file__).with_name("icon.png"), optimize=True)
