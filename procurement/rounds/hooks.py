"""What later stages add to a round's steps; the application installs it once, at its start.

A stage cannot import a later one, so that a publication could not ask whether the rehearsal
opened. The later stage makes a `PublicationPart` or a `StepKind`, and `procurement.app` hands all
of them over here. Services take them as arguments; only pages and the API read them from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procurement.permissions import Action
from procurement.rounds.ending import cancel_step, fail_lot_step
from procurement.rounds.proposals import StepKind
from procurement.rounds.publication import PublicationPart, publish_step
from procurement.rounds.readiness import CheckRound
from procurement.rounds.tables import RoundStatus, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLink:
    """A page that another stage has about a round.

    Attributes:
        zh: What it shows, in Chinese.
        en: The same in English.
        path: Below the round's address, such as ``document``.
        action: Who may see it, asked with the round's subject.
        statuses: Only in these; in all of them if empty.
    """

    zh: str
    en: str
    path: str
    action: Action
    statuses: tuple[RoundStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class Hooks:
    """All that is installed.

    Attributes:
        publication: Parts of the publication, in the order in which they are carried out.
        comments: What is looked at before a draft document is opened for comments.
        steps: How each step is done.
        links: Pages about a round, in the order in which its page names them.
    """

    publication: tuple[PublicationPart, ...]
    comments: tuple[CheckRound, ...]
    steps: Mapping[Step, StepKind]
    links: tuple[RoundLink, ...]


DOCUMENT = RoundLink(
    zh="采购文件", en="Procurement document", path="document", action=Action.READ_DOCUMENT
)
"""The document belongs to this stage, and stands first among the links."""


def make_hooks(
    *,
    publication: Sequence[PublicationPart] = (),
    comments: Sequence[CheckRound] = (),
    steps: Sequence[StepKind] = (),
    links: Sequence[RoundLink] = (),
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
        links=(DOCUMENT, *links),
    )


class _Installed:
    hooks = make_hooks()


def install(hooks: Hooks) -> None:
    """Make the pages and the API use these hooks; the last call counts."""
    _Installed.hooks = hooks


def installed() -> Hooks:
    """Return the hooks that pages and the API use."""
    return _Installed.hooks
