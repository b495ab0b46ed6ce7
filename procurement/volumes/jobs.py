"""The jobs of volume reporting."""

from collections.abc import Mapping

from procurement.jobs import Handler
from procurement.volumes.bulk.service import carry_out
from procurement.volumes.bulk.uploads import JOB_KIND

HANDLERS: Mapping[str, Handler] = {JOB_KIND: carry_out}
"""Who carries out which kind of job."""
