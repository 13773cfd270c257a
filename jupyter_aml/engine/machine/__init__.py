"""One cluster's decisions, pure: a fact goes in, the cluster that follows and the commands come out. No effect here.

    advance(cluster, fact) -> (cluster, commands)

Time enters only inside facts. The supervisor carries the commands out, in order, and writes down what they say.

    task        a job that is not finished, and the queue of those that wait
    cluster     a compute: its nodes, its tasks; of a compute instance, its state
    words       the facts that come in and the commands that go out
    decisions   `advance`
    power       what an instance does when it is started, stopped, restarted
"""

from jupyter_aml.engine.machine.cluster import Cluster, IdleNode, Instance, recovered
from jupyter_aml.engine.machine.decisions import advance
from jupyter_aml.engine.machine.task import Leaving, Queue, Task
from jupyter_aml.engine.machine.words import (
    AttemptEnded,
    AttemptFinishing,
    AttemptLost,
    AttemptStarted,
    Became,
    CancelWished,
    ClusterFact,
    Command,
    JobBegun,
    JobRefused,
    JobWished,
    Launch,
    NodePreempted,
    PowerWished,
    Record,
    Resized,
    Result,
    Stop,
    Ticked,
)

__all__ = [
    "AttemptEnded",
    "AttemptFinishing",
    "AttemptLost",
    "AttemptStarted",
    "Became",
    "CancelWished",
    "Cluster",
    "ClusterFact",
    "Command",
    "IdleNode",
    "Instance",
    "JobBegun",
    "JobRefused",
    "JobWished",
    "Launch",
    "Leaving",
    "NodePreempted",
    "PowerWished",
    "Queue",
    "Record",
    "Resized",
    "Result",
    "Stop",
    "Task",
    "Ticked",
    "advance",
    "recovered",
]
