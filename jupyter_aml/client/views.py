"""What a list of a client shows, by SDK v2's words. Nothing is listed here."""

from typing import Final

from jupyter_aml.constants import ListViewType
from jupyter_aml.exceptions import ValidationException, did_you_mean

_ARCHIVED: Final = {ListViewType.ACTIVE_ONLY: False, ListViewType.ARCHIVED_ONLY: True, ListViewType.ALL: None}


def archived_in(list_view_type: str) -> bool | None:
    """What a view shows: not the archived, only the archived, or (None) all. ValidationException for another."""
    if list_view_type not in _ARCHIVED:
        message = f"list_view_type: '{list_view_type}' is not a view."
        raise ValidationException(message, resolution=did_you_mean(list_view_type, _ARCHIVED))
    return _ARCHIVED[list_view_type]
