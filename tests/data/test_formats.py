"""Every shape of FER2013 is recognised by its content and holds the same rows."""

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from fer_nb.data import load
from fer_nb.data.faces import PRACTICE, concatenate, fingerprint, fingerprints
from fer_nb.data.formats import pack, read_faces, recognise
from fer_nb.errors import InputError

LABELLED = ["kaggle", "icml", "folder", "parquet", "hf", "npz"]


@pytest.mark.parametrize("shape", LABELLED)
def test_every_labelled_shape_gives_the_same_faces(shape, faces, write, tmp_path):
    path = write(shape, faces, tmp_path / "data")
    found = read_faces(path)
    assert recognise(path).format == shape
    assert found.counts() == faces.counts()
    assert fingerprints(found) == fingerprints(faces)
    assert found.ids.tolist() == faces.ids.tolist()


def test_the_homework_folder_gives_the_same_training_rows_and_unlabelled_test_rows(faces, write, tmp_path):
    path = write("course", faces, tmp_path / "data")
    found = read_faces(path)
    assert recognise(path).format == "course"
    assert found.counts() == {"Training": 4, "PublicTest": 0, "PrivateTest": 0, "unlabelled": 3}
    assert fingerprint(found.of("Training")) == fingerprint(faces.of("Training"))
    assert np.array_equal(found.of("unlabelled").images, faces.images[4:])
    assert set(found.of("unlabelled").labels) == {-1}
    assert found.of("unlabelled").ids.tolist() == [0, 1, 2]


def test_one_file_of_the_homework_alone_is_read(faces, write, tmp_path):
    path = write("course", faces, tmp_path / "data")
    assert read_faces(path / "train.csv").counts()["Training"] == 4
    assert read_faces(path / "test.csv").counts()["unlabelled"] == 3
    (path / "test.csv").unlink()
    assert len(read_faces(path)) == 4


def test_ids_of_a_homework_test_file_are_kept_whatever_their_order(faces, write, tmp_path):
    path = write("course", faces, tmp_path / "data") / "test.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *rows[::-1]]))
    assert read_faces(path).ids.tolist() == [2, 1, 0]


@pytest.mark.parametrize("shape", ["kaggle", "icml", "parquet", "npz"])
def test_the_content_tells_the_format_not_the_name(shape, faces, write, tmp_path):
    path = write(shape, faces, tmp_path / "data")
    renamed = path.rename(tmp_path / "download.dat")
    assert recognise(renamed).format == shape
    assert fingerprints(read_faces(renamed)) == fingerprints(faces)


@pytest.mark.parametrize("shape", ["kaggle", "parquet", "npz"])
def test_a_folder_that_holds_one_known_file_is_that_file(shape, faces, write, tmp_path):
    path = write(shape, faces, tmp_path / "data")
    (path.parent / "README.txt").write_text("about the data")
    assert fingerprints(read_faces(path.parent)) == fingerprints(faces)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.removesuffix(b"\n"),
        lambda text: text + b"\n\n",
        lambda text: text.replace(b" ", b"  "),
        lambda text: text.replace(b",", b', "', 1).replace(b",Usage", b'", Usage'),
        lambda text: text.replace(b"\n", b" \n"),
    ],
    ids=[
        "byte order mark",
        "CRLF",
        "no final newline",
        "blank lines",
        "two blanks",
        "quotes",
        "blank at end",
    ],
)
@pytest.mark.parametrize("shape", ["course", "kaggle", "icml"])
def test_csv_as_other_programs_write_it_gives_the_same_rows(shape, change, faces, write, tmp_path):
    path = write(shape, faces, tmp_path / "data")
    plain = fingerprints(read_faces(path))
    for file in [path] if path.is_file() else [path / "train.csv", path / "test.csv"]:
        file.write_bytes(change(file.read_bytes()))
    assert fingerprints(read_faces(path)) == plain


