"""Timing that a noisy machine does not spoil: processor time, several runs, median and spread."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Processor seconds of several runs of one thing."""

    least: float
    median: float
    most: float

    @property
    def milliseconds(self) -> str:
        """Median, with the range in brackets."""
        return f"{self.median * 1e3:9.2f} ms ({self.least * 1e3:.2f}-{self.most * 1e3:.2f})"


def measure(work: Callable[[], object], *, runs: int = 7) -> Timing:
    """Measure processor time, after one run that is not counted."""
    work()
    seconds = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return Timing(min(seconds), statistics.median(seconds), max(seconds))


def once(work: Callable[[], object]) -> float:
    """Processor seconds of a single run, for work that takes long."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start
