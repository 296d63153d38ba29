"""Gone quiet: whose silence is unusual for them, and how long contract customers stay."""

from luuppi.measures.silence.backtest import Backtest, Counted, backtest, count_events
from luuppi.measures.silence.contract import Staying, staying
from luuppi.measures.silence.quiet import Quiet, find_quiet
from luuppi.measures.silence.rhythm import Rhythm, fit_rhythm

__all__ = ["Backtest", "Counted", "Quiet", "Rhythm", "Staying", "backtest", "count_events", "find_quiet", "fit_rhythm", "staying"]
