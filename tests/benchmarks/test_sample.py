import pytest
import typst
from PIL import Image
from pypdf import PdfReader

from benchmarks.sample import PICTURES, SAMPLE, picture


def test_a_picture_shows_the_page_that_holds_the_words(tmp_path):
    source = tmp_path / "report.typ"
    source.write_text("first \n #pagebreak() #set page(width: 100pt, height: 50pt) \n second page", "utf-8")
    (tmp_path / "report.pdf").write_bytes(typst.compile(source))
    picture(tmp_path / "report.pdf", tmp_path / "page.png", words="second page")
    with Image.open(tmp_path / "page.png") as page:
        assert page.width > 1.9 * page.height
    with pytest.raises(ValueError, match="expected a page with 'third', found none"):
        picture(tmp_path / "report.pdf", tmp_path / "page.png", words="third")


def test_the_sample_that_is_kept_shows_practice_faces_and_is_small():
    read = PdfReader(SAMPLE / "report.pdf")
    assert "practice faces" in read.pages[0].extract_text()
    assert (SAMPLE / "report.pdf").stat().st_size < 1.6e6
    assert all((SAMPLE / name).exists() for name in PICTURES)
