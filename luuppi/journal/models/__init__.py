from luuppi.journal.models.loop_event import JournalUnlock, LoopEvent
from luuppi.journal.models.progress import Progress, VersionCounter

__all__ = ["JournalUnlock", "LoopEvent", "Progress", "VersionCounter"]
