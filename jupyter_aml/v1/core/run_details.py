"""SDK v1's account of a run: `get_details`, as Azure arranges it. It reads; nothing is decided here."""

import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from jupyter_aml.entities import command_line
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.v1.core.run_files import RunFiles

Details: TypeAlias = dict[str, Any]  # Any: Azure's own mapping of mappings


class RunDetails(RunFiles):
    """What is known of a run."""

    def get_details(self) -> Details:
        """All that is known of it, as SDK v1 arranges it; `error` only where there is one."""
        job = self._record
        return {
            "runId": job.name,
            "target": job.compute,
            "status": str(job.status),
            "startTimeUtc": _time(job.started_at),
            "endTimeUtc": _time(job.ended_at),
            "services": {},
            "properties": dict(job.properties),
            "inputDatasets": [],
            "outputDatasets": [],
            **({"error": _error(job)} if job.error else {}),
            "runDefinition": definition(job),
            "logFiles": self._log_files(),
            "submittedBy": self._workspace.principal,
        }

    def get_details_with_logs(self) -> Details:
        """The same, with what stands in its logs."""
        details = self.get_details()
        return {**details, "logFiles": self._log_texts(details["logFiles"])}


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _error(job: JobRecord) -> Details:
    """Azure's form: the first line is the message, those below it are the details."""
    message, *details = job.error.splitlines()
    return {"error": {"code": "UserError", "message": message, "messageParameters": {}, "details": details}}


def definition(job: JobRecord) -> Details:
    """A command job as SDK v1 defines one: a script and its arguments; else a command, which needs a shell."""
    line = _filled(job)
    about = {"target": job.compute, "environment": {"name": job.properties.get("environment", "").partition(":")[0]}}
    try:
        first, *words = shlex.split(line)
    except ValueError:
        first, words = "", list[str]()
    if first == "python" and words and not words[0].startswith("-"):
        return {"script": words[0], "command": "", "arguments": words[1:], **about}
    return {"script": None, "command": line, "arguments": [], **about}


def _filled(job: JobRecord) -> str:
    """The command with its literal inputs in it, each as one word; data and outputs stay what they are called."""
    command = command_line.swept(command_line.modernised(job.spec.get("command", "")))
    inputs: Mapping[str, object] = job.spec.get("inputs") or {}
    return command_line.filled(command, {name: str(given) for name, given in inputs.items() if _is_literal(given)})


def _is_literal(given: object) -> bool:
    return isinstance(given, str | int | float)
