"""Volumes of the round that is decided: one file with the need of its regions, as bureaus send."""

import csv
import io
from collections.abc import Iterator

from sqlalchemy import select

from procurement.cli.demo_platform.cast import (
    BUREAU,
    GROUP_LEAD,
    HOSPITAL,
    OTHER_HOSPITAL,
    hospital_in,
)
from procurement.cli.demo_platform.regions import region_codes
from procurement.cli.demo_platform.reporting import PARTS
from procurement.cli.demo_platform.scene import Scene
from procurement.cli.demo_platform.steps import Steps
from procurement.errors import RefusedError
from procurement.rounds.tables import Round
from procurement.volumes.bulk.service import work_on_upload
from procurement.volumes.bulk.uploads import SentFile, receive_upload
from procurement.volumes.reporting.review import accept_reports
from procurement.volumes.states import UploadKind
from procurement.volumes.tables import VolumeReport

HEADINGS = ("统一社会信用代码", "品种编号", "规格", "需求量")


class FaultyFileError(RefusedError):
    """Rows of the file were not taken."""

    def __init__(self, faults: int) -> None:
        """Count them."""
        super().__init__(
            zh=f"演示报量文件有 {faults} 行未被接受。",
            en=f"{faults} rows of the demo's file of volumes were not taken.",
        )


def report_by_file(scene: Scene, round_: Round) -> None:
    """Upload the example's base volumes of a round's regions, unit for unit; accept all reports.

    Args:
        scene: The set-up.
        round_: A round that takes reports of all regions of the example.

    Raises:
        FaultyFileError: The platform did not take a row.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(_rows(scene))
    officer = scene.actor(BUREAU)
    upload = receive_upload(
        scene.session,
        round_=round_,
        file=SentFile(
            UploadKind.BULK,
            "volumes.csv",
            source=io.BytesIO(text.getvalue().encode()),
            submits=True,
        ),
        actor=officer,
        moment=scene.moment,
    )
    work_on_upload(Steps(scene), upload_id=upload.id)
    scene.session.refresh(upload)
    if upload.faults or upload.refusal_en:
        raise FaultyFileError(upload.faults)
    reports = select(VolumeReport.id).where(VolumeReport.round_id == round_.id)
    accept_reports(
        scene.session,
        round_=round_,
        report_ids=scene.session.scalars(reports).all(),
        actor=officer,
        moment=scene.moment,
    )


def _rows(scene: Scene) -> Iterator[tuple[str | int | None, ...]]:
    codes = region_codes(scene.example)
    for volume in scene.example.volumes:
        for hospital, units in _parts(codes[volume.region], volume.region, volume.base_volume):
            code = scene.organisations[hospital].credit_code
            yield (code, volume.lot, volume.strength, units)


def _parts(region: str, name: str, units: int) -> Iterator[tuple[str, int]]:
    """Divide the need of a region among its hospitals; the group's lead takes what is left."""
    if region == OTHER_HOSPITAL.region[:2] + "0000":
        yield OTHER_HOSPITAL.name, units
    elif region == HOSPITAL.region[:2] + "0000":
        own = units * PARTS[region][HOSPITAL.name] // 100
        yield HOSPITAL.name, own
        yield GROUP_LEAD.name, units - own
    else:
        yield hospital_in(region, name).name, units
