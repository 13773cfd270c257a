"""Metrics into MLflow's database, by SQL, as `mlflow.log_metric` would have left them. MLflow is not imported here."""

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jupyter_aml.tracking.connection import Connections
from jupyter_aml.tracking.runs import LARGEST

_ADD: Final = """
INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_ADD_LATEST: Final = """
INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step,
                                          is_nan = excluded.is_nan
WHERE (excluded.step, excluded.timestamp, excluded.value) > (step, timestamp, value)"""


class MetricWriting:
    """The metrics of one tracking database, to be added to."""

    def __init__(self, db: Path) -> None:
        self._connections = Connections(db)

    def add(self, run_id: str, key: str, values: Sequence[float], step: int | None = None) -> None:
        """Log values of one metric, in their order. Without a step: at the steps that come next."""
        now = time.time_ns() // 1_000_000
        with self._connections.writing() as db:
            if step is None:
                query = "SELECT coalesce(max(step) + 1, 0) FROM metrics WHERE run_uuid = ? AND key = ?"
                step = int(db.execute(query, (run_id, key)).fetchone()[0])
            rows = [
                (run_id, key, _stored(value), now, step + place, math.isnan(value))
                for place, value in enumerate(values)
            ]
            db.executemany(_ADD, rows)
            db.executemany(_ADD_LATEST, rows[-1:])

    def close(self) -> None:
        """Close this process's connections."""
        self._connections.close()


def _stored(value: float) -> float:
    if math.isnan(value):
        return 0.0
    return max(-LARGEST, min(LARGEST, value))
