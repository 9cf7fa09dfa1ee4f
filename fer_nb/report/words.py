"""The report's own words, each in both languages: `words.yaml`."""

from pathlib import Path

from fer_nb.language import LANGUAGES, read_texts

WORDS = read_texts(Path(__file__).with_suffix(".yaml"))


def texts(value: object) -> dict[str, str] | None:
    """Return a value that is a text in both languages, None where it is something else."""
    return value if isinstance(value, dict) and set(value) == set(LANGUAGES) else None


def word(name: str, *values: object) -> dict[str, str]:
    """Return one of WORDS by language, with a value in each of its gaps; texts by language fit in, too."""
    return {
        language: text.format(*(value[language] if isinstance(value, dict) else value for value in values))
        for language, text in WORDS[name].by_language().items()
    }
