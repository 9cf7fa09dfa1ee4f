"""Networks, image transforms, recipes, training and prediction; the only wing that needs Keras.

May import `fer_nb.data` and `fer_nb.analysis.evaluation`, and the ground floor.
"""
