"""What the score would be had everybody answered: correction, cross-check, range, and calling a sample of the silent."""

from luuppi.measures.nonresponse.callbacks import WithCallbacks, draw_silent, nps_with_callbacks
from luuppi.measures.nonresponse.corrected import Corrected, corrected_nps

__all__ = ["Corrected", "WithCallbacks", "corrected_nps", "draw_silent", "nps_with_callbacks"]
