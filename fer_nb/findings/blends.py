"""What a blend of several networks is worth beside its members: a table, a test, a sentence."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from fer_nb.analysis.evaluation import McNemar, Predictions, mcnemar
from fer_nb.findings import TEXTS, comparisons, names, sentences
from fer_nb.language import Text

if TYPE_CHECKING:
    from fer_nb.learning.prediction.ensemble import Member

BLEND = TEXTS["the blend"]


def member_name(member: "Member") -> Text:
    """Return the name of a member's network, of a snapshot with its epoch; else that of its file."""
    if member.run is None:
        return Text(member.path.stem, member.path.stem)
    name = names.network(member.run.recipe.name)
    epoch = re.fullmatch(r"snapshot-0*(\d+)", member.path.stem)
    return TEXTS["member name"].format(name=name, epoch=epoch[1]) if epoch else name


def blend_name(ensemble: Sequence["Member"], views: str = "none") -> Text:
    """Return how a blend is called, or its one member, and over which views of an image it answers.

    Args:
        ensemble: The networks.
        views: A name in `fer_nb.learning.prediction.test_time_augmentation.VIEWS`.
    """
    several = TEXTS["blend the blend of"].format(count=len(ensemble))
    name = several if len(ensemble) > 1 else member_name(ensemble[0])
    return name if views == "none" else TEXTS["over views"].format(name=name, views=names.views(views))


def blend_table(
    ensemble: Sequence["Member"], predictions: Mapping[str, Predictions], *, views: str = "none"
) -> pd.DataFrame:
    """Return a row a member with its weight and its accuracy on each split, and the blend's below them.

    Where test images leaked into training, a column says the accuracy without them.
    """
    members = [*enumerate(ensemble)] if len(ensemble) > 1 else []
    rows: list[list[Text | str | None]] = [
        [member_name(member), f"{member.weight:.2g}", *_accuracies(predictions, row)]
        for row, member in members
    ]
    rows.append([blend_name(ensemble, views), None, *_accuracies(predictions, None)])
    columns = [TEXTS["network"], TEXTS["weight"], *map(names.split, predictions)]
    columns += [TEXTS["without leaked images"]] * _leaks(predictions)
    table = pd.DataFrame(rows, columns=columns)
    return table if members else table.drop(columns=TEXTS["weight"])


def _leaks(predictions: Mapping[str, Predictions]) -> bool:
    leaked = predictions["test"].leaked if "test" in predictions else None
    return leaked is not None and bool(leaked.any())


def _accuracies(predictions: Mapping[str, Predictions], row: int | None) -> list[Text]:
    clean = [predictions["test"].accuracy(row)["clean"].text] if _leaks(predictions) else []
    return [*(part.accuracy(row)["all"].text for part in predictions.values()), *clean]


def best_single(predictions: Mapping[str, Predictions]) -> tuple[int, str]:
    """Return the member to beat, and the split that says so.

    That is validation, where the images are known that no member has learned from; else the test images
    themselves, which flatters the member.
    """
    split = next(iter(predictions))
    classes = predictions[split].member_classes
    assert classes is not None, "one network has no members"
    return int((classes == predictions[split].labels).sum(axis=1).argmax()), split


def decisive_split(predictions: Mapping[str, Predictions]) -> str:
    """Return the split on which a blend is compared: "test" where it is known."""
    return "test" if "test" in predictions else next(iter(predictions))


def against_best(predictions: Mapping[str, Predictions]) -> McNemar:
    """Return the exact test of the blend against the best single member on the decisive split."""
    compared = predictions[decisive_split(predictions)]
    best, _ = best_single(predictions)
    return mcnemar(compared.correct(), compared.correct(best))


def blend_sentence(
    ensemble: Sequence["Member"], predictions: Mapping[str, Predictions], *, views: str = "none"
) -> Text:
    """Say what the blend reaches, and whether it is better than its best member."""
    split = decisive_split(predictions)
    score = predictions[split].accuracy()["all"].as_record()
    reached = sentences.accuracy_sentence(blend_name(ensemble, views), names.split(split), score)
    return sentences.joined(reached, gain_sentence(ensemble, predictions)) if len(ensemble) > 1 else reached


def gain_sentence(ensemble: Sequence["Member"], predictions: Mapping[str, Predictions]) -> Text:
    """Say which member is the best, and whether the blend of several is better than that."""
    best, by = best_single(predictions)
    where, single = names.split(by), member_name(ensemble[best])
    picked = TEXTS["blend by its accuracy"].format(where=where, single=single)
    return sentences.joined(picked, comparisons.difference_sentence(BLEND, single, against_best(predictions)))
