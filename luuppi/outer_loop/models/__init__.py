from luuppi.outer_loop.models.effect import EffectReading
from luuppi.outer_loop.models.improvement import Improvement, ImprovementCause, ImprovementItem
from luuppi.outer_loop.models.root_cause import CauseEvidence, RootCause

__all__ = ["CauseEvidence", "EffectReading", "Improvement", "ImprovementCause", "ImprovementItem", "RootCause"]
