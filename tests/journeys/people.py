"""People of a journey: each has a browser of his own and does what a person does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError

from tests.browser.looking import arrive
from tests.browser.pictures import keep_picture

PASSWORD = "four quiet horses walk home"  # noqa: S105 - of people who exist in tests only


@dataclass
class Somebody:
    """A person at a browser.

    Attributes:
        page: His page.
        organisation: The address of his organisation, such as ``/organisations/3``.
    """

    page: Page
    address: str
    user: str = ""
    organisation: str = ""
    pictures: Path | None = None
    taken: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open an address; it must answer."""
        answer = arrive(self.page, f"{self.address}{path}")
        assert answer.status < 400, (path, answer.status, self.page.inner_text("main"))

    def fill(self, fields: Mapping[str, str]) -> None:
        """Type into fields, by their names; choices are chosen."""
        for name, value in fields.items():
            found = self.page.locator(f"main [name='{name}']").first
            if found.evaluate("one => one.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)

    def fill_days(self, **days: str) -> None:
        """Type days as 2030-01-01."""
        for name, day in days.items():
            self.page.locator(f"main [name='{name}']").first.fill(day)

    def tick(self, name: str, *values: str) -> None:
        """Tick boxes or choose a radio button."""
        for value in values:
            self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def press(self, button: str) -> None:
        """Press the button of that label and wait for the page that comes."""
        found = self.page.locator("main").get_by_role("button", name=button, exact=True).first
        try:
            with self.page.expect_navigation():
                found.click()
        except TimeoutError as error:
            raise AssertionError(f"{button}: nothing came after {self.text()}") from error
        assert "系统出错" not in self.text()

    def text(self) -> str:
        """Return what the page says."""
        return self.page.inner_text("main")

    def sees(self, text: str) -> None:
        """Fail unless the page shows a text."""
        shown = self.page.inner_text("body")
        assert text in shown, f"{text!r} is not on {self.page.url}: {shown}"

    def is_missing(self, path: str) -> bool:
        """Whether there is no such page for him, or he may not see it."""
        answer = self.page.goto(f"{self.address}{path}")
        return answer is not None and answer.status in (403, 404)

    def photograph(self, name: str) -> None:
        """Keep a picture of the page."""
        if self.pictures is not None:
            keep_picture(self.page, self.pictures / f"{name}.png")

    def sign_in(self) -> None:
        """Sign in with the password."""
        self.go("/sign-in")
        self.fill({"user": self.user, "password": PASSWORD})
        self.press("登录")


@dataclass
class Town:
    """Everybody on one platform, each in a browser context of his own."""

    browser: Browser
    address: str
    pictures: Path
    environment: dict[str, str] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)

    def newcomer(self) -> Somebody:
        """Return somebody with a fresh browser."""
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900},
            timezone_id="Asia/Shanghai",
            locale="zh-CN",
            accept_downloads=True,
        )
        context.set_default_timeout(60_000)
        self.contexts.append(context)
        return Somebody(context.new_page(), self.address, pictures=self.pictures)

    def join(self, link: str, name: str, user: str) -> Somebody:
        """Accept an invitation and sign in."""
        somebody = self.newcomer()
        somebody.user = user
        arrive(somebody.page, link)
        fields = {"name": name, "password": PASSWORD, "password_again": PASSWORD}
        if somebody.page.locator("main [name='user']").count():
            fields["user"] = user
        somebody.fill(fields)
        somebody.press("加入")
        if "/sign-in" in somebody.page.url:
            somebody.sign_in()
        return somebody

    def close(self) -> None:
        """Close all browsers."""
        for context in self.contexts:
            context.close()


def invite(inviter: Somebody, organisation: str, name: str, user: str, *roles: str) -> str:
    """Invite a person into an organisation; returns the link."""
    inviter.go(f"{organisation}/invite")
    inviter.fill({"name": name, "user": user})
    inviter.tick("roles", *roles)
    inviter.press("生成邀请链接")
    return inviter.page.locator("#link").inner_text().strip()


def register(officer: Somebody, kind: str, name: str, code: str, region: str) -> str:
    """Register an organisation; returns its address."""
    officer.go("/organisations/new")
    officer.fill({"kind": kind, "name": name, "credit_code": code, "region": region})
    officer.press("登记")
    found = re.search(r"/organisations/\d+", officer.page.url)
    assert found, officer.page.inner_text("main")
    return found.group()
