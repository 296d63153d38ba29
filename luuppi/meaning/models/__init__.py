from luuppi.meaning.models.codebook import Codebook, Coding, Theme, ThemeProposal
from luuppi.meaning.models.reading import Reading

__all__ = ["Codebook", "Coding", "Reading", "Theme", "ThemeProposal"]
