"""Errors, and how sure we are of them: NumPy arrays in, numbers and frozen records out.

Everywhere `predicted` and `labels` are class numbers 0 to 6 in the order of `fer_nb.language.EMOTIONS`,
predictions first; a matrix has rows true and columns predicted. What cannot be known (the recall of a class
without images) is `None` in a record and masked in an array, never NaN; what makes no sense (NaN logits,
labels outside 0 to 6, unlabelled rows, shapes that do not match) raises `InputError`.
"""

from fer_nb.analysis.evaluation.calibration import (
    ReliabilityBins,
    Temperature,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
    softmax,
)
from fer_nb.analysis.evaluation.comparison import McNemar, holm, mcnemar, pairwise_comparisons
from fer_nb.analysis.evaluation.confusion import (
    ConfusedPair,
    confused_pair,
    confused_pairs,
    confusion_matrix,
    confusion_shares,
    most_confused,
)
from fer_nb.analysis.evaluation.curves import Overfitting, epochs_to_reach, overfitting_epoch
from fer_nb.analysis.evaluation.intervals import NO_DATA, Proportion, accuracy_interval, split_accuracy
from fer_nb.analysis.evaluation.mistakes import error_rows, nearest_correct, predicted_classes
from fer_nb.analysis.evaluation.predictions import (
    Predictions,
    joined_predictions,
    metrics,
    with_test,
)
from fer_nb.analysis.evaluation.scores import (
    ClassScore,
    Correlation,
    OverallScores,
    class_scores,
    overall_scores,
    recall_size_correlation,
)
from fer_nb.analysis.evaluation.suspects import SuspectLabels, suspect_labels

__all__ = [
    "NO_DATA",
    "ClassScore",
    "ConfusedPair",
    "Correlation",
    "McNemar",
    "OverallScores",
    "Overfitting",
    "Predictions",
    "Proportion",
    "ReliabilityBins",
    "SuspectLabels",
    "Temperature",
    "accuracy_interval",
    "class_scores",
    "confused_pair",
    "confused_pairs",
    "confusion_matrix",
    "confusion_shares",
    "epochs_to_reach",
    "error_rows",
    "expected_calibration_error",
    "fit_temperature",
    "holm",
    "joined_predictions",
    "mcnemar",
    "metrics",
    "most_confused",
    "nearest_correct",
    "overall_scores",
    "overfitting_epoch",
    "pairwise_comparisons",
    "predicted_classes",
    "recall_size_correlation",
    "reliability_bins",
    "softmax",
    "split_accuracy",
    "suspect_labels",
    "with_test",
]
