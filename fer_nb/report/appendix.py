"""How the report was made: surroundings, run times, and every parameter with its default."""

from collections.abc import Mapping
from typing import Any

from fer_nb.language import GLOSSARY, LANGUAGES
from fer_nb.report.blocks import Table
from fer_nb.report.words import WORDS, texts, word

USAGES = {
    "Training": "training",
    "PublicTest": "public",
    "PrivateTest": "private",
    "unlabelled": "unlabelled",
}
"""The splits as the data wing names them, and their names in the glossary."""


def making(
    results: dict[str, Any],
    source: dict[str, str],
    defaults: Mapping[str, Mapping[str, Any]],
    *,
    first: int,
) -> list[Table]:
    """Return the tables of the appendix: surroundings, run times, parameters.

    Args:
        results: The content of `results.json`.
        source: The data set's name by language.
        defaults: By notebook name, the default of each of its parameters.
        first: Number of the first of these tables.
    """
    data, surroundings = results["data"], results["environment"]
    facts: list[list[Any]] = [[word("command"), results["command"]]] if results.get("command") else []
    facts += [[word("profile"), results["profile"]], [word("data"), source]]
    if data.get("counts"):
        counts = {
            language: ("、" if language == "zh" else ", ").join(
                f"{GLOSSARY.get(term, WORDS['unlabelled']).of(language)} {data['counts'][usage]:,}"
                for usage, term in USAGES.items()
                if data["counts"].get(usage)
            )
            for language in LANGUAGES
        }
        facts.append([word("counts"), counts])
    if isinstance(data.get("fingerprint"), str):
        facts.append([word("fingerprint"), data["fingerprint"]])
    facts += [
        [word(name) if name in WORDS else name, texts(value) or _plain(value)]
        for name, value in surroundings.items()
        if name != "packages"
    ]
    versions = " · ".join(f"{name} {version}" for name, version in surroundings.get("packages", {}).items())
    facts.append([word("versions"), versions])
    ran = {name: told for name, told in results["notebooks"].items() if told["status"] != "skipped"}
    times = [[name, word(told["status"]), told["seconds"]] for name, told in ran.items()]
    times.append([word("together"), None, round(sum(told["seconds"] for told in ran.values()), 1)])
    tables = [
        ("environment", [word("environment"), word("value of")], facts, ["left", "left"]),
        ("times", [word("notebook"), word("status"), word("seconds")], times, ["left", "left", "right"]),
    ]
    if chosen := _parameters(ran, defaults):
        names = [word(name) for name in ("parameter", "notebook", "value of", "default")]
        tables.append(("parameters of", names, chosen, ["left"] * 4))
    return [
        Table(number, word(caption), columns, rows, align)
        for number, (caption, columns, rows, align) in enumerate(tables, start=first)
    ]


def _parameters(ran: Mapping[str, Any], defaults: Mapping[str, Mapping[str, Any]]) -> list[list[Any]]:
    """Return a row for each parameter; one that notebooks share with one value stands once, at the top."""
    known: dict[tuple[str, str, str], list[str]] = {}
    for name, told in ran.items():
        for key, value in told["parameters"].items():
            default = defaults.get(name, {}).get(key)
            known.setdefault((key, _plain(value), _plain(default)), []).append(name)
    every = [name for name, told in ran.items() if told["parameters"]]
    rows: list[list[Any]] = []
    for shared in (True, False):
        for (key, value, default), names in known.items():
            if (len(names) > 1) is shared:
                where = word("all notebooks") if shared and names == every else ", ".join(names)
                rows.append([key, where, value, word("same") if value == default else default])
    return rows


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "—"
    return ", ".join(map(_plain, value)) or "[]" if isinstance(value, list) else str(value)
