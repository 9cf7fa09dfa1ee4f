import numpy as np
import typst
from PIL import Image
from pypdf import PdfReader

from benchmarks.sample import SAMPLE, shrink


def test_a_shrunk_report_keeps_pages_and_words_and_is_much_smaller(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    source = tmp_path / "report.typ"
    source.write_text('#image("noise.png", alt: "noise") words \n #pagebreak() more', encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(typst.compile(source, root=tmp_path))
    for target in ("a.pdf", "b.pdf"):
        shrink(tmp_path / "report.pdf", tmp_path / target)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a.pdf").stat().st_size < (tmp_path / "report.pdf").stat().st_size / 2
    read = PdfReader(tmp_path / "a.pdf")
    assert ["words" in page.extract_text() for page in read.pages] == [True, False]


def test_the_sample_that_is_kept_shows_practice_faces_and_is_small():
    read = PdfReader(SAMPLE)
    assert "practice faces" in read.pages[0].extract_text()
    assert SAMPLE.stat().st_size < 1.5e6
