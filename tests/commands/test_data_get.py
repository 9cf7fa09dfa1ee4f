"""`python -m fer_nb data get`: what it says when Kaggle's client is missing, refuses, or answers."""

import sys
from types import SimpleNamespace

import pytest


class HTTPError(Exception):
    def __init__(self, status):
        super().__init__(f"{status} Client Error")
        self.response = SimpleNamespace(status_code=status)


@pytest.fixture
def kagglehub(monkeypatch):
    """`kagglehub(answer)` installs a client that returns or raises the answer."""

    def install(answer):
        def competition_download(handle, path):
            assert "facial-expression" in handle and path == "icml_face_data.csv"
            if isinstance(answer, Exception):
                raise answer
            return str(answer)

        client = SimpleNamespace(competition_download=competition_download)
        monkeypatch.setitem(sys.modules, "kagglehub", client)

    return install


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            HTTPError(403),
            "accept the competition's terms at https://www.kaggle.com/competitions/challenges-in",
        ),
        (HTTPError(401), "expected an API token in ~/.kaggle/"),
        (ConnectionError("no route\nto host"), "found: no route to host"),
    ],
)
def test_a_refusal_says_what_to_do_in_one_line(run, tmp_path, kagglehub, error, message):
    kagglehub(error)
    result = run("data", "get", "--out", "fer2013.npz")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_kaggles_client_it_says_how_to_install_it(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    result = run("data", "get", "--out", "fer2013.npz")
    assert result.exit_code == 2
    assert 'expected kagglehub, found it not installed: pip install "fer-nb[kaggle]"' in result.stderr


def test_what_was_downloaded_is_packed(run, tmp_path, kagglehub):
    pixels = " ".join(["7"] * 2304)
    (tmp_path / "icml_face_data.csv").write_text(f"emotion, Usage, pixels\n3,Training,{pixels}\n")
    kagglehub(tmp_path / "icml_face_data.csv")
    result = run("data", "get", "--out", "fer2013.npz", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "1 images in fer2013.npz\n")
