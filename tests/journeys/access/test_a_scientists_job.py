"""A job of somebody who is not the owner: it acts for them, reads the secrets they may, and tells them to nobody."""

import json
from hashlib import sha256
from pathlib import Path

from jupyter_aml import MLClient, Output, command
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.role import LocalCredential

PLAIN = "hunter2-in-a-job"
SCRIPT = """
import hashlib, json, sys
from jupyter_aml import MLClient
from jupyter_aml.exceptions import AuthorizationError
client = MLClient.default()
value = client.secrets.get("api-key")
try:
    client.roles.assign("Owner", "ann")
    granted = True
except AuthorizationError:
    granted = False
seen = {"who": client.roles.who().principal, "hash": hashlib.sha256(value.encode()).hexdigest(), "granted": granted}
open(sys.argv[1] + "/seen.json", "w").write(json.dumps(seen))
"""


def test_a_job_acts_for_whoever_submitted_it(ml_client: MLClient, home: Path) -> None:
    code = home.parent / "code"
    code.mkdir()
    (code / "act.py").write_text(SCRIPT)
    ml_client.secrets.set("api-key", PLAIN)
    ml_client.roles.assign("AzureML Data Scientist", "ann")
    ann = MLClient.of(ml_client.workspace.id, LocalCredential("ann"))
    draft = command(
        command="python act.py ${{outputs.o}}",
        code=str(code),
        experiment_name="e",
        outputs={"o": Output(type="uri_folder")},
    )
    job = ann.jobs.create_or_update(draft)
    ended = ann.jobs.wait(job.name or "", timeout=120)
    assert ended.status == "Completed", ml_client.jobs.details(ended.name or "").error
    ann.jobs.download(ended.name or "", download_path=home.parent / "got", output_name="o")
    seen = json.loads((home.parent / "got" / "named-outputs" / "o" / "seen.json").read_text())
    assert seen == {"who": "ann", "hash": sha256(PLAIN.encode()).hexdigest(), "granted": False}
    lifecycle.stop(ml_client.workspace.folder)  # so that no file goes while it is read
    assert [path for path in home.rglob("*") if path.is_file() and PLAIN.encode() in path.read_bytes()] == []
