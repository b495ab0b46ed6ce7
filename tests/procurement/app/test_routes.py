"""Every route asks for a permission, and no address leads to what belongs to somebody else."""

from procurement.permissions import PERMISSIONS, Role
from tests.procurement.app.cells.asking import is_refused
from tests.procurement.app.cells.routes import BELONGING, SAME_FOR_ALL

OPEN_TO_ALL = {
    "GET /health": "monitoring",
    "GET /ready": "monitoring: whether requests can be answered",
    "GET /clock": "the countdown of pages",
    "GET /metrics": "monitoring: counts of jobs, nothing of any round",
    "GET /openapi.json": "describes the interface",
    "GET /interface": "describes the interface",
    "GET /api/docs": "describes the interface",
    "GET /api/docs/openapi.json": "describes the interface",
    "GET /api/docs/{path}": "describes the interface",
    "GET /": "shows what waits for whoever asks, and nothing to a stranger",
    "GET /help": "explains the platform",
    "GET /help/{name}": "explains the platform",
    "GET /sign-in": "how people become known",
    "POST /sign-in": "how people become known",
    "POST /sign-in/directory/{directory_id}": "how people become known",
    "GET /sign-in/directory/return": "how people become known",
    "GET /invitations/{token}": "the link itself is the permission",
    "POST /invitations/{token}": "the link itself is the permission",
    "GET /rounds": "lists what whoever asks may read",
    "GET /api/v1/rounds": "lists what whoever asks may read",
    "GET /negotiations": "lists what whoever asks may read",
    "GET /api/v1/negotiations": "lists what whoever asks may read",
    "GET /savings": "lists what whoever asks may read",
    "GET /publications": "lists what whoever asks may read",
    "GET /api/v1/publications": "lists what whoever asks may read",
    "GET /api/v1/prices": "lists what whoever asks may read",
    "GET /verify": "examines files in the browser, and reads nothing here",
    "GET /credit/public": "the two highest grades are announced",
    "GET /api/v1/credit/public": "the two highest grades are announced",
    "POST /designations/notices/{notice_id}/objections": "in real name, without an account",
}
"""Routes that need no permission, and why."""

BODY_FIRST = {
    "POST /rounds/{name}/bid": "the cell of submit-bid sends an envelope",
    "POST /api/v1/rounds/{name}/bids": "the cell of submit-bid sends an envelope",
    "POST /rounds/{name}/answers/{number}": "as a bid: tests of sittings send an envelope",
    "POST /api/v1/rounds/{name}/answers/{number}": "as a bid: tests of sittings send an envelope",
    "POST /api/v1/designations/{designation_id}/assessments": "the cell of assess-designation",
}
"""Routes that look at what is sent before they look for the round, and what tests them instead."""


def test_every_route_asks_for_a_permission(scene):
    faults: list[tuple[object, ...]] = []
    for route in scene.routes:
        if str(route) in {**OPEN_TO_ALL, **BODY_FIRST}:
            continue
        answer = scene.answer(Role.PUBLIC, route.ask(scene.ours))
        is_for_all = any(Role.PUBLIC in PERMISSIONS[action] for action in scene.asked)
        if not (is_refused(answer, Role.PUBLIC) or (is_for_all and answer.status_code < 500)):
            faults.append((str(route), answer.status_code))
    assert not faults, "\n".join(map(str, faults))


def test_what_is_open_to_all_is_there(scene):
    assert set(OPEN_TO_ALL) <= {str(route) for route in scene.routes}


_OF_A_FINISHED_REPORT = "only a finished report has it; its permission is that of the report's page"
NOT_COMPARED = {
    "GET /designations/notices/{notice_id}": "published",
    "GET /api/v1/designation-notices/{notice_id}": "published",
    "POST /designations/notices/{notice_id}/objections": "anybody objects to what is published",
    "GET /monitoring/reports/{report_id}/job": _OF_A_FINISHED_REPORT,
    "GET /monitoring/reports/{report_id}/report.pdf": _OF_A_FINISHED_REPORT,
    "GET /monitoring/reports/{report_id}/tables/{part}": _OF_A_FINISHED_REPORT,
}
"""Things that belong to somebody and are not compared with another's, and why."""


def test_a_thing_of_another_organisation_is_not_there(scene):
    faults: list[tuple[object, ...]] = []
    compared = 0
    for route in scene.routes:
        if BELONGING.isdisjoint(route.parameters) or str(route) in NOT_COMPARED:
            continue
        role = scene.passing(route)
        if role is None:
            faults.append((str(route), "nobody passes with the own thing"))
            continue
        compared += 1
        foreign = scene.answer(role, route.ask(scene.ours, belonging=scene.theirs))
        if foreign.status_code != 404:
            faults.append((str(route), role.value, foreign.status_code))
    assert not faults, "\n".join(map(str, faults))
    assert compared > 40


def test_what_does_not_exist_is_not_there_for_anybody(scene):
    faults: list[tuple[object, ...]] = []
    for route in scene.routes:
        if str(route) in {**OPEN_TO_ALL, **BODY_FIRST} or set(route.parameters) <= set(
            SAME_FOR_ALL
        ):
            continue
        for role in (Role.OFFICER, Role.MANUFACTURER, Role.HOSPITAL):
            answer = scene.answer(role, route.ask(scene.nowhere))
            if answer.status_code not in (403, 404):
                faults.append((str(route), role.value, answer.status_code))
    assert not faults, "\n".join(map(str, faults))


def test_a_draft_of_another_bureau_is_not_there_for_anybody(scene):
    faults = []
    for route in scene.routes:
        if "/rounds/{name}" not in route.path or str(route) in BODY_FIRST:
            continue
        ask = route.ask(scene.theirs, put={"name": scene.theirs.rounds["draft"]})
        for role in (Role.OFFICER, Role.MANUFACTURER, Role.HOSPITAL, Role.KEYHOLDER, Role.NOTARY):
            answer = scene.answer(role, ask)
            if answer.status_code not in (403, 404):
                faults.append((str(route), role.value, answer.status_code))
    assert not faults, "\n".join(map(str, faults))
