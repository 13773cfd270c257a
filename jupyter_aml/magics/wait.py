"""`%aml_wait`: whether every submit of this kernel waits for its job's end. Parses, switches, shows."""

import sys
from typing import Final

from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import parse

WORDS: Final = ("on", "off")


@magics_class
class WaitMagics(Magics):
    """The magic of the switch."""

    @line_magic
    @plain
    def aml_wait(self, line: str) -> None:
        """Let every submit return when its job is over, so that the next cell can read what it made.

        %aml_wait on     From here on: magics, `ml_client.jobs.create_or_update`, SDK v1's `experiment.submit`,
                         pollers (`begin_…`) and `!aml job create` wait. A failed job raises nothing: a line tells it,
                         and its `status` is Failed. Interrupt the kernel to wait no longer: the job goes on.
        %aml_wait off    A submit returns at once, as in the cloud.
        %aml_wait        Which of them holds.

        It is the variable JUPYTER_AML_WAIT: with JUPYTER_AML_WAIT=1 a kernel starts with it on. `--no-wait` in a
        magic's line wins over it.

        Examples
        --------
        %aml_wait on
        """
        from jupyter_aml.client import waiting

        word = "".join(parse(line, (), most_words=1).words)
        if word and word not in WORDS:
            raise UserErrorException(f"%aml_wait: 'on' or 'off', found '{word}'.", resolution=did_you_mean(word, WORDS))
        if word:
            waiting.switch(on=word == "on")
        state = "wait until the job is over" if waiting.is_on() else "return at once"
        sys.stdout.write(f"Submits {state}.\n")