def test_the_contests_own_two_files_are_read(faces, write, tmp_path):
    path = write("course", faces, tmp_path / "data")
    train, test = path / "train.csv", path / "test.csv"
    train.write_text(train.read_text().replace("label,feature", "emotion,pixels"))
    rows = [line.split(",")[1] for line in test.read_text().splitlines()[1:]]
    test.write_text("\n".join(["pixels", *rows]))
    found = read_faces(path)
    assert found.counts() == {"Training": 4, "PublicTest": 0, "PrivateTest": 0, "unlabelled": 3}
    assert found.of("unlabelled").ids.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "usage"),
    [
        ("train", "Training"),
        ("Training", "Training"),
        ("public_test", "PublicTest"),
        ("PublicTest", "PublicTest"),
        ("private", "PrivateTest"),
        ("val", "PublicTest"),
        ("test", "PrivateTest"),
        ("my_private_pictures", "Training"),
    ],
)
def test_the_split_is_told_by_the_folder_where_the_file_name_tells_none(name, usage, faces, write, tmp_path):
    path = write("folder", faces.of("Training"), tmp_path / "written")
    for file in sorted(path.rglob("*.png")):
        target = tmp_path / "data" / name / file.parent.name / file.name.replace("Training_", "im")
        target.parent.mkdir(parents=True)
        shutil.copy(file, target)
    assert read_faces(tmp_path / "data").counts()[usage] == 4


@pytest.mark.parametrize(
    ("name", "usage"),
    [
        ("validation-00000-of-00001", "PublicTest"),
        ("fer2013-test", "PrivateTest"),
        ("publictest", "PublicTest"),
        ("download", "Training"),
    ],
)
def test_the_split_of_a_shard_is_told_by_its_name(name, usage, faces, write, tmp_path):
    path = write("hf", faces, tmp_path / "data") / "train-00000-of-00001.parquet"
    assert read_faces(path.rename(path.with_stem(name))).counts()[usage] == 4


def test_class_folders_may_have_the_nouns_numbers_or_capitals_for_names(faces, write, tmp_path):
    path = write("folder", faces, tmp_path / "data")
    (path / "train" / "angry").rename(path / "train" / "Anger")
    (path / "train" / "happy").rename(path / "train" / "3")
    (path / "train" / "fear" / "Thumbs.db").write_bytes(b"litter")
    (path / "train" / "fear" / ".DS_Store").write_bytes(b"litter")
    (path / "README.txt").write_text("about")
    assert fingerprints(read_faces(path)) == fingerprints(faces)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_grey_image_saved_as_colour_is_the_grey_image(mode, faces, write, tmp_path):
    path = write("folder", faces, tmp_path / "data")
    for file in path.rglob("*.png"):
        Image.open(file).convert(mode).save(file)
    assert fingerprints(read_faces(path)) == fingerprints(faces)


def test_the_class_order_in_hugging_faces_metadata_is_honoured(faces, write, tmp_path):
    names = ["neutral", "angry", "disgust", "fear", "happy", "sad", "surprise"]
    metadata = json.dumps({"info": {"features": {"label": {"_type": "ClassLabel", "names": names}}}})
    path = write("hf", faces, tmp_path / "data")
    for file in path.glob("*.parquet"):
        table = pq.read_table(file)
        labels = pa.array([(label + 1) % 7 for label in table["label"].to_pylist()])
        table = table.set_column(table.schema.get_field_index("label"), "label", labels)
        pq.write_table(table.replace_schema_metadata({"huggingface": metadata}), file)
    assert fingerprints(read_faces(path)) == fingerprints(faces)


def test_a_split_in_several_shards_is_joined_and_numbered_through(faces, write, tmp_path):
    path = write("hf", faces, tmp_path / "data")
    whole = path / "train-00000-of-00001.parquet"
    table = pq.read_table(whole)
    whole.unlink()
    pq.write_table(table.slice(0, 1), path / "train-00000-of-00002.parquet")
    pq.write_table(table.slice(1), path / "train-00001-of-00002.parquet")
    assert fingerprints(read_faces(path)) == fingerprints(faces)
    assert read_faces(path).of("Training").ids.tolist() == [0, 1, 2, 3]


def test_the_second_read_takes_the_packed_copy(faces, write, tmp_path, monkeypatch):
    path, cache = write("kaggle", faces, tmp_path / "data"), tmp_path / "runs" / "cache"
    first = read_faces(path, cache=cache)
    monkeypatch.setattr("fer_nb.data.formats.reading.read_csv", None)
    second = read_faces(path, cache=cache)
    assert fingerprints(second) == fingerprints(first)
    assert (second.source, second.ids.tolist()) == (str(path), first.ids.tolist())


