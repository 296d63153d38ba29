"""The three scales on which customers answer: lowest and highest, both included. Plain, since the figures service reads it without Django."""

SCORES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
