"""What a v1 workspace shows by name (`ws.models`, `ws.experiments` …): names first, each thing when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class ByName(Mapping[str, T], Generic[T]):
    """Things by their names, as they were when it was made; a thing is fetched when it is first asked for."""

    def __init__(self, names: Iterable[str], fetch: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._fetch = fetch
        self._fetched: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        """The thing of that name. KeyError when there is none."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._fetched:
            self._fetched[name] = self._fetch(name)
        return self._fetched[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is one, without fetching it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)

    def __repr__(self) -> str:
        """As the dict that it stands for."""
        return repr(dict(self))
