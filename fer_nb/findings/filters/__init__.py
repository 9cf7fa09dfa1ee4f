"""What the notebook on filters measures, says and lists; the ascents themselves are in `analysis`."""
