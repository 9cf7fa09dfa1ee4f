"""Photographs: opened upright in any colour, faces found whichever way up, cut as FER2013's are."""

import io
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw
from sklearn.datasets import load_sample_image

from fer_nb.data.photographs import KEYPOINTS, Square, cut, find_faces, open_photograph, photograph_files
from fer_nb.errors import InputError

PORTRAIT = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"  # 512x600 pixels
EYES_AND_MOUTH = [(222, 188), (307, 185), (267, 238), (237, 283), (302, 277)]
"""The portrait's, by eye, in the order of KEYPOINTS."""


@pytest.fixture(scope="module")
def portrait():
    return open_photograph(PORTRAIT)


def corners_by_eye():
    """The corners of the portrait's face, from the key points, by solving for each coordinate."""
    wanted = np.array([[point.real, -point.imag, 1, 0] for point in KEYPOINTS.values()])
    wanted_y = np.array([[point.imag, point.real, 0, 1] for point in KEYPOINTS.values()])
    seen = np.array(EYES_AND_MOUTH, float)
    a, b, x, y = np.linalg.lstsq(np.vstack([wanted, wanted_y]), np.concatenate([*seen.T]), rcond=None)[0]
    return (x + 1j * y) + (a + 1j * b) * np.array([0, 1, 1 + 1j, 1j])


def test_the_face_of_a_portrait_is_found_where_it_is(portrait):
    (face,) = find_faces(portrait)
    assert face.confidence > 0.9
    assert abs(face.tilt) < 10
    assert np.abs(face.corners() - corners_by_eye()).max() < 0.12 * face.side


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_portrait_that_lies_on_its_side_gives_the_same_cut(portrait, quarter):
    (face,) = find_faces(portrait)
    turned = np.rot90(portrait, quarter)
    (found,) = find_faces(turned)
    same = (cut(turned, found).astype(int) - cut(portrait, face)).ravel()
    assert np.abs(same).mean() < 15  # the face of another way up differs by 50
    assert (found.tilt + 90 * quarter - face.tilt + 180) % 360 - 180 == pytest.approx(0, abs=4)


def test_a_dark_portrait_shows_the_same_face(portrait):
    (face,), (dark,) = find_faces(portrait), find_faces((portrait * 0.05).astype(np.uint8))
    assert np.abs(face.corners() - dark.corners()).max() < 0.1 * face.side


def test_several_faces_are_found_the_largest_first(portrait):
    half = np.asarray(Image.fromarray(portrait).resize((256, 300)))
    together = np.full((600, 900, 3), 90, np.uint8)
    together[:, :512], together[150:450, 600:856] = portrait, half
    large, small = find_faces(together)
    assert large.side / small.side == pytest.approx(2, rel=0.15)
    assert large.x < 512 < small.x


def test_a_temple_a_flower_and_noise_have_no_face():
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    for picture in (load_sample_image("china.jpg"), load_sample_image("flower.jpg"), noise):
        assert find_faces(picture) == []


def seen_at(points, confidence):
    """A face as the detector tells it, in a square of 100 pixels whose corner is at (50, 20)."""
    placed = {name: (50 + 100 * point.real, 20 + 100 * point.imag) for name, point in points.items()}
    return {"confidence": confidence, "keypoints": placed}


def test_the_square_is_where_the_key_points_lie_as_in_fer2013():
    picture = np.zeros((640, 640, 3), np.uint8)
    (face,) = find_faces(picture, lambda _: [seen_at(KEYPOINTS, 0.999)])
    assert (face.x, face.y, face.side, face.tilt) == pytest.approx((100, 70, 100, 0))


def test_key_points_of_a_picture_searched_smaller_and_on_its_side_come_back_to_its_own_pixels():
    turns = iter([[], [], [seen_at(KEYPOINTS, 0.95)], []])
    (face,) = find_faces(np.zeros((1280, 640, 3), np.uint8), lambda _: next(turns))
    assert (face.x, face.y) == pytest.approx((2 * (639 - 100), 2 * (639 - 70)))
    assert (face.side, abs(face.tilt)) == pytest.approx((200, 180))


