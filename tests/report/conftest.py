"""Tiny notebooks for the report's tests."""

from made_up_report import executed, nasty_student, ran, student, write_notebook

__all__ = ["executed", "nasty_student", "ran", "student", "write_notebook"]
