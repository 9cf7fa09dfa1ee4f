"""Sentences that hold networks, arms and settings against one another, in both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from fer_nb.analysis.evaluation import McNemar, holm, mcnemar
from fer_nb.findings import TEXTS
from fer_nb.findings.names import network
from fer_nb.findings.names import split as split_name
from fer_nb.findings.sentences import (
    SIGNIFICANCE,
    interval_text,
    joined,
    listed,
    p_text,
    percent,
    plural,
    points,
    signed,
)
from fer_nb.language import Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import PairedDifference
    from fer_nb.data.faces import Faces
    from fer_nb.learning.runs import Run

SETTINGS_NAMED = 3  # of those that differ; the table has all


def against(runs: Mapping[str, "Run"], label: str, faces: "Faces", *, split: str) -> dict[str, McNemar]:
    """Return McNemar's test of each other network against one, on the images that both answer.

    Args:
        runs: Label -> run.
        label: The one that all others are held against.
        faces: The faces that they were given.
        split: "test", or "validation", of which only the images count that both held out.
    """

    def answers(run: "Run") -> pd.Series:
        correct = run.predictions(faces)[split].correct()
        return pd.Series(correct, run.validation_rows() if split == "validation" else range(len(correct)))

    tests = {}
    for other, run in runs.items():
        if other != label and split in run.facts["metrics"] and split in runs[label].facts["metrics"]:
            both = pd.concat([answers(run), answers(runs[label])], axis=1, join="inner").to_numpy(bool)
            tests[other] = mcnemar(both[:, 0], both[:, 1])
    return tests


def between(difference: "PairedDifference") -> Text:
    """Write the 95% interval of a difference, in percentage points."""
    low, high = signed(difference.low), signed(difference.high)
    return TEXTS["between"].format(low=low, high=high)


def adjusted(tests: Mapping[str, McNemar]) -> dict[str, float]:
    """Return the p-values of several tests by Holm's correction; 1 where there was no image."""
    p_values = holm([1.0 if test.p_value is None else test.p_value for test in tests.values()])
    return dict(zip(tests, p_values, strict=True))


def better_than(tests: Mapping[str, McNemar]) -> str | None:
    """Return the best of the networks that are significantly better than the one held against, or None."""
    p_values = adjusted(tests)
    better = {
        label: test.difference or 0
        for label, test in tests.items()
        if (test.difference or 0) > 0 and p_values[label] < SIGNIFICANCE
    }
    return max(better, key=better.__getitem__, default=None)


def choice_sentence(
    first: str, validation: Mapping[str, McNemar], kept: str, test: Mapping[str, McNemar]
) -> Text:
    """Say which network validation chose and why, and whether the test contradicts; nothing without a choice.

    The first network is kept unless another is significantly better on validation.

    Args:
        first: Label of the first network.
        validation: The others against it, on validation images.
        kept: Label of the network that is kept.
        test: The others against that one, on test images.
    """
    if not validation:
        return Text("", "")
    name, p_values = network(kept), adjusted(validation)
    if kept != first:
        gain, p = points(validation[kept].difference or 0), p_text(p_values[kept])
        chosen = TEXTS["choice on validation the"].format(first=network(first), gain=gain, p=p, name=name)
    elif len(validation) == 1:
        ((other, found),) = validation.items()
        gap, p, rival = points(found.difference or 0), p_text(p_values[other]), network(other)
        way = TEXTS["not as good" if (found.difference or 0) > 0 else "better"]
        why = TEXTS["a tie" if p_values[other] >= SIGNIFICANCE else "so"].format(name=name)
        key = "choice of a tie" if gap == "0.0" else "choice against one"
        chosen = TEXTS[key].format(rival=rival, gap=gap, way=way, p=p, why=why, name=name)
    else:
        gaps = [-(found.difference or 0) for found in validation.values()]
        low, high = signed(min(gaps)), signed(max(gaps))
        chosen = TEXTS["choice on validation to"].format(count=len(gaps), low=low, high=high, name=name)
    against_it = better_than(test)
    if against_it is None:
        return chosen
    gain, p = points(test[against_it].difference or 0), p_text(adjusted(test)[against_it])
    return joined(chosen, TEXTS["choice the test says"].format(rival=network(against_it), gain=gain, p=p))


def pair_sentence(
    cnn: Text,
    dnn: Text,
    scores: Sequence[Mapping[str, Any]],
    *,
    split: Text,
    larger: float,
    test: McNemar,
    p_value: float,
) -> Text:
    """Say in one sentence by how much a CNN is ahead of a DNN of about as many parameters, or behind.

    Args:
        cnn: Name of the CNN.
        dnn: Name of the DNN.
        scores: Accuracy of the one and of the other, {"accuracy", "low", "high", "n"}.
        split: Whose images they were measured on.
        larger: Parameters of the DNN less those of the CNN, as a share of the latter.
        test: McNemar's test of the DNN (first) and the CNN, as `against` makes it.
        p_value: Its adjusted p-value.
    """
    gap, p, own, other = signed(-(test.difference or 0)), p_text(p_value), *map(interval_text, scores)
    verdict = TEXTS["significant"] if p_value < SIGNIFICANCE else TEXTS["not significant"]
    key = "as many" if percent(abs(larger)) == "0.0%" else "more" if larger > 0 else "fewer"
    return TEXTS["pair"].format(
        gap=gap, p=p, verdict=verdict, n=test.n, split=split, cnn=cnn, own=own, dnn=dnn, other=other,
        larger=TEXTS[key].format(share=abs(larger)),
    )  # fmt: skip


