import io
import random

import pytest
from PIL import Image

from documents.picture import HEIGHT, LARGEST_BYTES, WIDTH, NotALogo, logo


def made(kind: str, mode: str, size: tuple[int, int], **more: object) -> bytes:
    Image.new(mode, size).save(out := io.BytesIO(), kind, **more)
    return out.getvalue()


def noise() -> bytes:
    Image.frombytes("RGB", (40, 40), random.Random(1).randbytes(4800)).save(out := io.BytesIO(), "PNG")
    return out.getvalue()


@pytest.mark.parametrize("size", [(10, 10), (100, 2000), (4000, 20), (1, 1)])
@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK")]
)
def test_every_picture_becomes_a_plain_png_within_its_box(kind, mode, size):
    with Image.open(io.BytesIO(logo(made(kind, mode, size)))) as picture:
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        assert picture.height <= HEIGHT
        assert picture.width * HEIGHT <= picture.height * WIDTH


def test_what_is_transparent_becomes_paper():
    with Image.open(io.BytesIO(logo(made("PNG", "RGBA", (20, 20))))) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_nothing_of_the_sender_stays_in_the_file():
    exif = Image.Exif()
    exif[0x010E] = "secret"
    assert b"secret" not in logo(made("JPEG", "RGB", (20, 20), exif=exif))


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"GIF89a", b"<svg/>", made("GIF", "P", (9, 9)), noise()[:900], noise()[:-40],
        made("PNG", "1", (6000, 6000)), made("PNG", "1", (20_000, 20_000)), b"\x89PNG" + bytes(LARGEST_BYTES),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_too_large_is_refused(sent):
    with pytest.raises(NotALogo):
        logo(sent)
