"""One request as the domain sees it: who, when, in which language, in which transaction."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from litestar import Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, SessionTransaction

from procurement.clock import now
from procurement.database import SandboxClock
from procurement.permissions import (
    PERMISSIONS,
    Action,
    Actor,
    NotPermittedError,
    Subject,
    is_permitted,
    permit,
)
from procurement.settings import Settings
from procurement.web.cookies import cookie_name
from procurement.web.forms import Form

SESSION_COOKIE = "jicai_session"
LANGUAGE_COOKIE = "jicai_language"
LANGUAGES = ("zh", "en")

AnyRequest = Request[Any, Any, Any]


class Resolved(Protocol):
    """Who asks, and by which sign-in."""

    @property
    def actor(self) -> Actor:
        """`Actor()` where nobody is signed in."""

    @property
    def session_id(self) -> int | None:
        """The sign-in of a browser."""

    @property
    def token_id(self) -> int | None:
        """The token of a machine."""

    @property
    def touch_due(self) -> bool:
        """Whether its use should be noted: a sign-in that nobody uses ends as idle."""


class Resolve(Protocol):
    """Finds out who acts; `procurement.accounts` supplies it."""

    def __call__(
        self,
        session: Session,
        *,
        session_token: str | None,
        api_token: str | None,
        moment: datetime,
    ) -> Resolved:
        """Return who asks; nothing is written."""


class Touch(Protocol):
    """Notes that a sign-in or a token is in use."""

    def __call__(self, session: Session, *, resolved: Resolved, moment: datetime) -> None:
        """Note it."""


NavigationOf = Callable[["Visit"], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Edge:
    """What the application gives to every request."""

    engine: Engine
    settings: Settings
    resolve: Resolve
    touch: Touch
    clock: Callable[[], datetime]
    navigation: NavigationOf = field(default=lambda visit: ())
    """Labels and addresses of the pages that a role uses."""
    sandbox: SandboxClock | None = None
    """The clock of a rehearsal; it is then `clock` too."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request; handlers receive it in place of the web's own request.

    Attributes:
        session: Session of the request's one transaction; the edge commits it.
        actor: Who acts.
        moment: When the request arrived, aware and in UTC.
        language: ``zh`` or ``en``.
        edge: What the application gives to every request.
        request: The web's request, for headers and the address.
        form: Posted fields and files.
        sign_in_id: The sign-in of the browser, if there is one.
    """

    session: Session
    actor: Actor
    moment: datetime
    language: str
    edge: Edge
    request: AnyRequest
    form: Form = field(default_factory=Form)
    sign_in_id: int | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the installation."""
        return self.edge.settings

    @property
    def wall_moment(self) -> datetime:
        """The moment by which sign-ins, second factors and their limits are measured.

        It is the real one in a rehearsal too, where `moment` may run a thousand times
        faster: nobody could type a one-time code.
        """
        return self.moment if self.edge.sandbox is None else now()

    @property
    def clock_speed(self) -> int:
        """How many seconds pass by `moment` in each real one; 1 but in rehearsals."""
        return 1 if self.edge.sandbox is None else self.edge.sandbox.speed

    @property
    def engine(self) -> Engine:
        """The engine, for those who must know the kind of database."""
        return self.edge.engine

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters after the question mark; of a repeated one the first."""
        parameters = self.request.query_params.dict()
        return {name: str(values[0]) for name, values in parameters.items()}

    def cookie(self, name: str) -> str | None:
        """Return what the browser keeps under a plain name; see `procurement.web.cookies`."""
        kept = self.request.cookies.get(cookie_name(name, self.settings))
        return None if kept is None else str(kept)

    @property
    def path(self) -> str:
        """The address without host and parameters."""
        return str(self.request.url.path)

    @property
    def address(self) -> str:
        """The visitor's network address, for limits on attempts."""
        return self.request.client.host if self.request.client else ""

    @property
    def navigation(self) -> tuple[tuple[str, str, bool], ...]:
        """Label, address, and whether it is the present page."""
        return tuple(
            (label, href, self.path == href or (href != "/" and self.path.startswith(f"{href}/")))
            for label, href in self.edge.navigation(self)
        )

    def require(self, action: Action, subject: Subject | None = None) -> None:
        """Let the actor pass, or raise (403 or 404); see `procurement.permissions.permit`."""
        permit(self.actor, action, subject or Subject())

    def require_ever(self, action: Action) -> None:
        """Refuse who may not do this with anything (403), before the thing is looked for.

        Whoever may do it with none must not learn which there are.
        """
        if not self.may_ever(action):
            raise NotPermittedError(action)

    def may(self, action: Action, subject: Subject | None = None) -> bool:
        """Tell whether the actor may, for pages that show what can be done."""
        return is_permitted(self.actor, action, subject or Subject())

    def may_ever(self, action: Action) -> bool:
        """Tell whether a role of the actor may do this with some thing, for menus."""
        return any(role in PERMISSIONS[action] for role in self.actor.roles)

    def text(self, zh: str, en: str) -> str:
        """Return the text of the visitor's language."""
        return en if self.language == "en" else zh

    def savepoint(self) -> AbstractContextManager[SessionTransaction]:
        """Undo what a refused service call had written, while the page is still answered."""
        return self.session.begin_nested()


def language_of(request: AnyRequest) -> str:
    """Return the language asked for by ``?lang=``, else by the cookie, else Chinese."""
    kept = request.cookies.get(cookie_name(LANGUAGE_COOKIE, request.app.state.edge.settings))
    asked = request.query_params.get("lang") or kept
    return asked if asked in LANGUAGES else LANGUAGES[0]
