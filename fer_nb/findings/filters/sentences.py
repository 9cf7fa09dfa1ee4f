"""What drives the filters of a network, and what deceives it: sentences, captions and a table, bilingual."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.ascent import Sine, white_noise
from fer_nb.data.faces import SIZE
from fer_nb.findings import names
from fer_nb.findings.comparisons import claim_record
from fer_nb.findings.filters import TEXTS
from fer_nb.findings.filters.study import SMALLEST_LOSS, STRONGEST, Ascent, LayerStudy
from fer_nb.findings.saliency.regions import REGION_NAMES
from fer_nb.findings.sentences import enumerated, joined, listed, percent
from fer_nb.language import EMOTIONS, Text

NOTHING = TEXTS["none shows"]
SAME = 0.95  # outputs that correlate more are called nearly the same
STAYED = 0.9  # correlation with the start from which an image is called still the same noise
KINDS = {kind: TEXTS[kind] for kind in ("horizontal", "vertical", "diagonal", "spot", "brightness")}


def sine_title(sine: Sine) -> str:
    """Return how a wave is named over a kernel: its stripes, and pixels from one to the next."""
    if sine.kind == "brightness":
        return "明暗 level"
    signs = {"horizontal": "─", "vertical": "│", "spot": "○"}
    sign = signs.get(sine.kind) or ("╱" if sine.angle < 90 else "╲")
    return f"{sign} {sine.period:.1f} px"


def kinds_text(sines: Sequence[Sine]) -> Text:
    """Count the filters by the waves that drive them, the commonest first."""
    counted = Counter(sine.kind for sine in sines).most_common()
    kinds = [TEXTS["name and value"].format(name=KINDS[kind], value=count) for kind, count in counted]
    return enumerated(kinds)


def parts_text(study: LayerStudy) -> Text:
    """Count the filters by the part without which they lose most, the commonest first."""
    found = [study.part(number) for number in range(len(study.channels))]
    counted = Counter(part for part in found if part is not None).most_common()
    parts = [
        TEXTS["part counted"].format(count=count, are=_are(count), part=REGION_NAMES[part])
        for part, count in counted
    ]
    if missing := found.count(None):
        parts.append(TEXTS["part missing"].format(count=missing, are=_are(missing)))
    return enumerated(parts)


def classes_text(study: LayerStudy) -> Text:
    """Say how many filters favour a class, and which."""
    found = [study.favoured(number) for number in range(len(study.channels))]
    counted = Counter(label for label in found if label is not None).most_common()
    if not counted:
        return TEXTS["classes none with a"]
    which = [TEXTS["name and value"].format(name=EMOTIONS[label], value=count) for label, count in counted]
    favouring = sum(count for _, count in counted)
    favour = "favours" if favouring == 1 else "favour"
    return TEXTS["classes with a favoured"].format(favouring=favouring, favour=favour, which=which)


def finding_sentence(studies: Sequence[LayerStudy]) -> Text:
    """Say what drives the filters, of the layer looked at last first, and how alike the first layer's are."""
    sentences = []
    for study in reversed(studies):
        gaps: dict[str, Any] = {"name": names.layer(study.name), "counted": _looked_at(study)}
        if study.sines:
            gaps |= {"kinds": kinds_text(study.sines), "twins": _twins_text(study)}
            sentences.append(TEXTS["finding of waves"].format(**gaps))
        else:
            gaps |= {"parts": parts_text(study), "classes": classes_text(study)}
            sentences.append(TEXTS["finding of filters of"].format(**gaps))
    return joined(*sentences)


def front_sentence(studies: Sequence[LayerStudy]) -> Text:
    """Say for the first page what drives most filters of the layer looked at last, the number first."""
    study = studies[-1]
    name, of, counted = names.layer(study.name), len(study.sines or study.channels), _looked_at(study)
    found = [study.part(number) for number in range(len(study.channels))]
    parts = [TEXTS["the part"].format(part=REGION_NAMES[part]) for part in found if part is not None]
    drivers = [KINDS[sine.kind] for sine in study.sines] or parts
    if not drivers:
        return TEXTS["front 0 of filters"].format(of=of, name=name, counted=counted)
    ((driver, count),) = Counter(drivers).most_common(1)
    more = "" if study.sines else TEXTS["and what"].format(more=classes_text(study))
    gaps = {"count": count, "of": of, "name": name, "counted": counted, "driver": driver, "more": more}
    return TEXTS["front of filters of"].format(**gaps)


