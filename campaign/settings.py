"""Cases of settings, of which what would fail later fails before anything runs; and texts in a report."""

import html
import json
import re
import zlib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from campaign.kit import Kit, copied_project
from campaign.processes import ROOT, Command, FaultError
from fer_nb.report.parameters import declared

SMALL = {"data": "practice:60", "epochs": 1, "repeats": 1, "more_epochs": 1, "steps": 2, "masks": 8,
    "samples": 2,
         "filters": 2, "checked": 2, "attacked": 4, "images": 20, "randomized": 1,
         "shares": [0.4]}  # fmt: skip
"""What makes a notebook short, by the last word of the parameter's name."""

RUN_ONE_OF = 12  # accepted settings: this one is run to its end, the others until the first notebook starts


@cache
def notebooks() -> dict[str, dict[str, Any]]:
    """Return what the project's own notebooks declare, by name."""
    return {path.stem: declared(path) for path in sorted((ROOT / "notebooks").glob("0*.ipynb"))}


_KEYS = sorted({key for defaults in notebooks().values() for key in defaults})
_LETTERS = st.characters(exclude_categories=["Cs"])
_WORDS = st.sampled_from(
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style><b>", "&lt;&amp;",
    "#set page(width: 1pt)",
     "#read(\"/etc/passwd\")", "$\\input{x}$", "$\\frac{1}{$", "\\href{a}{b}",
     "$$\n\\begin{align}a\\end{align}\n$$",
     "###### a", ">" * 400, "[" * 3000, "`" * 999, "* " * 300, "[a](javascript:alert(1))",
     "![a](file:///etc/passwd)",
     "\u202etxet", "\u200b", "\x07\x1b[31m", "\u2028", "臉" * 50, "😀", "\ufeff", "a\u0301" * 40,
     "|a|b|\n|-|-|\n|c",
     "a" * 100_000, "[words](#01-nowhere)", "[@nobody2020]", "ferNbPiece1Ends", "<!-- a", "]]>", "~~~", "---",
     "[^1]", "\\newcommand{\\a}{b}$\\a$", "``` {=html}\n<script>alert(1)</script>\n```",
     "http://a.b/\"onclick=\"x"]
)  # fmt: skip
TEXTS = st.one_of(
    _WORDS, st.lists(_WORDS, min_size=2, max_size=3).map("\n\n".join), st.text(_LETTERS, max_size=80)
)
_VALUES = st.one_of(
    st.sampled_from(["-1", "x", "[a", "{a: 1}", "&a [*a]", "1e999", ".nan", "!!python/name:os.system",
        "2024-99-99",
                     "null", "[]", "''", "true", "[1, 1]", "[{a: 1}]", "practice:0", "practice:x", "0x10",
                     "1_0"]),
    st.integers(-3, 500_001).map(str),
    st.floats(-2, 2).map(str),
    st.integers(1, 20_000).map(lambda depth: "[" * depth),
    st.text(_LETTERS, max_size=30),
    st.lists(st.sampled_from(["practice_cnn", "practice_dnn", "compact_cnn", "0.5", "1", "-1", "99",
        "none+none",
                              "dropout=0.1", "dropout=2", "report_b", "test:1", "conv", "a"]), max_size=4)
    .map(json.dumps),
)  # fmt: skip
_FIELDS = st.sampled_from(
    ["student_id", "department", "name", "collaborators", "remarks", "zh", "en", "01", "x"]
)
_HEADERS = st.recursive(
    st.one_of(st.text(_LETTERS, max_size=20), st.none(), st.integers(), st.booleans()),
    lambda inner: st.one_of(st.dictionaries(_FIELDS, inner, max_size=5), st.lists(inner, max_size=3)),
    max_leaves=12,
)
_COMMANDS = st.sampled_from(
    [["train", "{}", "--data", "faces.npz"], ["train", "practice_cnn", "--data", "{}"],
     ["train", "practice_cnn", "--data", "faces.npz", "--seed", "{}", "--epochs", "0"],
     ["self-train", "practice_cnn", "--data", "faces.npz", "--protocol", "{}", "--epochs", "0"],
     ["self-train", "practice_cnn", "--data", "faces.npz", "--labels", "{}", "--epochs", "0"],
     ["predict", "{}", "--data", "faces.npz", "--out", "a.csv"], ["runs", "show", "{}"], ["{}"],
     ["report", "--only", "{}", "--set", "no_such=1"], ["report", "--kernel", "{}"], ["report", "--term",
     "{}"],
     ["report", "--profile", "{}", "--set", "no_such=1"], ["blend", "{}", "--data", "faces.npz"],
     ["data", "faces", "--count", "{}", "--out", "/nonexistent/a.npz"], ["plot", "{}", "--kind", "history"]]
)  # fmt: skip
CASES = st.one_of(
    st.tuples(st.just("set"), st.lists(st.tuples(st.sampled_from(_KEYS), _VALUES), min_size=1, max_size=2)),
    st.tuples(st.just("profile"), st.lists(st.tuples(st.sampled_from(_KEYS), _VALUES), max_size=3)),
    st.tuples(st.just("set"), st.tuples(st.sampled_from(_KEYS), _VALUES).map(lambda pair: [pair])),
    st.tuples(st.just("student"), st.one_of(_HEADERS.map(yaml.safe_dump), st.text(_LETTERS, max_size=80))),
    st.tuples(st.just("command"), st.tuples(_COMMANDS, st.one_of(_VALUES, TEXTS))),
    st.tuples(st.just("words"), TEXTS),
    st.tuples(st.just("remark"), TEXTS),
    st.tuples(st.just("header"), TEXTS),
)


