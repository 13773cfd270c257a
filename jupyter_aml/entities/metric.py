"""What a metric is once it is read: a key and its points. Pure; nothing is fetched here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One logged value. `timestamp_ms` counts milliseconds since 1970 (UTC); `value` may be NaN or ±inf."""

    step: int
    timestamp_ms: int
    value: float


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """Every value of one key, by step, then time, then the order in which they were logged."""

    key: str
    points: tuple[MetricPoint, ...]
