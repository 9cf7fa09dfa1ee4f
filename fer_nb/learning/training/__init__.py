"""Training by a recipe: found again where it was done, gone on with where it was cut off."""

from fer_nb.learning.training.train import NotTrained as NotTrained
from fer_nb.learning.training.train import continue_run as continue_run
from fer_nb.learning.training.train import find_or_train as find_or_train
