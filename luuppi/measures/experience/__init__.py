"""How customers feel who did not say: learned from those who did, judged forwards in time, silent where it cannot tell."""

from luuppi.measures.experience.learning import Estimates, Experience, Weight, learn_experience
from luuppi.measures.experience.reasons import Reason
from luuppi.measures.experience.stamped import features_known_in_time
from luuppi.measures.experience.watching import Drift, find_drift, refreshed

__all__ = ["Drift", "Estimates", "Experience", "Reason", "Weight", "features_known_in_time", "find_drift", "learn_experience", "refreshed"]
