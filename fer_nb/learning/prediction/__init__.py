"""What networks answer: logits, alone or as an ensemble, over several views; answer files and the hand-in."""

from fer_nb.learning.prediction.logits import predict_logits as predict_logits
