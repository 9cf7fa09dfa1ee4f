"""FER2013 from the Kaggle competition in which it was published, by Kaggle's own client."""

from pathlib import Path

from fer_nb.errors import InputError

COMPETITION = "challenges-in-representation-learning-facial-expression-recognition-challenge"
PAGE = f"https://www.kaggle.com/competitions/{COMPETITION}"
FILE = "icml_face_data.csv"


def download() -> Path:
    """Return the data set's file in the cache of kagglehub, downloaded unless it is there.

    Raises:
        InputError: kagglehub is not installed, the token is missing or refused, the competition's terms are
            not accepted, or Kaggle cannot be reached.
    """
    try:
        import kagglehub
    except ModuleNotFoundError:
        found = 'it not installed: pip install "fer-nb[kaggle]"'
        raise InputError.expected("data get", "kagglehub", found) from None
    try:
        return Path(kagglehub.competition_download(COMPETITION, FILE))
    except Exception as error:  # kagglehub has its own errors, and passes on those of requests
        raise InputError(f"data get: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status == 401 or "credential" in type(error).__name__.lower():
        return (
            "Kaggle knows no such user: expected an API token in ~/.kaggle/, made at "
            f"https://www.kaggle.com/settings ({said})"
        )
    if status == 403:
        return f"Kaggle refuses: accept the competition's terms at {PAGE}/rules, then try again ({said})"
    return f"expected {FILE} from {PAGE}, found: {said}"
