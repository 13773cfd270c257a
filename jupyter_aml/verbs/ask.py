"""A secret from a person, or from a pipe: never from the line that was typed, never echoed. Nothing is kept here."""

import getpass
import sys

from jupyter_aml.exceptions import UserErrorException


def hidden(prompt: str) -> str:
    """What was typed, unseen. UserErrorException when there is nobody to ask, or nothing came."""
    try:
        text = getpass.getpass(f"{prompt}: ") if _is_asked() else sys.stdin.readline().rstrip("\n")
    except (EOFError, RuntimeError) as error:  # a notebook that runs without a person: StdinNotImplementedError
        raise UserErrorException(f"{prompt}: nobody is here to type it.", resolution=str(error)) from None
    if not text:
        raise UserErrorException(f"{prompt}: nothing was typed, nothing is kept.")
    return text


def _is_asked() -> bool:
    """A terminal asks; a kernel has its own getpass; from a pipe the first line is read."""
    return getpass.getpass.__module__ != "getpass" or sys.stdin.isatty()
