"""Volume reporting in the demo: past purchases, reports, a return, review, base volumes."""

import csv
import io
from collections.abc import Iterator, Mapping

from procurement.china_days import day_in_china
from procurement.cli.demo_platform.cast import (
    BUREAU,
    GROUP_LEAD,
    GROUP_MEMBERS,
    HOSPITAL,
    OTHER_HOSPITAL,
    PROVINCE,
    Institution,
)
from procurement.cli.demo_platform.catalogue import split_product
from procurement.cli.demo_platform.drafting import REGIONS
from procurement.cli.demo_platform.papers import print_demo_paper
from procurement.cli.demo_platform.regions import region_name
from procurement.cli.demo_platform.scene import Scene
from procurement.cli.demo_platform.steps import Steps
from procurement.rounds.tables import Round
from procurement.volumes.aggregate import aggregate
from procurement.volumes.bulk.service import work_on_upload
from procurement.volumes.bulk.uploads import SentFile, receive_upload
from procurement.volumes.filling.fill import Entry, Explanation, Seen, save_entries
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.papers import keep_paper
from procurement.volumes.reporting.review import Correction, accept_report, return_report
from procurement.volumes.reporting.service import lines_of, start_report
from procurement.volumes.reporting.splits import propose_parts, save_parts
from procurement.volumes.reporting.submit import submit_report
from procurement.volumes.rules import past_years
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import PaperKind, VolumeReport

HISTORY_YEARS = 2

PARTS: Mapping[str, Mapping[str, int]] = {
    "340000": {
        HOSPITAL.name: 60,
        GROUP_LEAD.name: 25,
        GROUP_MEMBERS[0].name: 10,
        GROUP_MEMBERS[1].name: 5,
    },
    "310000": {OTHER_HOSPITAL.name: 100},
}
"""Percent of a region's published base volume that its hospitals of the demo used to buy."""

LESS_LOT, LESS_PERCENT = "L08", 70
"""Of this product one hospital reports less than it used, and explains why."""


def import_history(scene: Scene) -> None:
    """Upload what the hospitals bought in the two past years, as the lead bureau does."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("统一社会信用代码", "年份", "通用名", "剂型", "规格", "采购数量"))
    writer.writerows(_purchases(scene))
    upload = receive_upload(
        scene.session,
        round_=None,
        file=SentFile(
            UploadKind.HISTORY, "purchases.csv", source=io.BytesIO(text.getvalue().encode())
        ),
        actor=scene.actor(BUREAU),
        moment=scene.moment,
    )
    work_on_upload(Steps(scene), upload_id=upload.id)


def _purchases(scene: Scene) -> Iterator[tuple[str | int | None, ...]]:
    lots = {lot.lot: lot for lot in scene.example.lots}
    years = past_years(day_in_china(scene.moment), HISTORY_YEARS)
    regions = {region_name(region): region for region in REGIONS}
    for volume in scene.example.volumes:
        lot = lots[volume.lot]
        if volume.region not in regions or volume.strength not in lot.strengths:
            continue
        name, form, _unit = split_product(lot.product)
        for hospital, percent in PARTS[regions[volume.region]].items():
            code = scene.organisations[hospital].credit_code
            quantity = volume.base_volume * percent // 100
            for year in years:
                yield (code, year, name, form, volume.strength, quantity)


def report_volumes(scene: Scene, round_: Round) -> None:
    """Let all hospitals report, return one report, accept all.

    Args:
        scene: The set-up.
        round_: A round that takes reports.
    """
    own = begin(scene, round_, HOSPITAL)
    _need_less(scene, own)
    send(scene, round_, own, HOSPITAL)
    led = begin(scene, round_, GROUP_LEAD)
    send(scene, round_, led, GROUP_LEAD)
    return_report(
        scene.session,
        round_=round_,
        report=led,
        version=led.version,
        correction=Correction("请将牵头报量分解到各成员单位后重新提交。"),
        actor=scene.actor(PROVINCE),
        moment=scene.moment,
    )
    split(scene, round_, led)
    send(scene, round_, led, GROUP_LEAD)
    other = begin(scene, round_, OTHER_HOSPITAL)
    send(scene, round_, other, OTHER_HOSPITAL)
    for report, bureau in ((own, PROVINCE), (led, PROVINCE), (other, BUREAU)):
        accept_report(
            scene.session,
            round_=round_,
            report=report,
            version=report.version,
            actor=scene.actor(bureau),
            moment=scene.moment,
        )


def aggregate_volumes(scene: Scene, round_: Round) -> None:
    """Add the accepted reports up to base volumes."""
    aggregate(scene.session, round_=round_, actor=scene.actor(BUREAU), moment=scene.moment)


def begin(scene: Scene, round_: Round, hospital: Institution) -> VolumeReport:
    """Begin a hospital's report; it is prefilled from its past purchases."""
    return start_report(
        scene.session,
        round_=round_,
        hospital=scene.organisation(hospital),
        actor=scene.actor(hospital),
        moment=scene.moment,
    )


def _need_less(scene: Scene, report: VolumeReport) -> None:
    """Report less of one product than was used, with the reason that the rule asks for."""
    lots = {lot.code: lot for lot in asked_lots(scene.session, round_id=report.round_id)}
    lot = lots[LESS_LOT]
    strengths = {strength.id for strength in lot.strengths}
    entries = [
        Entry(
            lot_strength_id=line.lot_strength_id,
            brand_id=line.brand_id,
            quantity=line.quantity * LESS_PERCENT // 100,
        )
        for line in lines_of(scene.session, report_id=report.id)
        if line.lot_strength_id in strengths
    ]
    explanation = Explanation(
        lot_id=lot.id, reason_code="rational-use", reason_text="合理用药管理后，预计用量减少三成。"
    )
    save_entries(
        scene.session,
        report=report,
        entries=entries,
        explanations=(explanation,),
        seen=Seen(report.version),
        moment=scene.moment,
    )


def send(scene: Scene, round_: Round, report: VolumeReport, hospital: Institution) -> None:
    """Upload the commitment letter and send the report to the bureau."""
    keep_paper(
        scene.session,
        report=report,
        kind=PaperKind.COMMITMENT,
        filename="承诺书.pdf",
        content=print_demo_paper("Commitment letter", scene.moment),
        actor=scene.actor(hospital),
        moment=scene.moment,
    )
    submit_report(
        scene.session,
        round_=round_,
        report=report,
        version=report.version,
        actor=scene.actor(hospital),
        moment=scene.moment,
    )


def split(scene: Scene, round_: Round, report: VolumeReport) -> None:
    """Split a lead hospital's report among the hospitals of its group, by their past use."""
    save_parts(
        scene.session,
        round_=round_,
        report=report,
        parts=propose_parts(scene.session, round_=round_, report=report, moment=scene.moment),
        version=report.version,
        actor=scene.actor(GROUP_LEAD),
        moment=scene.moment,
    )