@pytest.mark.parametrize("shape", ["kaggle", "folder"])
def test_changed_data_is_read_anew_and_its_old_copy_goes(shape, faces, write, tmp_path):
    path, cache = write(shape, faces, tmp_path / "data"), tmp_path / "cache"
    read_faces(path, cache=cache)
    other = concatenate([faces, faces.take(np.array([0]))], source="more")
    write(shape, other, tmp_path / "data")
    assert len(read_faces(path, cache=cache)) == 8
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", [lambda data: data[:-30], lambda _: b"junk", lambda data: data[:200]])
def test_a_damaged_copy_is_rebuilt_with_a_warning(damage, faces, write, tmp_path):
    path, cache = write("kaggle", faces, tmp_path / "data"), tmp_path / "cache"
    read_faces(path, cache=cache)
    (copy,) = cache.iterdir()
    copy.write_bytes(damage(copy.read_bytes()))
    with pytest.warns(UserWarning, match="rebuilding a damaged cache"):
        rebuilt = read_faces(path, cache=cache)
    assert fingerprints(rebuilt) == fingerprints(faces)
    assert fingerprints(read_faces(path, cache=cache)) == fingerprints(faces)


def test_a_flipped_bit_in_a_copy_is_noticed(faces, write, tmp_path):
    path, cache = write("kaggle", faces, tmp_path / "data"), tmp_path / "cache"
    read_faces(path, cache=cache)
    (copy,) = cache.iterdir()
    data = bytearray(copy.read_bytes())
    data[5000] ^= 1
    copy.write_bytes(data)
    with pytest.warns(UserWarning, match="rebuilding a damaged cache"):
        assert fingerprints(read_faces(path, cache=cache)) == fingerprints(faces)


def test_a_cache_that_cannot_be_written_costs_a_warning_not_the_data(faces, write, tmp_path):
    path = write("kaggle", faces, tmp_path / "data")
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(UserWarning, match="no cache is kept"):
        assert len(read_faces(path, cache=tmp_path / "file")) == 7


def test_bad_data_leaves_no_copy(faces, write, tmp_path):
    path, cache = write("kaggle", faces, tmp_path / "data"), tmp_path / "cache"
    path.write_text(path.read_text().replace("\n3,", "\n9,"))
    with pytest.raises(InputError):
        read_faces(path, cache=cache)
    assert not cache.exists()


def test_packed_practice_faces_are_still_known_as_such(faces, tmp_path):
    practice = concatenate([faces], source=PRACTICE)
    pack(practice, tmp_path / "a.npz")
    pack(faces, tmp_path / "b.npz")
    assert read_faces(tmp_path / "a.npz").source == PRACTICE
    assert read_faces(tmp_path / "b.npz").source == str(tmp_path / "b.npz")


def test_packing_that_fails_leaves_nothing(faces, tmp_path):
    (tmp_path / "taken.npz").mkdir()
    with pytest.raises(InputError, match=r"taken\.npz: expected a file that can be written"):
        pack(faces, tmp_path / "taken.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.npz"]


def test_the_door_draws_practice_faces_by_number_and_seed():
    drawn, same, other = load("practice:12"), load("practice:12"), load("practice:12", seed=1)
    assert drawn.source == PRACTICE
    assert drawn.counts() == {"Training": 12, "PublicTest": 2, "PrivateTest": 2, "unlabelled": 0}
    assert fingerprint(drawn) == fingerprint(same) != fingerprint(other)


def test_the_door_reads_a_path_and_keeps_a_copy_below_the_current_folder(faces, write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("kaggle", faces, tmp_path / "data")
    assert fingerprints(load("data/fer2013.csv")) == fingerprints(faces)
    assert len(list((tmp_path / "runs" / "cache").iterdir())) == 1


@pytest.mark.parametrize("count", ["", "0", "many", "-3", "1.5"])
def test_a_number_of_practice_faces_that_is_none_is_refused(count):
    with pytest.raises(InputError, match=f"^practice:{count}: expected practice:N"):
        load(f"practice:{count}")


@pytest.mark.real
def test_all_shapes_of_a_part_of_fer2013_have_the_same_fingerprints(write, real_parquet, tmp_path):
    real = read_faces(real_parquet)
    part = concatenate(
        [real.of(usage).take(np.arange(60)) for usage in ("Training", "PublicTest", "PrivateTest")],
        source="part",
    )
    for shape in LABELLED:
        assert fingerprints(read_faces(write(shape, part, tmp_path / shape))) == fingerprints(part)
    course = read_faces(write("course", part, tmp_path / "course"))
    assert fingerprints(course)["Training"] == fingerprints(part)["Training"]
