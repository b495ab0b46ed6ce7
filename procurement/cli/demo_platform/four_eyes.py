"""A step of two officers: the first proposes it, the second confirms it."""

from procurement.cli.demo_platform.cast import BUREAU
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.proposals import StepKind, StepRequest, confirm_step, propose_step
from procurement.rounds.tables import Round


def by_two(scene: Scene, round_: Round, kind: StepKind, *, about: str = "") -> None:
    """Let two officers of the lead bureau take a step.

    Args:
        scene: The set-up.
        round_: The round.
        kind: The step.
        about: What it is about, as the step asks for.

    Raises:
        NotReadyError: A point that the step needs is not met.
    """
    proposal = propose_step(
        scene.session,
        kind=kind,
        request=StepRequest(round_=round_, about=about, moment=scene.moment),
        actor=scene.actor(BUREAU),
        version=round_.version,
    )
    confirm_step(
        scene.session,
        kind=kind,
        proposal=proposal,
        digest=proposal.digest,
        actor=scene.actor(BUREAU, 1),
        moment=scene.moment,
    )
