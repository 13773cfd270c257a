"""What becomes of an argument of SDK v1 that does nothing here: said, or refused by its name. Nothing is decided here.

Every argument of a signature is used, is named to `meaningless`, or is given to `refuse`: ruff holds it to that.
"""

from collections.abc import Mapping, Sized

from jupyter_aml.exceptions import UnsupportedFieldError, did_you_mean


def meaningless(_why: str, /, **_given: object) -> None:
    """These arguments are taken, and change nothing: there is nothing on one machine that they could change, and why.

    >>> meaningless("there is no cloud to be in", location="westeurope", sku="basic")
    """


def refuse(call: str, resolution: str, /, **given: object) -> None:
    """These arguments would change what happens, and cannot be honoured.

    None, False and what is empty are not given. UnsupportedFieldError names those that are, never their values.

    >>> refuse("run.upload_file", "Leave it out.", datastore_name=None)
    """
    if asked := [name for name, value in given.items() if _is_given(value)]:
        said = ", ".join(asked)
        raise UnsupportedFieldError(
            f"{call}: {said} {'are' if asked[1:] else 'is'} not available locally.", resolution=resolution
        )


def refuse_others(call: str, given: Mapping[str, object], /, *known: str) -> None:
    """What SDK v1 collects in `**kwargs` and has no word for: TypeError, as of any function, with the nearest name.

    Azure's own private keywords, `_cloud` and the like, pass: code that says them speaks to the service.
    `known`: the names that the call has.

    >>> refuse_others("Workspace.get", {"_location": "westeurope"}, "name", "auth")
    """
    for name in given:
        if not name.startswith("_"):
            meant = f" {did_you_mean(name, known)}" if known else ""
            raise TypeError(f"{call}() got an unexpected keyword argument '{name}'.{meant}")


def _is_given(value: object) -> bool:
    if value is None or value is False:
        return False
    return not isinstance(value, Sized) or len(value) > 0
