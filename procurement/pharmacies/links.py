"""The parts of the dual channel, as the page of the list names them."""

from dataclasses import dataclass

from procurement.permissions import Action


@dataclass(frozen=True, slots=True)
class PartLink:
    """A page of another part.

    Attributes:
        zh: Its name in Chinese.
        en: Its name in English.
        path: Its address.
        action: Shown to whoever may ever do this; None shows it to everybody.
    """

    zh: str
    en: str
    path: str
    action: Action | None = None


LINKS: tuple[PartLink, ...] = (
    PartLink("名单变化", "What changed", "/dual-channel/changes"),
    PartLink("公告", "Notices", "/dual-channel/notices"),
    PartLink(
        "名单决定", "Decisions on the list", "/dual-channel/decisions", Action.DECIDE_DRUG_LIST
    ),
    PartLink(
        "导入已公布名单", "Import a published list", "/dual-channel/import", Action.IMPORT_DRUG_LIST
    ),
    PartLink("查药", "Find a drug", "/find"),
    PartLink("定点机构", "Designation", "/designations"),
    PartLink("便民药店", "Convenience pharmacies", "/convenience"),
    PartLink("县域覆盖", "Coverage of counties", "/coverage", Action.READ_COVERAGE),
    PartLink("待遇登记", "Registrations", "/registrations", Action.READ_REGISTRATION),
    PartLink("流转处方", "Prescriptions", "/prescriptions", Action.READ_PRESCRIPTION),
    PartLink("投诉", "Complain", "/complaints/new"),
)
"""In the order in which they are shown; each part adds its own lines."""
