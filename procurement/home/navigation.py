"""The pages that each role uses, in the order of the process."""

from procurement.permissions import Action
from procurement.web import Visit

_PLACES = (
    ("首页", "Home", "/", None),
    ("采购批次", "Rounds", "/rounds", None),
    ("目录谈判", "Negotiations", "/negotiations", None),
    ("公告", "Publications", "/publications", None),
    ("报量日历", "Reporting", "/volumes", Action.READ_CALENDAR),
    ("订单", "Orders", "/orders", Action.READ_ORDER),
    ("履约", "Fulfilment", "/fulfilment", Action.READ_FULFILMENT),
    ("货款结算", "Payments", "/payments", Action.READ_LEDGER),
    ("结余留用", "Savings", "/savings", None),
    ("查药", "Find a drug", "/find", None),
    ("监测", "Monitoring", "/monitoring", None),
    ("双通道", "Dual channel", "/dual-channel", None),
    ("登记", "Registrations", "/registrations", Action.READ_REGISTRATION),
    ("药品目录", "Catalogue", "/catalogue", Action.READ_CATALOGUE),
    ("机构", "Organisations", "/organisations", Action.READ_ORGANISATIONS),
    ("信用评价", "Credit", "/credit", Action.READ_CREDIT),
    ("记录", "Record", "/audit", Action.READ_AUDIT),
    ("帮助", "Help", "/help", None),
)


def navigation(visit: Visit) -> tuple[tuple[str, str], ...]:
    """List label and address of each page that the visitor's roles use."""
    return tuple(
        (visit.text(zh, en), address)
        for zh, en, address, action in _PLACES
        if action is None or visit.may_ever(action)
    )
