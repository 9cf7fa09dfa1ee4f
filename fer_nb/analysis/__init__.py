"""What the numbers and the networks say: evaluation, saliency, gradient ascent.

Arrays and models in, arrays and small records out: nothing here reads a file, trains a network or draws,
and nothing imports the wings that do.
"""