def check(case: Any, folder: Path, kit: Kit) -> str:
    """Give a command settings, or a report texts; return how it ended, "right" or "refused".

    Raises:
        FaultError: It ended in another way.
    """
    kind, what = case
    if kind in ("set", "profile"):
        return _check_settings(kind, what, folder, kit)
    if kind == "command":
        words, value = what
        (folder / "faces.npz").symlink_to(kit.faces)
        before = _files(folder)
        arguments = [word.replace("{}", value.replace("\0", "")[:1000]) for word in words]
        return _unwritten(Command(arguments, folder).run().outcome(), before, folder)
    project = copied_project(kit, folder, words=what if kind == "words" else None)
    student = {"student_id": "a", "department": "b", "name": "c"}
    if kind == "header":
        student |= {"name": what, "department": what, "collaborators": [what]}
    elif kind == "remark":
        student |= {"remarks": {"01": what}}
    header = folder / "student.yaml"
    header.write_text(what if kind == "student" else yaml.safe_dump(student, allow_unicode=True), "utf-8")
    before = _files(folder) if kind == "student" else {}
    for file in ("report.html", "report.pdf"):
        (project / "out" / file).unlink()
    ended = Command(["report", "--out", "out", "--student", str(header)], project, data_only=False).run()
    outcome = ended.outcome()
    if outcome == "refused":
        if kind == "words":
            raise FaultError(f"refuses what a notebook says: {ended.error!r}")
        if (project / "out" / "report.html").exists():
            raise FaultError("refuses, and writes a report")
        return outcome
    if "unchanged, not run again" not in ended.out:
        raise FaultError(f"runs a notebook again: {ended.out!r}")
    if not (project / "out" / "report.pdf").read_bytes().startswith(b"%PDF"):
        raise FaultError("makes no PDF")
    _look_at((project / "out" / "report.html").read_text(encoding="utf-8"), kit)
    if kind in ("header", "words") and what.isprintable():
        page = html.unescape(re.sub(r"<[^>]*>", "", (project / "out" / "report.html").read_text("utf-8")))
        if "".join(what.split()) not in "".join(page.split()):
            raise FaultError("does not show a text as it is")
    del before
    return outcome


class _Page(HTMLParser):
    """Counts what runs or calls in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts, handlers, and addresses that run or lead to a file."""
        if tag in ("script", "iframe", "object", "embed", "base", "form", "link", "meta"):
            self.active.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or address.startswith(("javascript:", "file:", "vbscript:")):
                self.active.append(f"{tag} {name}")
            if name == "src" and not address.startswith("data:"):
                self.active.append(f"{tag} {name}={address[:40]}")


def _active(page: str) -> list[str]:
    parser = _Page()
    parser.feed(page)
    return sorted(parser.active)


def _look_at(page: str, kit: Kit) -> None:
    """Refuse a page in which more runs or calls than in the report that nobody has written into."""
    usual = _active((kit.project / "out" / "report.html").read_text(encoding="utf-8"))
    if _active(page) != usual:
        raise FaultError(f"a text becomes active: {sorted(set(_active(page)) - set(usual))}")


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "cache" not in path.parts and "locks" not in path.parts}


def _unwritten(outcome: str, before: set[Path], folder: Path) -> str:
    left = {path for path in _files(folder) - before if path.is_file()}
    if outcome == "refused" and left:
        raise FaultError(f"refuses, and leaves {left}")
    return outcome


def _stop_before_the_first_notebook() -> None:
    from fer_nb.report import build

    def stop(*_: Any, **__: Any) -> None:
        raise SystemExit(0)

    build.run_all = stop


def _check_settings(kind: str, pairs: list[tuple[str, str]], folder: Path, kit: Kit) -> str:
    """Choose values for parameters of the real notebooks; some that are accepted are run to their end."""
    name = next(
        (name for name, defaults in notebooks().items() if pairs and pairs[0][0] in defaults), "01_cnn"
    )
    small = {
        key: SMALL[key.rpartition("_")[2]] for key in notebooks()[name] if key.rpartition("_")[2] in SMALL
    }
    small |= {key: value for key, value in SMALL.items() if key in notebooks()[name]}
    small |= {key: value for key, value in {f"{name}": None}.items() if key in small}
    small = {key: value for key, value in small.items() if type(value) is type(notebooks()[name][key])}
    small["runs_folder"] = str(folder / "runs")
    out = folder / "out"
    arguments = ["report", "--only", name[:2], "--out", str(out)]
    arguments += [word for key, value in small.items() for word in ("--set", f"{key}={json.dumps(value)}")]
    pairs = [(key, value.replace("\0", "")) for key, value in pairs if key != "runs_folder"]
    if kind == "set":
        arguments += [word for key, value in pairs for word in ("--set", f"{key}={value}")]
    else:
        profile = folder / "given.yaml"
        profile.write_text("".join(f"{key}: {value}\n" for key, value in pairs), encoding="utf-8")
        given = {key for key, _ in pairs}
        arguments = ["report", "--only", name[:2], "--out", str(out), "--profile", str(profile)]
        arguments += [
            word
            for key, value in small.items()
            if key not in given
            for word in ("--set", f"{key}={json.dumps(value)}")
        ]
    whole = zlib.crc32(repr(pairs).encode(errors="replace")) % RUN_ONE_OF == 0
    before = (lambda: None) if whole else _stop_before_the_first_notebook
    ended = Command(arguments, ROOT, data_only=False, before=before).run()
    if whole and ended.status == 1:
        raise FaultError(f"accepts what fails later: {ended.out[-400:]!r}")
    outcome = ended.outcome()
    if outcome == "refused" and out.exists():
        raise FaultError("refuses, and writes something")
    return outcome
