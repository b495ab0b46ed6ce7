"""Pages of our templates in a browser, without a server: answers come from the checkout."""

import mimetypes
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, Request, Route

from procurement.app.security import POLICY
from procurement.permissions import Actor, Role
from procurement.web.rendering import environment
from tests.browser.looking import arrive
from tests.house_rules import ROOT

ORIGIN = "http://jicai.test"
MOMENT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
PAGES = ROOT / "tests" / "browser" / "pages"
SIGNED_OUT = Actor()
SIGNED_IN = Actor(1, 1, frozenset({Role.PUBLIC}), "110000", "甲", "某市联合采购办公室")
SECTIONS = (
    ("工作台", "Home", "/"),
    ("采购批次", "Rounds", "/rounds"),
    ("药品目录", "Catalogue", "/catalogue"),
    ("报量", "Volume reporting", "/volumes"),
    ("机构", "Organisations", "/organisations"),
)


def visit(
    address: str, language: str, *, moment: datetime = MOMENT, actor: Actor = SIGNED_IN
) -> SimpleNamespace:
    """Return what templates read of a `procurement.web.Visit`."""
    split = urlsplit(address)
    return SimpleNamespace(
        actor=actor,
        language=language,
        moment=moment,
        path=split.path,
        query=dict(parse_qsl(split.query)),
        navigation=tuple(
            (en if language == "en" else zh, href, split.path == href) for zh, en, href in SECTIONS
        ),
        request=SimpleNamespace(scope={"state": {}}),
    )


def page_of(template: str, seen: SimpleNamespace, context: dict[str, object] | None = None) -> str:
    """Fill in a template: one of ours, or one of the tests' own in ``pages/``."""
    pages = environment(seen.language)
    own = PAGES / template
    made = (
        pages.from_string(own.read_text("utf-8")) if own.is_file() else pages.get_template(template)
    )
    return made.render(visit=seen, **(context or {}))


@dataclass
class Site:
    """What a browser is shown: pages by address, and the files below ``static/``.

    Attributes:
        page: The browser's page.
        answers: Body and type by path; pages are put here by `show`.
        posted: What the page sent by POST: path and body.
        complaints: Errors of scripts and of the content security policy.
        policy: The content security policy of the pages.
    """

    page: Page
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    posted: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    policy: str = POLICY

    def __post_init__(self) -> None:
        self.page.route("**/*", self._answer)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def show(self, html: str, path: str = "/page") -> Page:
        """Open a page, and wait until its scripts listen."""
        self.answers[path] = (html, "text/html; charset=utf-8")
        arrive(self.page, ORIGIN + path)
        return self.page

    def _answer(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if request.method == "POST":
            self.posted.append((path, request.post_data or ""))
        if path.startswith("/static/"):
            self._send_file(route, path)
        elif path in self.answers:
            body, kind = self.answers[path]
            route.fulfill(
                body=body, headers={"content-type": kind, "content-security-policy": self.policy}
            )
        else:
            route.fulfill(status=404, body="")

    def _send_file(self, route: Route, path: str) -> None:
        file = ROOT / path.removeprefix("/")
        if file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404, body="")
