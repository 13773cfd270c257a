"""SDK v1's tags, properties and names of a run. Translates; decides nothing."""

from collections.abc import Iterable, Mapping

from jupyter_aml.operations import jobs, run_tags
from jupyter_aml.v1.core.run_base import RunBase


class RunMarks(RunBase):
    """What a run is called, and marked with."""

    @property
    def display_name(self) -> str:
        """What it is called."""
        return self._record.display_name

    @display_name.setter
    def display_name(self, text: str) -> None:
        jobs.describe(self._workspace, self.id, display_name=text)

    @property
    def name(self) -> str:
        """What it is called: SDK v1 has two words for it."""
        return self.display_name

    @property
    def description(self) -> str:
        """What is said of it."""
        return self._record.description

    @description.setter
    def description(self, text: str) -> None:
        jobs.describe(self._workspace, self.id, description=text)

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return dict(self._record.tags)

    @property
    def properties(self) -> dict[str, str]:
        """Its properties, which are written once."""
        return dict(self._record.properties)

    def get_tags(self) -> dict[str, str]:
        """Its tags."""
        return self.tags

    def get_properties(self) -> dict[str, str]:
        """Its properties."""
        return self.properties

    def tag(self, key: str, value: object = None) -> None:
        """Set a tag, with a value or without one."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, object]) -> None:
        """Set these tags; the others stay."""
        jobs.describe(self._workspace, self.id, tags={key: text_of(value) for key, value in tags.items()})

    def remove_tags(self, tags: Iterable[str]) -> None:
        """Take these tags away."""
        run_tags.remove(self._workspace, self.id, tags)

    def add_properties(self, properties: Mapping[str, object]) -> None:
        """Add properties. UserErrorException for one that is there with another value: they never change."""
        said = {key: text_of(value) for key, value in properties.items()}
        jobs.describe(self._workspace, self.id, properties=said)


def text_of(value: object) -> str:
    """The value of a tag or property; SDK v1's tag without one is an empty text here."""
    return "" if value is None else str(value)
