"""The appendix, on two pages at most: data, surroundings, run time, changed parameters, earlier reports."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from nbformat import NotebookNode, v4

from fer_nb.language import GLOSSARY, Text
from fer_nb.report.cells import table_output
from fer_nb.report.notes import markdown_cells
from fer_nb.report.words import WORDS, texts, word

SHORT = 16  # of a fingerprint's 64 digits: enough to see that two data sets differ; `results.json` has all


def appendix(
    results: dict[str, Any],
    source: dict[str, str],
    defaults: Mapping[str, Mapping[str, Any]],
    numbers: Mapping[str, str],
) -> list[NotebookNode]:
    """Return the appendix as cells: a heading, and one cell whose outputs are its tables.

    Args:
        results: The content of `results.json`.
        source: The data set's name by language.
        defaults: By notebook name, the default of each of its parameters.
        numbers: By notebook name, the number of its question.
    """
    ran = {name: entry for name, entry in results["notebooks"].items() if entry["status"] != "skipped"}
    tables = [_table("how", ("what", "value of"), _facts(results, source, ran, numbers))]
    if changed := _changed(ran, defaults, numbers):
        tables.append(_table("changed", ("parameter", "notebook", "value of", "default"), changed))
    cells = markdown_cells({language: f"# {text}" for language, text in word("appendix").items()})
    cells.append(v4.new_code_cell(outputs=tables))
    claims = [claim for entry in ran.values() for claim in entry["results"].get("claims", [])]
    if claims:
        letters = sorted({claim["report"] for claim in claims})
        between = Text("{letters:；}", "{letters:; }")
        who = between.format(letters=[WORDS[f"report {letter}"] for letter in letters]).by_language()
        cells += markdown_cells(word("the reports", who))
        rows = [[one["report"], one["claim"], one["measured"], word(one["verdict"])] for one in claims]
        heads = ("report", "claim", "measured", "verdict")
        cells.append(v4.new_code_cell(outputs=[_table("claims", heads, rows)]))
    return cells


def _facts(
    results: dict[str, Any], source: dict[str, str], ran: Mapping[str, Any], numbers: Mapping[str, str]
) -> list[list[Any]]:
    """Return data, surroundings and run time, a line each."""
    data, surroundings = results["data"], results["environment"]
    counted = [
        Text(f"{GLOSSARY[usage].zh} {count:,}", f"{GLOSSARY[usage].en} {count:,}")
        for usage, count in data.get("counts", {}).items()
        if count
    ]
    gaps = "{source} {counted}" if counted else "{source}"
    named = Text(gaps, gaps).format(source=Text(**source), counted=counted)
    rows: list[list[Any]] = [[word("data"), named]]
    if isinstance(data.get("fingerprint"), str):
        rows.append([word("fingerprint"), f"{data['fingerprint'][:SHORT]}…"])
    versions = [f"{name} {version}" for name, version in surroundings.get("packages", {}).items()]
    where = [f"Python {surroundings['python']}", surroundings["system"]]
    rows.append([word("surroundings"), " · ".join(where + versions)])
    if device := surroundings.get("device"):
        rows.append([word("device"), texts(device) or plain(device)])
    total = sum(entry["seconds"] for entry in ran.values())
    each = ", ".join(f"{numbers.get(name, name)}: {entry['seconds']:,.0f}" for name, entry in ran.items())
    rows.append([word("times"), word("run times", f"{total:,.0f}", each)])
    if results.get("command"):
        rows.append([word("command"), results["command"]])
    return rows


def _changed(
    ran: Mapping[str, Any], defaults: Mapping[str, Mapping[str, Any]], numbers: Mapping[str, str]
) -> list[list[Any]]:
    """Return a row for each parameter that has another value than its default."""
    known: dict[tuple[str, str, str], list[str]] = {}
    for name, entry in ran.items():
        for key, value in entry["parameters"].items():
            default = defaults.get(name, {}).get(key)
            if value != default:
                known.setdefault((key, plain(value), plain(default)), []).append(numbers.get(name, name))
    every = len(ran)
    return [
        [key, word("all notebooks") if len(names) == every > 1 else ", ".join(names), value, default]
        for (key, value, default), names in known.items()
    ]


def _table(caption: str, heads: tuple[str, ...], rows: list[list[Any]]) -> NotebookNode:
    frame = pd.DataFrame(
        [[Text(**cell) if isinstance(cell, dict) else cell for cell in row] for row in rows],
        columns=[WORDS[head] for head in heads],
        dtype=object,
    )
    data, metadata = table_output(frame, WORDS[caption])
    return v4.new_output("display_data", data=data, metadata=metadata)


def plain(value: Any) -> str:
    """Return a parameter's value as a reader writes it."""
    if value is None or value == "":
        return "—"
    return ", ".join(map(plain, value)) or "[]" if isinstance(value, list) else str(value)
