"""The catalogues of texts: both languages of each, with the same gaps, and none that nobody says."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from printed import NOTEBOOKS

import fer_nb
from fer_nb.language import Text, read_texts
from fer_nb.report.numbering import CITATION, references

ROOT = Path(fer_nb.__file__).parent
CATALOGUES = sorted(
    path for path in ROOT.glob("findings/**/*.yaml") if path.name not in ("names.yaml", "claims.yaml")
)
SAID = re.compile(r'"([^"\n]*)"')


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_is_said_in_both_languages_and_by_somebody(path):
    sources = [file.read_text(encoding="utf-8") for file in sorted(path.parent.rglob("*.py"))]
    sources += [cell.source for file in NOTEBOOKS for cell in nbformat.read(file, as_version=4).cells]
    words = set(SAID.findall("\n".join(sources)))
    for key, text in read_texts(path).items():
        assert text.zh.strip() and text.en.strip(), key
        assert key in words, f"{key}: said by nobody"
        assert set(CITATION.findall(text.zh)) == set(CITATION.findall(text.en)) <= set(references()), key


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_catalogue_has_a_key_twice(path):
    keys = [key.value for key, _ in yaml.compose(path.read_text(encoding="utf-8")).value]
    assert len(keys) == len(set(keys))


def test_gaps_take_texts_in_their_language_numbers_by_their_format_and_lists_with_what_is_between():
    one, other = Text("恐懼", "fear"), Text("難過", "sad")
    told = Text("{who}：{share:.1%}；{names}", "{who!c}: {share:.1%}; {names: and }").format(
        who=one, share=0.125, names=[one, other]
    )
    assert told == Text("恐懼：12.5%；恐懼、難過", "Fear: 12.5%; fear and sad")


@pytest.mark.parametrize(
    ("zh", "en", "both"),
    [
        ("高興", "happy", "高興 happy"),
        ("標準（舊）", "standard (old)", "標準（舊） standard (old)"),
        ("AdamW", "AdamW", "AdamW"),
        ("AdamW", "AdamW, x", "AdamW · AdamW, x"),
        ("批次 64", "batches of 64", "批次 64 · batches of 64"),
        ("八張影像", "8 images", "八張影像 · 8 images"),
    ],
)
def test_a_dot_parts_the_languages_where_one_cannot_see_which_is_which(zh, en, both):
    assert str(Text(zh, en)) == both


def test_a_value_that_is_missing_is_an_error():
    with pytest.raises(KeyError):
        Text("{who}", "{who}").format()


def test_a_key_of_a_wider_catalogue_is_refused(tmp_path):
    path = tmp_path / "texts.yaml"
    path.write_text("network: {zh: 網路, en: network}\nlayer: {zh: 層, en: layer}\n", encoding="utf-8")
    shared = {"network": Text("網路", "network")}
    with pytest.raises(ValueError, match="found network of a wider catalogue"):
        read_texts(path, beside=shared)
    assert set(read_texts(path, beside={"image": shared["network"]})) == {"image", "network", "layer"}


def test_chinese_gets_full_width_brackets_behind_a_share_and_spaces_around_a_latin_name():
    text = Text("由{name}答對 {share}的影像", "{name}: {share} right").format(
        name="CNN", share="70.6% (67.4–73.7)"
    )
    assert text == Text("由 CNN 答對 70.6%（67.4–73.7）的影像", "CNN: 70.6% (67.4–73.7) right")
