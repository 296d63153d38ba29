from luuppi.meaning.models.change import ThemeChange
from luuppi.meaning.models.codebook import Codebook, Coding, Theme, ThemeProposal
from luuppi.meaning.models.reading import Reading
from luuppi.meaning.models.rise import Rise

__all__ = ["Codebook", "Coding", "Reading", "Rise", "Theme", "ThemeChange", "ThemeProposal"]
