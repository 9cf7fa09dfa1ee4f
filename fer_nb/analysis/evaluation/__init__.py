"""Errors, and how sure we are of them: NumPy arrays in, numbers and frozen records out.

Everywhere `predicted` and `labels` are class numbers 0 to 6 in the order of `fer_nb.language.EMOTIONS`,
predictions first; a matrix has rows true and columns predicted. What cannot be known (the recall of a class
without images) is `None` in a record and masked in an array, never NaN. What reads files and what students
call with arrays of their own refuses what makes no sense, see `checks`; what functions hand each other is not
looked at again.
"""

from fer_nb.analysis.evaluation.calibration import Temperature as Temperature
from fer_nb.analysis.evaluation.calibration import expected_calibration_error as expected_calibration_error
from fer_nb.analysis.evaluation.calibration import fit_temperature as fit_temperature
from fer_nb.analysis.evaluation.calibration import reliability_bins as reliability_bins
from fer_nb.analysis.evaluation.calibration import softmax as softmax
from fer_nb.analysis.evaluation.comparison import McNemar as McNemar
from fer_nb.analysis.evaluation.comparison import PairedDifference as PairedDifference
from fer_nb.analysis.evaluation.comparison import holm as holm
from fer_nb.analysis.evaluation.comparison import mcnemar as mcnemar
from fer_nb.analysis.evaluation.comparison import paired_difference as paired_difference
from fer_nb.analysis.evaluation.confusion import ConfusedPair as ConfusedPair
from fer_nb.analysis.evaluation.confusion import confused_pair as confused_pair
from fer_nb.analysis.evaluation.confusion import confused_pairs as confused_pairs
from fer_nb.analysis.evaluation.confusion import confusion_matrix as confusion_matrix
from fer_nb.analysis.evaluation.confusion import confusion_shares as confusion_shares
from fer_nb.analysis.evaluation.confusion import most_confused as most_confused
from fer_nb.analysis.evaluation.curves import Overfitting as Overfitting
from fer_nb.analysis.evaluation.curves import epochs_to_reach as epochs_to_reach
from fer_nb.analysis.evaluation.curves import overfitting as overfitting
from fer_nb.analysis.evaluation.intervals import NO_DATA as NO_DATA
from fer_nb.analysis.evaluation.intervals import Proportion as Proportion
from fer_nb.analysis.evaluation.intervals import accuracy_interval as accuracy_interval
from fer_nb.analysis.evaluation.intervals import split_accuracy as split_accuracy
from fer_nb.analysis.evaluation.mistakes import error_rows as error_rows
from fer_nb.analysis.evaluation.mistakes import nearest_correct as nearest_correct
from fer_nb.analysis.evaluation.predictions import Predictions as Predictions
from fer_nb.analysis.evaluation.predictions import joined_predictions as joined_predictions
from fer_nb.analysis.evaluation.predictions import metrics as metrics
from fer_nb.analysis.evaluation.predictions import with_test as with_test
from fer_nb.analysis.evaluation.scores import ClassScore as ClassScore
from fer_nb.analysis.evaluation.scores import Correlation as Correlation
from fer_nb.analysis.evaluation.scores import OverallScores as OverallScores
from fer_nb.analysis.evaluation.scores import class_scores as class_scores
from fer_nb.analysis.evaluation.scores import overall_scores as overall_scores
from fer_nb.analysis.evaluation.scores import recall_size_correlation as recall_size_correlation
