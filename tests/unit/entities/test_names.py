"""Names and their rules: what is refused is told how it could be."""

import re

import pytest

from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import ValidationException

KINDS = (
    "job", "experiment", "input", "cluster", "instance", "attached", "environment", "asset", "version", "component",
    "datastore", "connection", "workspace",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["My data-store 1!", "a/b", "../..", "ä", "", "-"])
def test_the_name_that_is_proposed_is_a_legal_one(kind: str, name: str) -> None:
    with pytest.raises(ValidationException) as refused:
        checked(kind, name)
    proposed = re.search(r"e\.g\. '(.*)'\.", str(refused.value))
    assert proposed
    assert checked(kind, proposed[1]) == proposed[1]
