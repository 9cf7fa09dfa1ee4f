"""Figures: each function draws on the caller's axes and never saves.

Labels stand in both languages, because a figure is drawn once for every reader.
"""
