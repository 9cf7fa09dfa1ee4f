"""What the notebook on saliency shows, lists and says; the maps themselves are in `analysis`."""
