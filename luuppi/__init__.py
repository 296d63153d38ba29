"""Luuppi: closed-loop customer feedback, self-hosted. No feedback disappears."""

__version__ = "0.1.0"
