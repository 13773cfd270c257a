"""What stands for a name of Azure's that is not built: it can be imported, and says so when it is used."""

from typing import NoReturn

from jupyter_aml.exceptions import NotAvailableError


class NotAvailableAttributeError(NotAvailableError, AttributeError):
    """A public name of what does not exist here: whoever only probes for it (`hasattr`, `help()`) is told no."""


class _Absent(type):
    """A class that cannot be made or asked for anything."""

    feature: str

    def __call__(cls, *_: object, **__: object) -> NoReturn:
        raise NotAvailableError.of(cls.__name__, cls.feature)

    def __getattr__(cls, name: str) -> object:
        """NotAvailableAttributeError for a public name; what Python itself asks for is not there."""
        if name.startswith("_"):
            raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'", name=name, obj=cls)
        raise NotAvailableAttributeError.of(f"{cls.__name__}.{name}", cls.feature)


def placeholder(name: str, feature: str, module: str) -> type:
    """A class of that name: `feature`, a plural such as 'online endpoints', is what does not exist here."""
    text = f"{name}: {feature} are not available locally."
    return _Absent(name, (), {"__module__": module, "__doc__": text, "feature": feature})