def shuffle_sentence(
    names: Sequence[Text],
    scores: Sequence[Sequence[float]],
    tests: Sequence[McNemar],
    *,
    images: int,
    epochs: int,
) -> Text:
    """Say what one fixed shuffling of the pixels does to a CNN and a DNN, and what that tells of a lead.

    The lead rests mainly on neighbours where shuffling takes more than half of it, and from the CNN.

    Args:
        names: Of the CNN and of the DNN.
        scores: Of each, the accuracy when trained on whole images and on shuffled ones, 0 to 1.
        tests: Of each, McNemar's test of the first against the second, on the same test images.
        images: From which each of the four networks learned.
        epochs: For how long the CNN did.
    """
    measured = [
        TEXTS["shuffle of one"].format(
            name=name, whole=whole, shuffled=shuffled, p=p_text(1.0 if test.p_value is None else test.p_value)
        )
        for name, (whole, shuffled), test in zip(names, scores, tests, strict=True)
    ]
    fall, other = (test.difference or 0 for test in tests)
    lead = scores[0][0] - scores[1][0]
    lost = tests[0].p_value is not None and tests[0].p_value < SIGNIFICANCE and fall > 2 * max(other, 0)
    lost = lost and fall - other > lead / 2
    meant = TEXTS["shuffle the lead comes" if lost else "shuffle that the lead"] if lead > 0 else ""
    gaps = {"images": images, "epochs": epochs, "s": plural(epochs)}
    return TEXTS["shuffle"].format(**gaps, measured=measured, meant=meant)


def shuffle_alt(names: Sequence[Text], scores: Sequence[Sequence[float]]) -> Text:
    """Write out what the figure of shuffled pixels shows; arguments as `shuffle_sentence` takes them."""
    moved = [f"{percent(whole)} → {percent(shuffled)}" for whole, shuffled in scores]
    return listed(TEXTS["shuffle alt accuracy on"], dict(zip(names, moved, strict=True)))


def settings_note(settings: Sequence[Text]) -> Text:
    """Say that a difference is not the structure's alone where settings differ; nothing where none does."""
    if not settings:
        return Text("", "")
    said: Text | Sequence[Text] = settings
    if len(settings) > SETTINGS_NAMED + 1:
        first = settings[:SETTINGS_NAMED]
        said = TEXTS["first settings"].format(settings=first, count=len(settings))
    return TEXTS["settings note"].format(settings=said)


def verdict(*, confirmed: bool, refuted: bool) -> bool | None:
    """Return whether a claim holds: None for what cannot be told."""
    return True if confirmed else False if refuted else None


def claim_record(report: str, key: str, claim: Text, measured: Text, holds: bool | None) -> dict[str, Any]:
    """Return a claim of a report as `record(claims=[...])` takes it; None for what cannot be told."""
    verdicts = {True: "confirmed", False: "not confirmed", None: "cannot be told"}
    return {"report": report, "key": key, "claim": claim, "measured": measured, "verdict": verdicts[holds]}


def stated_claims(label: str, run: "Run") -> list[dict[str, Any]]:
    """Return how accuracies that a source states stand to those measured, for `record(claims=...)`.

    A stated accuracy inside the interval is confirmed.
    """
    letter = re.search(r"report ([A-E])", run.facts["source"]["en"])
    claims = []
    for split, stated in run.facts["stated"].items():
        if letter is None or split not in run.facts["metrics"]:
            continue
        score, name, where = run.facts["metrics"][split]["all"], network(label), split_name(split)
        claim = TEXTS["stated claims"].format(name=name, where=where, stated=stated)
        holds, measured = score["low"] <= stated <= score["high"], Text(*[interval_text(score)] * 2)
        claims.append(claim_record(letter[1], f"{label}/{split}", claim, measured, holds))
    return claims


def difference_sentence(first: Text, second: Text, test: McNemar, *, p_value: float | None = None) -> Text:
    """Say which of two networks is better on the same images, or that neither is.

    Args:
        first: Name of the first.
        second: Name of the second.
        test: The exact McNemar test of the two.
        p_value: An adjusted p-value that counts instead of the test's own.
    """
    p = test.p_value if p_value is None else p_value
    if p is None or test.difference is None:
        return TEXTS["difference and share no"].format(first=first, second=second)
    only = {"only": f"{test.b:,}", "only2": f"{test.c:,}"}
    details = TEXTS["difference mcnemar test and"].format(p=p_text(p), **only)
    gaps = {"n": test.n, "gap": points(test.difference), "details": details}
    if p >= SIGNIFICANCE:
        return TEXTS["difference on the same"].format(first=first, second=second, **gaps)
    better, worse = (first, second) if test.difference > 0 else (second, first)
    return TEXTS["difference on the same 2"].format(better=better, worse=worse, **gaps)
