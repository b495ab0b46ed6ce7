"""Requests that were made up, sent by somebody of every role."""

from dataclasses import dataclass, field

import httpx

from procurement.permissions import Role
from tests.procurement.app.cells.asking import Ask
from tests.procurement.app.cells.cases import MadeUp, Operation
from tests.procurement.app.cells.routes import Route
from tests.procurement.app.cells.scene import Scene
from tests.procurement.app.cells.sides import Side

REFUSED = (401, 403)
ON_POSTGRESQL = 1
"""How many further requests are sent there, where one costs more; all of them on SQLite."""


def faults_of(scene: Scene, operation: Operation) -> list[str]:
    """Say what is wrong with the answers of an operation.

    The plainest request goes out as every role. The others, and one about the other side's things,
    go out as the roles that were heard, and as one of those that were refused: who has no cell in
    the table of permissions is refused whatever is sent.
    """
    route = next(route for route in scene.routes if str(route) == str(operation))
    sending = Sending(scene, route)
    is_on_sqlite = scene.platform.engine.dialect.name == "sqlite"
    plain, *others = operation.made_up()
    heard = [role for role in Role if sending.is_heard(role, plain, scene.ours)]
    refused = [role for role in Role if role not in heard]
    reads = route.method == "GET" and is_on_sqlite
    for role in Role if reads else heard:
        sending.send(role, plain, scene.theirs)
    for number, made_up in enumerate(others[: None if is_on_sqlite else ON_POSTGRESQL]):
        for role in (*heard, *refused[number : number + 1]):
            sending.send(role, made_up, scene.ours)
    return sending.faults


def faults_of_pages(scene: Scene, role: Role) -> list[str]:
    """Say what is wrong with the pages and files of both sides that a role asks for."""
    faults: list[str] = []
    for route in scene.routes:
        if route.method != "GET" or route.path.startswith("/api/"):
            continue
        sending = Sending(scene, route)
        for side in (scene.ours, scene.theirs):
            sending.ask(role, route.ask(side))
        faults += sending.faults
    return faults


@dataclass
class Sending:
    """The requests to one route.

    Attributes:
        scene: Who sends.
        route: Where to.
        faults: What was wrong with the answers.
    """

    scene: Scene
    route: Route
    faults: list[str] = field(default_factory=list)

    def is_heard(self, role: Role, made_up: MadeUp, side: Side) -> bool:
        """Send a request, and tell whether somebody of a role may send such."""
        return self.send(role, made_up, side).status_code not in REFUSED

    def send(self, role: Role, made_up: MadeUp, side: Side) -> httpx.Response:
        """Send a request that was made up."""
        answer = self.ask(role, made_up.about(side, self.route))
        if answer.status_code >= 400 and not _is_problem(answer):
            self.faults.append(f"{answer.url} is no problem document: {answer.text}")
        return answer

    def ask(self, role: Role, ask: Ask) -> httpx.Response:
        """Ask as a role, and look at the answer: it must not fail, nor tell what is others'."""
        answer = self.scene.answer(role, ask)
        about = f"{role.value} {answer.status_code} {ask.method} {answer.url}"
        if answer.status_code >= 500:
            self.faults.append(f"{about} failed: {ask.options} {answer.text}")
        for mark in self.scene.marks.leaked(answer, self.scene.actor(role), ask):
            self.faults.append(f"{about} tells {mark.table}.{mark.column} of {mark.key}")
        return answer


def _is_problem(answer: httpx.Response) -> bool:
    is_one = answer.headers["content-type"].startswith("application/problem+json")
    return is_one and answer.json()["status"] == answer.status_code