def test_what_is_hardly_a_face_is_none_and_the_surest_way_up_is_taken():
    answers = iter([[seen_at(KEYPOINTS, 0.89)], [seen_at(KEYPOINTS, 0.95)], [seen_at(KEYPOINTS, 0.97)], []])
    (face,) = find_faces(np.zeros((640, 640, 3), np.uint8), lambda _: next(answers))
    assert face.confidence == 0.97


def test_a_cut_is_the_mean_of_the_pixels_of_each_square_and_turns_with_the_face():
    tiles = np.random.default_rng(1).integers(0, 256, (48, 48)).astype(np.uint8)
    picture = np.repeat(np.kron(tiles, np.ones((4, 4), np.uint8))[..., None], 3, axis=2)
    np.testing.assert_array_equal(cut(picture, Square.around(0, 0, 192, 192)), tiles)
    np.testing.assert_array_equal(cut(picture, Square(96, 96, 192, tilt=90)), np.rot90(tiles))


def test_a_box_becomes_a_square_of_its_longer_side_and_border_pixels_go_on_beyond_the_picture():
    picture = np.zeros((96, 48, 3), np.uint8)
    picture[:, 24:] = 200
    shown = cut(picture, Square.around(0, 0, 48, 96))
    assert (shown[:, :23] == 0).all() and (shown[:, 25:] == 200).all()


def encoded(image, **options):
    file = io.BytesIO()
    image.save(file, **options)
    file.seek(0)
    return file


def test_a_photograph_is_turned_as_its_exif_data_tell():
    upright = Image.new("L", (60, 40), 0)
    ImageDraw.Draw(upright).rectangle((0, 0, 59, 9), fill=255)  # the sky is white
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    opened = open_photograph(encoded(upright.rotate(90, expand=True), format="jpeg", quality=95, exif=exif))
    assert opened.shape == (40, 60, 3)
    assert opened[:8].min() > 200 and opened[14:].max() < 50


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_colour_mode_becomes_red_green_and_blue(mode):
    grey = Image.fromarray(np.array([[0, 255]] * 2, np.uint8))
    image = Image.fromarray(np.array([[0, 65535]] * 2, np.uint16)) if mode == "I;16" else grey.convert(mode)
    opened = open_photograph(encoded(image, format="tiff"))
    np.testing.assert_array_equal(opened[..., 1], [[0, 255]] * 2)


def test_what_is_transparent_is_white():
    assert (open_photograph(encoded(Image.new("RGBA", (2, 2), (9, 9, 9, 0)), format="png")) == 255).all()


@pytest.mark.parametrize(
    "content", [b"", b"no picture", encoded(Image.new("L", (64, 64)), format="png").read()[:60]]
)
def test_a_file_that_is_no_picture_is_refused_in_a_line(tmp_path, content):
    (tmp_path / "photo.png").write_bytes(content)
    with pytest.raises(InputError, match=r"photo\.png: expected a picture \(JPEG, PNG"):
        open_photograph(tmp_path / "photo.png")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.png: expected a file that can be read"):
        open_photograph(tmp_path / "none.png")


def test_a_folder_stands_for_the_images_in_it_and_one_without_any_is_refused(tmp_path):
    for name in ("b.JPG", "a.png", "notes.txt"):
        (tmp_path / name).touch()
    assert [file.name for file in photograph_files([tmp_path])] == ["a.png", "b.JPG"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: expected images"):
        photograph_files([tmp_path / "empty"])


def test_without_the_detector_one_line_says_what_to_install(monkeypatch):
    from fer_nb.data import photographs

    monkeypatch.setitem(__import__("sys").modules, "mtcnn", None)
    photographs._mtcnn.cache_clear()
    with pytest.raises(InputError, match="expected the package mtcnn"):
        find_faces(np.zeros((48, 48, 3), np.uint8))
