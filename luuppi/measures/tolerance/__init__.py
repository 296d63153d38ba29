"""How long customers tolerate waiting: where it costs satisfaction, and when they hang up."""

from luuppi.measures.tolerance.kink import Kink, find_kink
from luuppi.measures.tolerance.material import CurvePoint, Tolerance, material_wait, material_wait_of_detractors
from luuppi.measures.tolerance.patience import patience

__all__ = ["CurvePoint", "Kink", "Tolerance", "find_kink", "material_wait", "material_wait_of_detractors", "patience"]
