"""What later stages add to a round's steps; the application installs it once, at its start.

A stage cannot import a later one, so that a publication could not ask whether the rehearsal
opened. The later stage makes a `PublicationPart` or a `StepKind`, and `procurement.app` hands all
of them over here. Services take them as arguments; only pages and the API read them from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procurement.rounds.ending import cancel_step, fail_lot_step
from procurement.rounds.proposals import StepKind
from procurement.rounds.publication import PublicationPart, publish_step
from procurement.rounds.readiness import CheckRound
from procurement.rounds.tables import Step


@dataclass(frozen=True, slots=True)
class Hooks:
    """All that is installed.

    Attributes:
        publication: Parts of the publication, in the order in which they are carried out.
        comments: What is looked at before a draft document is opened for comments.
        steps: How each step is done.
    """

    publication: tuple[PublicationPart, ...]
    comments: tuple[CheckRound, ...]
    steps: Mapping[Step, StepKind]


def make_hooks(
    *,
    publication: Sequence[PublicationPart] = (),
    comments: Sequence[CheckRound] = (),
    steps: Sequence[StepKind] = (),
) -> Hooks:
    """Join what later stages add with this stage's own steps.

    Examples:
        >>> sorted(step.value for step in make_hooks().steps)
        ['cancel', 'fail-lot', 'publish']
    """
    own = (publish_step(publication), cancel_step(), fail_lot_step())
    return Hooks(
        publication=tuple(publication),
        comments=tuple(comments),
        steps={kind.step: kind for kind in (*own, *steps)},
    )


class _Installed:
    hooks = make_hooks()


def install(hooks: Hooks) -> None:
    """Make the pages and the API use these hooks; the last call counts."""
    _Installed.hooks = hooks


def installed() -> Hooks:
    """Return the hooks that pages and the API use."""
    return _Installed.hooks
