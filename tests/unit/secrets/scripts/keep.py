"""A process that keeps one secret as soon as it is told to."""

import sys

from jupyter_aml import MLClient

client = MLClient.default()
assert client.workspace.database
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.readline()
client.secrets.set(sys.argv[1], f"value of {sys.argv[1]}")
