"""Ask less: what an answer would be worth, who must be left in peace, and the random few who keep the figures honest."""

from luuppi.measures.asking.deciding import Asking, decide
from luuppi.measures.asking.peace import Peace, peace_from_asking
from luuppi.measures.asking.weighing import weighted_nps
from luuppi.measures.asking.worth import value_of_asking

__all__ = ["Asking", "Peace", "decide", "peace_from_asking", "value_of_asking", "weighted_nps"]
