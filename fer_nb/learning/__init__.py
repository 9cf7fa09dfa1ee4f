"""Networks, image transforms, recipes, training and prediction.

May import `fer_nb.data` and `fer_nb.analysis.evaluation`, and the ground floor.
"""