def fields_sentence(studies: Sequence[LayerStudy]) -> Text:
    """Say how much of a face a unit of each layer sees."""
    sizes = [(names.layer(study.name), *study.field.size) for study in studies]
    whole = [TEXTS["whole image"] if min(sides) >= SIZE else "" for _, *sides in sizes]
    sees = [
        TEXTS["reason sees"].format(name=name, rows=rows, columns=across, whole=all_of_it)
        for (name, rows, across), all_of_it in zip(sizes, whole, strict=True)
    ]
    return TEXTS["receptive fields"].format(sees=sees)


def reason_sentence(studies: Sequence[LayerStudy], worse: LayerStudy, *, label: str, redrawn: bool) -> Text:
    """Say how the parts that drive filters were found, and whether a worse network's are driven alike.

    Args:
        studies: The layers.
        worse: The last of them in the worse network.
        label: Of that network.
        redrawn: Whether a part was redrawn without its expression, else blurred.
    """
    deep = [study for study in studies if not study.sines]  # the answer tells the others by their waves
    if not deep:
        return TEXTS["no reason could be"]
    driven = [study.losses[number] for study in deep for number in range(len(study.channels))
              if study.losses is not None and study.part(number) is not None]  # fmt: skip
    if not driven:
        return TEXTS["reason no part could"]
    how = TEXTS["redrawn at rest"] if redrawn else TEXTS["blurred"]
    second, most = np.median(np.sort(driven)[:, -2:], axis=0)
    gaps = {"how": how, "strongest": STRONGEST, "share": most, "second": second}
    already = TEXTS["worse already"].format(name=names.network(label), parts=parts_text(worse))
    return joined(TEXTS["reason with that part"].format(**gaps), already)


def range_sentence(study: LayerStudy) -> Text:
    """Compare both ascents by what they reach within the same range of grey."""
    naive, regularized = study.naive.ratio, study.regularized.ratio
    if naive is None or regularized is None:
        return TEXTS["range no filter answers"]
    gaps = {"naive": naive, "regularized": regularized, "faces": len(study.found.objective)}
    text = TEXTS["range within the same"].format(**gaps)
    return TEXTS["range what drives a" if min(naive, regularized) > 1 else "sentence"].format(text=text)


def worse_sentence(study: LayerStudy, worse: LayerStudy, *, label: str) -> Text:
    """Say how the filters of a worse network differ: by the expressions that they favour and by parts."""
    name, own = names.network(label), classes_text(study)
    parts, classes = parts_text(worse), classes_text(worse)
    return TEXTS["worse"].format(name=name, parts=parts, classes=classes, own=own)


def bonus_sentence(made: Ascent, answers: NDArray[np.floating], deceived: Text) -> Text:
    """Say how many class images a network takes for their class, and beside it what deceives the network.

    Args:
        made: The images and their logits.
        answers: The network's logits for them, (7, 7).
        deceived: Of `adversarial_sentence`.
    """
    right = int((answers.argmax(axis=1) == np.arange(len(answers))).sum())
    beyond = int((made.activation > made.maximum).sum())
    text = TEXTS["bonus"].format(count=len(answers), right=right, beyond=beyond)
    return joined(text, deceived)


def adversarial_sentence(levels: NDArray[np.integer], *, most: int, shuffled: int) -> Text:
    """Say how few grey levels change the network's answer, and what the same change does when shuffled.

    Nothing is said of no image.

    Args:
        levels: Of images that were answered rightly, (N,); -1 where `most` were not enough.
        most: Levels at which the search gave up.
        shuffled: How many of the images that were turned are answered otherwise with their change shuffled.
    """
    if not len(levels):
        return Text("", "")
    found = levels[levels > 0]
    if not len(found):
        return TEXTS["adversarial of images answered"].format(count=len(levels), most=most)
    return TEXTS["adversarial adversarial images of"].format(
        count=len(levels),
        count2=len(found),
        are=_are(len(found)),
        most=most,
        found=np.median(found),
        shuffled=shuffled,
    )


def filter_labels(study: LayerStudy) -> list[str]:
    """Return what stands beside each filter: its number, its part, and the expression that it favours."""
    parts, labels = _found(study)
    return [
        "\n".join([str(channel), *(str(name) for name in (part, label) if name is not NOTHING)])
        for channel, part, label in zip(study.channels, parts, labels, strict=True)
    ]


def filter_table(study: LayerStudy) -> pd.DataFrame:
    """Return a row a filter: the part that drives it, what it loses without, and its commonest class."""
    rows = []
    for number, (channel, part, label) in enumerate(zip(study.channels, *_found(study), strict=True)):
        lost = None if study.losses is None else percent(study.losses[number].max())
        counts = study.counts[number]
        rows.append((str(channel), part, lost, label, f"{counts.max()} / {counts.sum()}"))
    return pd.DataFrame(rows, columns=TEXTS["filter columns"].split())


