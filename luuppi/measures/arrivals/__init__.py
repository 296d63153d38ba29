"""Ahead of the wave: how many contacts the next weeks bring, with an interval, tried against the naive forecast."""

from luuppi.measures.arrivals.forecasting import forecast, naive_forecast
from luuppi.measures.arrivals.trying import Tried, try_forecast

__all__ = ["Tried", "forecast", "naive_forecast", "try_forecast"]
