"""Failures that stop a start, worded for whoever reads the log: names, never values."""


class StartUpError(Exception):
    """The function cannot start, or cannot answer yet; the message says why and what to do."""
