"""Hospitals report what they need, and the bureau uploads the need of others."""

from collections.abc import Callable
from itertools import count
from time import monotonic, sleep
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.database import snapshot, transaction
from procurement.notices.tables import Notice
from procurement.permissions import Role
from procurement.rounds.tables import Round
from procurement.volumes.states import EventKind, ReportStatus
from procurement.volumes.tables import (
    VolumeEvent,
    VolumeLine,
    VolumePaper,
    VolumeReport,
    VolumeUpload,
)
from tests.crash.checking import check_answers_again, wait_for_jobs
from tests.crash.clients import Client
from tests.crash.site import Site
from tests.procurement.volumes.world import SCAN, new_reporting_round
from tests.procurement.world import credit_code, new_organisation, new_person

HOSPITALS, TURNS = 3, 3
UPLOADED = 60
"""Hospitals in the file of the bureau."""

LOTS = (
    ("L01", "阿那曲唑", "片", False, (("1mg", "1"),)),
    ("L02", "阿莫西林", "粒", False, (("250mg", "1"), ("500mg", "2"))),
)
STRENGTHS = (("L01", "1mg"), ("L02", "250mg"), ("L02", "500mg"))
BOUNDARY = "boundary"

# Far from those that other worlds of the same database count up.
_numbers = count(500_000)