def filters_caption() -> Text:
    """Describe the table of a layer's filters, with what counts as the part that drives one."""
    return TEXTS["caption of filters"].format(least=SMALLEST_LOSS)


def filters_alt(study: LayerStudy) -> Text:
    """Describe a layer's sheet: for each filter its part and class."""
    values = {
        str(channel): f"{part}, {label}"
        for channel, part, label in zip(study.channels, *_found(study), strict=True)
    }
    return listed(TEXTS["filters alt part and expression"], values)


def sines_alt(study: LayerStudy) -> Text:
    """Describe the first layer: the wave that drives each filter."""
    values = {str(number): sine_title(sine) for number, sine in enumerate(study.sines)}
    return listed(TEXTS["sines alt sine wave of"], values)


def ratios_alt(made: Mapping[Text, Ascent]) -> Text:
    """Describe rows of regularized images: what each row reaches."""
    values = {str(name): "—" if one.ratio is None else f"{one.ratio:.1f}" for name, one in made.items()}
    return listed(TEXTS["ratios alt activation over the"], values)


def numbers(study: LayerStudy) -> dict[str, Any]:
    """Return what `results.json` says of a layer."""
    parts, labels = _found(study)
    return {
        "channels": study.channels,
        "parts": list(parts),
        "favoured": list(labels),
        "counts": study.counts,
        "losses": study.losses,
        "ratio": {"naive": study.naive.ratio, "regularized": study.regularized.ratio},
        "sines": [vars(sine) | {"period": str(round(sine.period, 1))} for sine in study.sines],
    }


def claims(study: LayerStudy, *, seed: int) -> list[dict[str, Any]]:
    """Return report B's claims on a first layer beside what was measured, as `record(claims=[...])` takes.

    Args:
        study: The layer.
        seed: Of its naive ascent.
    """
    inner = np.s_[:, 8:-8, 8:-8]  # away from the padding, where a unit sees less
    pairs = zip(study.naive.images[inner], white_noise(len(study.channels), seed=seed)[inner], strict=True)
    stayed = sum(np.corrcoef(made.ravel(), start.ravel())[0, 1] > STAYED for made, start in pairs)
    of, total, twins = len(study.channels), len(study.sines), len(_twins(study))
    measured = TEXTS["of all"].format
    noise = measured(of=of, count=stayed), 2 * stayed > of
    alike = measured(of=total, count=twins), 2 * twins > total
    return [
        claim_record("B", "filters_noise", TEXTS["claims most images of"], *noise),
        claim_record("B", "filters_alike", TEXTS["claims many outputs of"], *alike),
    ]


def sheet_caption(study: LayerStudy) -> Text:
    """Describe the sheet of a layer: its patches are whole faces where a unit sees as much."""
    cropped = TEXTS["cropped to the field"] if min(study.field.size) < SIZE else ""
    return TEXTS["caption of a sheet"].format(name=names.layer(study.name), cropped=cropped)


def outputs_caption(study: LayerStudy, drawn: int) -> Text:
    """Describe the kernels of a layer and their outputs, of which so many are drawn."""
    which = _counted(drawn, len(study.found.correlation))
    return TEXTS["caption of outputs"].format(name=names.layer(study.name), which=which)


def _looked_at(study: LayerStudy) -> Text:
    return _counted(len(study.sines or study.channels), len(study.found.correlation))


def _counted(count: int, total: int) -> Text:
    """Say how many filters it is about, and of how many."""
    return TEXTS["first filters" if count < total else "all filters"].format(count=count, total=total)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _twins(study: LayerStudy) -> list[int]:
    """Return the filters of a layer whose outputs are nearly those of another one."""
    correlation = study.found.correlation
    return np.flatnonzero((correlation - np.eye(len(correlation)) > SAME).any(axis=1)).tolist()


def _twins_text(study: LayerStudy) -> Text:
    alike = _twins(study)
    return TEXTS["twins" if alike else "no twins"].format(count=len(alike), faces=len(study.found.objective))


def _found(study: LayerStudy) -> tuple[Iterable[Text], Iterable[Text]]:
    numbers = range(len(study.channels))
    parts = [NOTHING if (part := study.part(n)) is None else REGION_NAMES[part] for n in numbers]
    return parts, [NOTHING if (label := study.favoured(n)) is None else EMOTIONS[label] for n in numbers]
