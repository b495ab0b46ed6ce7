"""Work of this stage that runs apart from the request that asked for it."""

from collections.abc import Mapping

from procurement.jobs import Handler
from procurement.rounds.simulating import JOB, run_simulation

HANDLERS: Mapping[str, Handler] = {JOB: run_simulation}
"""By kind of job."""
