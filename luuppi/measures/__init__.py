"""Numbers of the house: plain functions on lists, numpy arrays and pandas frames, without Django or a database.

Import the subject, not the package: `from luuppi.measures import scores`. Heavy libraries are loaded by the call that needs them.
"""
