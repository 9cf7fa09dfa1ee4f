"""The data wing: FER2013 in all its shapes, practice faces, and what is known of both."""