class ReportingScene:
    """A round in volume reporting."""

    def __init__(self, site: Site, name: str) -> None:
        self._site, self._name = site, name
        self._path = f"/api/v1/rounds/{name}/volume-reports"
        with transaction(site.engine) as session:
            bureau = self._organisation(session, OrganisationKind.BUREAU)
            officer = self._person(session, bureau, Role.OFFICER)
            hospitals = [
                self._organisation(session, OrganisationKind.HOSPITAL) for _ in range(HOSPITALS)
            ]
            people = [self._person(session, one, Role.HOSPITAL) for one in hospitals]
            others = [
                self._organisation(session, OrganisationKind.HOSPITAL) for _ in range(UPLOADED)
            ]
            round_ = new_reporting_round(session, bureau, name=name, lots=LOTS, regions=("340000",))
            self._round_id, self._bureau_id = round_.id, bureau.id
            self._own = [one.id for one in hospitals]
            self._codes = [str(one.credit_code) for one in others]
            ids = [person.id for person in people]
            officer_id = officer.id
        self._clients = [Client(site.address, site.token(one)) for one in ids]
        self._officer = Client(site.address, site.token(officer_id))

    def _organisation(self, session, kind: OrganisationKind) -> Organisation:
        number = next(_numbers)
        code = credit_code(number)
        return new_organisation(session, kind, name=f"机构{number}", region="340000", code=code)

    def _person(self, session, organisation: Organisation, role: Role) -> Person:
        user = f"reporter{next(_numbers)}@example.org"
        return new_person(session, organisation, roles=(role,), user=user)

    def works(self) -> list[Callable[[], None]]:
        """What each client does."""
        reporting = [lambda client=client: self._report(client) for client in self._clients]
        return [*reporting, self._upload]

    def _report(self, client: Client) -> None:
        report = self._taken(client.post(self._path)).json()
        address = f"{self._path}/{report['id']}"
        self._taken(client.post(f"{address}/papers", **_multipart("commitment", SCAN)))
        for turn in range(1, TURNS + 1):
            version = self._fill(client, address, turn)
            sent = self._taken(client.post(f"{address}/submission", json={"version": version}))
            if turn < TURNS:
                body = {"version": sent.json()["version"]}
                self._taken(client.post(f"{address}/withdrawal", json=body))

    def _fill(self, client: Client, address: str, turn: int) -> int:
        """Write lines; where the answer was lost, the version tells whether it was done."""
        before: int = client.get(address).json()["version"]
        lines = [
            {"lot": lot, "strength": strength, "quantity": _need(turn, place)}
            for place, (lot, strength) in enumerate(STRENGTHS)
        ]
        deadline = monotonic() + 120
        while monotonic() < deadline:
            answer = client.put_once(f"{address}/lines", json={"version": before, "lines": lines})
            if answer is not None and answer.status_code == 200:
                version: int = answer.json()["version"]
                assert version == before + 1
                return version
            now = client.get(address).json()
            if answer is not None or now["version"] != before:
                # It was carried out, and nobody was told.
                assert client.lost and now["version"] == before + 1, answer
                assert [line["demand"] for line in now["lines"]] == [
                    line["quantity"] for line in lines
                ]
                return before + 1
            sleep(0.1)
        raise AssertionError(f"{address} could not be filled")

    def _upload(self) -> None:
        rows = [
            f"{code},{lot},{strength},{_need(1, place)}"
            for code in self._codes
            for place, (lot, strength) in enumerate(STRENGTHS)
        ]
        text = "\n".join(("统一社会信用代码,品种编号,规格,需求量", *rows))
        path = f"/api/v1/rounds/{self._name}/volume-uploads"
        self._taken(self._officer.post(path, **_multipart("yes", text.encode(), name="submits")))

    def _taken(self, answer):
        assert answer.status_code in (201, 202), answer.text
        return answer

    def check(self) -> None:
        """Every report was sent as often as it was acknowledged, with the last numbers."""
        wait_for_jobs(self._site)
        check_answers_again([*self._clients, self._officer])
        with snapshot(self._site.engine) as session:
            self._check_reports(session)
            self._check_upload(session)
        for client in (*self._clients, self._officer):
            client.close()

    def _check_reports(self, session) -> None:
        for hospital in self._own:
            mine = VolumeReport.hospital_id == hospital, VolumeReport.round_id == self._round_id
            report = session.scalars(select(VolumeReport).where(*mine)).one()
            assert (report.status, report.submissions) == (ReportStatus.SUBMITTED, TURNS)
            of_report = select(VolumeEvent).where(VolumeEvent.report_id == report.id)
            events = session.scalars(of_report.order_by(VolumeEvent.id)).all()
            sent = [event for event in events if event.kind == EventKind.SUBMITTED]
            assert [event.submission for event in sent] == list(range(1, TURNS + 1))
            assert sent[-1].digest == report.digest
            back = [event for event in events if event.kind == EventKind.WITHDRAWN]
            assert len(back) == TURNS - 1
            assert _count(session, VolumePaper, VolumePaper.report_id == report.id) == 1
            demands = session.scalars(
                select(VolumeLine.demand)
                .where(VolumeLine.report_id == report.id)
                .order_by(VolumeLine.lot_strength_id)
            ).all()
            assert demands == [_need(TURNS, place) for place in range(len(STRENGTHS))]

    def _check_upload(self, session) -> None:
        upload = session.scalars(
            select(VolumeUpload).where(VolumeUpload.round_id == self._round_id)
        ).one()
        rows = UPLOADED * len(STRENGTHS)
        assert (upload.status, upload.stored, upload.faults) == ("done", rows, 0)
        assert upload.submitted == UPLOADED
        lines = VolumeLine.upload_id == upload.id
        assert _count(session, VolumeLine, lines) == rows
        sent = VolumeEvent.upload_id == upload.id, VolumeEvent.kind == EventKind.SUBMITTED
        assert _count(session, VolumeEvent, *sent) == UPLOADED
        assert _count(session, Notice, Notice.key == f"volume-upload-{upload.id}") == 1
        of_round = VolumeReport.round_id == self._round_id
        assert _count(session, VolumeReport, of_round) == HOSPITALS + UPLOADED
        assert session.get_one(Round, self._round_id).status == "volume-reporting"


def _need(turn: int, place: int) -> int:
    return 1000 * turn + place


def _count(session: Session, table: type, *where: Any) -> int | None:
    return session.scalar(select(func.count()).select_from(table).where(*where))


def _multipart(value: str, content: bytes, *, name: str = "kind") -> dict[str, Any]:
    """A form with a file, always the same bytes: what is sent again must be what was sent."""
    disposition = "content-disposition: form-data;"
    head = (
        f"--{BOUNDARY}",
        f'{disposition} name="{name}"\r\n\r\n{value}',
        f"--{BOUNDARY}",
        f'{disposition} name="file"; filename="a.csv"',
        "content-type: application/octet-stream\r\n\r\n",
    )
    parts = ("\r\n".join(head).encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode())
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return {"content": b"".join(parts), "headers": {"content-type": kind}}
