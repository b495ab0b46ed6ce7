"""A province with a list: two officers of its bureau, drugs of the catalogue, decisions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from procurement.accounts.tables import OrganisationKind
from procurement.catalogue.tables import GenericProduct
from procurement.database import transaction
from procurement.permissions import Actor, Role
from procurement.pharmacies.listed.kinds import Control, DecisionKind, DrugState
from procurement.pharmacies.listed.proposing import propose
from procurement.pharmacies.listed.settling import confirm
from procurement.pharmacies.listed.terms import DecisionDraft, Evidence, LineDraft, Terms
from tests.procurement.world import actor_of, new_organisation, new_person

MOMENT = datetime(2022, 6, 1, 1, tzinfo=UTC)
START = date(2021, 7, 1)
CHANGE = date(2022, 5, 1)
JIANGSU = "320000"
SEPARATE, DUAL, ORDINARY = DrugState.DUAL_SEPARATE, DrugState.DUAL, DrugState.ORDINARY

EVERYTHING = (
    Evidence("clinical-value", "专家评审意见"),
    Evidence("urgent-need", "临床科室意见"),
    Evidence("poorly-replaceable", "同类药品比较"),
    Evidence("innovative", "新药证书"),
    Evidence("long-use", "说明书"),
)


@dataclass(slots=True)
class ListWorld:
    """A province, its two officers, and as many drugs as asked for.

    Attributes:
        engine: Of the database.
        bureau_id: The province's bureau.
        officer: Who proposes.
        second: Who confirms.
        drugs: Ids of generic products.
    """

    engine: Engine
    bureau_id: int = 0
    officer: Actor = field(default_factory=Actor)
    second: Actor = field(default_factory=Actor)
    drugs: tuple[int, ...] = ()

    def settle_in(self, *, drugs: int = 12, region: str = JIANGSU) -> "ListWorld":
        """Make the province and its drugs."""
        with transaction(self.engine) as session:
            bureau = new_organisation(
                session, OrganisationKind.BUREAU, name=f"示例采购办 {region}", region=region
            )
            bureau.level = "provincial" if region.endswith("0000") else "city"
            people = [new_person(session, bureau, roles=(Role.OFFICER,)) for _ in range(2)]
            self.bureau_id = bureau.id
            self.officer, self.second = (actor_of(one) for one in people)
            rows = [
                GenericProduct(name=f"示例药{number:02d}", printed_form="口服常释剂型", unit="片")
                for number in range(1, drugs + 1)
            ]
            session.add_all(rows)
            session.flush()
            self.drugs = tuple(row.id for row in rows)
        return self

    def line(self, number: int, state: DrugState | None, **more) -> LineDraft:
        """A line about the drug of that number, from 1; without a state it leaves the list."""
        keep = {
            name: more.pop(name)
            for name in ("starts_on", "ends_on", "brand", "control", "evidence", "catalogue_number")
            if name in more
        }
        terms = None if state is None else Terms(state=state, **more)
        return LineDraft(
            generic_product_id=self.drugs[number - 1],
            terms=terms,
            **{"control": Control.NONE, "evidence": EVERYTHING, **keep},
        )

    def draft(self, *lines: LineDraft, day: date = CHANGE, **more) -> DecisionDraft:
        """A draft of this bureau."""
        given = {
            "kind": DecisionKind.ADJUSTMENT,
            "region": JIANGSU,
            "bureau_id": self.bureau_id,
            "document": "苏医保发〔2022〕25号",
            "decided_on": day,
            "in_force_from": day,
            "reason": "按程序调整名单",
            "notice_title": "关于调整双通道药品名单的公告",
            "notice_text": "现将调整结果公布如下。",
            "public_from": day,
            "lines": lines,
        }
        return DecisionDraft(**{**given, **more})

    def propose(self, *lines: LineDraft, **more) -> int:
        """Propose a decision and return its id."""
        with transaction(self.engine) as session:
            draft = self.draft(*lines, **more)
            return propose(session, draft=draft, actor=self.officer, moment=MOMENT).id

    def confirm(self, decision_id: int) -> None:
        """Let the second person confirm it."""
        with transaction(self.engine) as session:
            confirm(session, decision_id=decision_id, version=1, actor=self.second, moment=MOMENT)

    def decide(self, *lines: LineDraft, **more) -> int:
        """Propose and confirm, and return the decision's id."""
        decision_id = self.propose(*lines, **more)
        self.confirm(decision_id)
        return decision_id

    def list_of_2021(self) -> int:
        """Ten drugs of the list of 2021: seven of them paid for separately."""
        lines = [
            self.line(number, SEPARATE if number <= 7 else DUAL, self_pay_share=Decimal("0.1"))
            for number in range(1, 11)
        ]
        return self.decide(
            *lines, day=START, kind=DecisionKind.PUBLISHED_LIST, document="苏医保发〔2021〕40号"
        )
