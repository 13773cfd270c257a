"""What a pipeline is made of, as SDK v1's Graph shows it: steps, and what they hand on. It is read, never run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.pipeline_job import PipelineJob

_FILE: Final = "pipeline.yml"


@dataclass(frozen=True, slots=True)
class Node:
    """A step: `node_id` is its key among the pipeline's jobs, `name` what it is called."""

    node_id: str
    name: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Port:
    """An input or an output of a node."""

    node: Node
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An output of one node that is an input of another."""

    source_port: Port
    dest_port: Port


@dataclass(frozen=True, slots=True)
class Graph:
    """A pipeline's nodes and edges, and the names of its parameters with their defaults."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    params: Mapping[str, Any]

    @property
    def module_nodes(self) -> list[Node]:
        """The nodes that run something: all of them, data are no nodes here."""
        return [*self.nodes]

    @property
    def node_dict(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {node.node_id: node for node in self.nodes}

    @property
    def node_name_dict(self) -> dict[str, list[Node]]:
        """The nodes by their names, which several may share."""
        found = dict[str, list[Node]]()
        for node in self.nodes:
            found.setdefault(node.name, []).append(node)
        return found

    def get_node(self, node_id: str) -> Node:
        """The node of that id. KeyError when there is none."""
        return self.node_dict[node_id]


def graph_of(pipeline: PipelineJob) -> Graph:
    """The graph of a pipeline job."""
    spec = pipeline.spec()
    steps: Mapping[str, Mapping[str, Any]] = spec.get("jobs") or {}
    nodes = {key: _node(key, step) for key, step in steps.items()}
    edges = (edge for key, step in steps.items() for edge in _edges(nodes, nodes[key], step))
    return Graph(tuple(nodes.values()), tuple(edges), dict(spec.get("inputs") or {}))


def save(pipeline: PipelineJob, path: str | Path | None) -> None:
    """Write a pipeline job's YAML, as SDK v2 reads it: to a file, or as `pipeline.yml` into a folder, here by default.

    What is there is replaced.
    """
    target = Path(path or ".")
    text = str(pipeline)
    (target / _FILE if target.is_dir() else target).write_text(text, encoding="utf-8")


def _node(key: str, step: Mapping[str, Any]) -> Node:
    made: Mapping[str, Any] = (step.get("component") or step.get("trial") or {}) if not _is_named(step) else {}
    outputs: dict[str, Any] = {**(made.get("outputs") or {}), **(step.get("outputs") or {})}
    return Node(key, str(step.get("display_name") or key), tuple(step.get("inputs") or {}), tuple(outputs))


def _is_named(step: Mapping[str, Any]) -> bool:
    """Whether its component is one of the workspace, by its name."""
    return isinstance(step.get("component") or step.get("trial"), str)


def _edges(nodes: Mapping[str, Node], node: Node, step: Mapping[str, Any]) -> Iterator[Edge]:
    given: Mapping[str, object] = step.get("inputs") or {}
    for name, value in given.items():
        found = binding(value)
        if found and found.kind == "step" and found.step in nodes:
            yield Edge(Port(nodes[found.step], found.name), Port(node, name))
