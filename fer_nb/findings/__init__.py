"""What the notebooks say and list of their numbers: what several share, and a folder for a subject."""
