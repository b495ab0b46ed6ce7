"""Agreements are drawn up by the job, distributors chosen, and everything signed on line."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

from sqlalchemy import func, select

from procurement.agreements.states import AgreementStatus, Party, TermStatus
from procurement.agreements.tables import (
    AgreedSupply,
    AgreedVolume,
    Agreement,
    AgreementSignature,
    AgreementSigning,
    AgreementTerm,
)
from procurement.agreements.terms import year_from
from procurement.database import snapshot
from procurement.notices.tables import Notice
from procurement.rounds.tables import RoundStatus
from tests.crash.checking import (
    WORK_SECONDS,
    check_answers_again,
    check_status,
    rows,
    wait_for_jobs,
)
from tests.crash.clients import Client
from tests.crash.officers import Officers
from tests.crash.site import Site
from tests.procurement.agreements.world import Somebody, chosen_round
from tests.procurement.awards.regions.world import STARTS_ON

LINES = 4
"""Hospitals at work at once."""

PAGE = 50


class SigningScene:
    """A round whose regions are chosen and whose winners have their distributor."""

    def __init__(self, site: Site, name: str) -> None:
        self._site, self._name = site, name
        self._world = chosen_round(site.engine, name=name)
        self._world.nominate_everywhere()
        self._officers = Officers(site, self._world)
        self._hospitals = {one.id: self._client(one) for one in self._world.every_hospital()}
        self._distributor = self._client(self._world.distributors[0])
        self._makers = {
            maker.id: Client(site.address, site.token(maker.person_id))
            for maker in self._world.makers
        }
        self._signed = 0

    def _client(self, somebody: Somebody) -> Client:
        return Client(self._site.address, self._site.token(somebody.person.id))

    @property
    def _path(self) -> str:
        return f"/api/v1/rounds/{self._name}/agreements"

    def works(self) -> list[Callable[[], None]]:
        """What the clients do: first the bureau, then the hospitals, then the others."""
        return [self._agree]

    def _agree(self) -> None:
        days = {"starts_on": STARTS_ON.isoformat(), "ends_on": year_from(STARTS_ON).isoformat()}
        begun = self._officers.first.post(f"{self._path}/terms", json=days)
        assert begun.status_code == 201, begun.text
        self._wait_for_agreements()
        with ThreadPoolExecutor(LINES) as pool:
            for _ in pool.map(self._choose_and_sign, self._hospitals.items()):
                pass
        winners = [one for one in self._makers.values() if self._seen(one)]
        with ThreadPoolExecutor(LINES) as pool:
            jobs = [pool.submit(self._sign, one, Party.MANUFACTURER) for one in winners]
            jobs.append(pool.submit(self._sign, self._distributor, Party.DISTRIBUTOR))
            for job in jobs:
                job.result()
        self._signed = len(self._hospitals) + len(winners) + 1
        running = self._officers.first.post(f"{self._path}/running", json={"reason": ""})
        assert running.status_code == 201, running.text

    def _wait_for_agreements(self) -> None:
        deadline = monotonic() + WORK_SECONDS
        looked_at = monotonic()
        while self._term()["status"] != TermStatus.DONE:
            assert self._term()["status"] != TermStatus.FAILED
            assert monotonic() < deadline, "agreements were not drawn up"
            if monotonic() - looked_at > 3:
                self._site.patiently(self._site.let_leases_run_out)
                looked_at = monotonic()
            sleep(0.05)

    def _term(self) -> dict[str, Any]:
        listed = self._officers.first.get(f"{self._path}/terms").json()["items"]
        # Whatever was sent again: there is one.
        assert len(listed) == 1
        term: dict[str, Any] = listed[0]
        return term

    def _seen(self, client: Client) -> list[dict[str, Any]]:
        page = client.get(f"{self._path}?page_size={PAGE}").json()
        assert page["next_cursor"] is None
        items: list[dict[str, Any]] = page["items"]
        return items

    def _choose_and_sign(self, hospital: tuple[int, Client]) -> None:
        own_id, client = hospital
        # The lead hospital of a group sees its members' as well.
        own = [one for one in self._seen(client) if one["hospital_id"] == own_id]
        for agreement in own:
            chosen = client.post(
                f"{self._path}/{agreement['id']}/distributor",
                json={"distributor_id": self._world.distributors[0].id},
            )
            assert chosen.status_code == 201, chosen.text
        self._sign(client, Party.HOSPITAL)

    def _sign(self, client: Client, party: Party) -> None:
        signed = client.post(f"{self._path}/signings", json={"party": party.value})
        assert signed.status_code == 201, signed.text

    def check(self) -> None:
        """Each agreement is there once with three signatures, and volumes add up to the unit."""
        engine, round_id = self._site.engine, self._world.round_id
        check_status(engine, self._name, RoundStatus.RUNNING)
        wait_for_jobs(self._site)
        makers = list(self._makers.values())
        hospitals = list(self._hospitals.values())
        clients = [*self._officers.clients, *hospitals, self._distributor, *makers]
        check_answers_again(clients)
        with snapshot(engine) as session:
            term = session.scalars(
                select(AgreementTerm).where(AgreementTerm.round_id == round_id)
            ).one()
            term_id, done, total = term.id, term.done, term.total
        assert done == total > 0
        self._check_volumes(term_id)
        self._check_signatures(term_id)
        for client in clients:
            client.close()

    def _check_volumes(self, term_id: int) -> None:
        with snapshot(self._site.engine) as session:
            supplies = session.execute(
                select(AgreedSupply.volume, func.sum(AgreedVolume.volume))
                .join(AgreedVolume, AgreedVolume.supply_id == AgreedSupply.id)
                .where(AgreedSupply.term_id == term_id)
                .group_by(AgreedSupply.id, AgreedSupply.volume)
            ).all()
            buying = session.execute(
                select(AgreedVolume.hospital_id, AgreedSupply.organisation_id)
                .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
                .where(AgreedSupply.term_id == term_id)
                .distinct()
            ).all()
            agreed = session.execute(
                select(Agreement.hospital_id, Agreement.organisation_id).where(
                    Agreement.term_id == term_id
                )
            ).all()
        assert supplies and all(volume == int(given) for volume, given in supplies)
        assert sorted(map(tuple, agreed)) == sorted(map(tuple, buying))

    def _check_signatures(self, term_id: int) -> None:
        engine = self._site.engine
        of_term = Agreement.term_id == term_id
        agreements = rows(engine, Agreement, of_term)
        signed = Agreement.status == AgreementStatus.SIGNED
        assert rows(engine, Agreement, of_term, signed) == agreements > 0
        given = AgreementSignature.agreement_id == Agreement.id
        assert rows(engine, AgreementSignature, given, of_term) == len(Party) * agreements
        acts = rows(engine, AgreementSigning, AgreementSigning.term_id == term_id)
        assert acts == self._signed
        with snapshot(engine) as session:
            parties = session.execute(
                select(Agreement.hospital_id, Agreement.organisation_id).where(of_term)
            ).all()
        told = {one for pair in parties for one in pair}
        assert rows(engine, Notice, Notice.key == f"agreements {term_id}") == len(told)
