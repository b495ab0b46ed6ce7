"""Help: one page for each role, in the order of the work, in both languages."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.permissions import NotFoundForActorError, Role
from procurement.settings import resource_folder
from procurement.web import Visit, reads, render


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of help.

    Attributes:
        name: Its address below ``/help``, and its files below ``templates/help/zh`` and ``en``.
        zh: For whom or about what, in Chinese.
        en: The same in English.
        about_zh: What it tells, in one sentence.
        about_en: The same in English.
        roles: Whose page it is.
    """

    name: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    roles: frozenset[Role] = frozenset()


TOPICS = (
    Topic(
        "officer",
        "采购办经办人",
        "Bureau officers",
        "起草批次、发布文件、审核报量、组织开标、公示、确定中选结果、选区、签订协议、接续。",
        "From the draft of a round to its opening, award, agreements, and the round after it.",
        frozenset({Role.OFFICER}),
    ),
    Topic(
        "evaluator",
        "采购办评审人",
        "Bureau evaluators",
        "审核申报资格材料，发出补正通知；核对评审结果和筛查提示。",
        "Check papers of eligibility, results and screens.",
        frozenset({Role.EVALUATOR}),
    ),
    Topic(
        "supervisor",
        "采购办监督人",
        "Bureau supervisors",
        "查看全过程记录，看得到一切未密封的内容，但不能改动。",
        "Read the record of the whole process: everything that is not sealed, and change nothing.",
        frozenset({Role.SUPERVISOR}),
    ),
    Topic(
        "hospital",
        "医疗机构",
        "Hospitals",
        "填报需求量，牵头机构代成员单位报量；选定配送企业，签署协议。",
        "Report what is needed, for members of a group too; choose distributors and sign.",
        frozenset({Role.HOSPITAL}),
    ),
    Topic(
        "manufacturer",
        "企业",
        "Manufacturers",
        "提交资格材料，密封报价，保存回执；告知书、质疑、选区和协议。",
        "Send papers, seal a bid, keep the receipt; letters, objections, regions, agreements.",
        frozenset({Role.MANUFACTURER}),
    ),
    Topic(
        "keyholder",
        "密钥持有人",
        "Keyholders",
        "生成密钥，参加演练，在开标时交出密钥份额。",
        "Make a key, take part in the rehearsal, give your shares at the opening.",
        frozenset({Role.KEYHOLDER}),
    ),
    Topic(
        "observer",
        "公证员和纪检监察员",
        "Notaries and inspectors",
        "见证一个批次：能看什么，能核对什么。",
        "Witness a round: what you can see and what you can check.",
        frozenset({Role.NOTARY, Role.INSPECTOR}),
    ),
    Topic(
        "administrator",
        "机构管理员",
        "Administrators of organisations",
        "维护机构资料，邀请人员，绑定数字证书，生成接口令牌。",
        "Keep the organisation's facts, invite people, bind certificates, make tokens.",
        frozenset({Role.ADMINISTRATOR}),
    ),
    Topic(
        "distributor",
        "配送企业",
        "Distributors",
        "答复提名，签署购销协议。",
        "Answer nominations and sign agreements.",
        frozenset({Role.DISTRIBUTOR}),
    ),
    Topic(
        "doctor",
        "责任医师",
        "Responsible doctors",
        "为患者登记双通道药品待遇，按期做使用评估，变更药店。",
        "Register patients for drugs of the dual channel, review the use, change the pharmacy.",
        frozenset({Role.DOCTOR}),
    ),
    Topic(
        "others",
        "零售药店、医保经办机构",
        "Pharmacies, fund agencies",
        "现在可以做什么。",
        "What you can do today.",
        frozenset({Role.PHARMACY, Role.FUND_AGENCY}),
    ),
    Topic(
        "verify",
        "核验记录",
        "Verify a record",
        "怎样核对回执、记录和开标结果，不依赖本平台。",
        "How to check a receipt, the log and an opening without trusting this platform.",
    ),
)
"""All pages of help, in the order of the index."""

PICTURES = "images/help"
"""Folder of the pictures below ``static/``; the browser tests make them."""


@get("/help", include_in_schema=False)
@reads
def show_help(visit: Visit) -> Response[Any]:
    """List the pages of help, those of the visitor's own roles first."""
    own = [topic for topic in TOPICS if topic.roles & visit.actor.roles]
    others = [topic for topic in TOPICS if topic not in own]
    return render(visit, "help/index.html", own=own, others=others)


@get("/help/{name:str}", include_in_schema=False)
@reads
def show_topic(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show one page of help."""
    topic = next((topic for topic in TOPICS if topic.name == name), None)
    if topic is None:
        raise NotFoundForActorError
    folder = resource_folder("static") / PICTURES / visit.language
    # A picture stands on the page once the browser tests have made it.
    made = {file.stem for file in folder.glob("*.webp")} if folder.is_dir() else set()
    return render(visit, "help/topic.html", topic=topic, made=made, scripts=sealing_scripts())


@cache
def sealing_scripts() -> tuple[tuple[str, str], ...]:
    """Return path and SHA-256 of every script that touches a price before it is sealed.

    Who doubts a server compares them with the released package. A process serves the files that it
    found when it started, so they are read once.
    """
    folder = resource_folder("static")
    found = sorted(
        file
        for part in ("js/sealing", "vendor")
        for file in (folder / part).rglob("*")
        if file.suffix in {".js", ".mjs"}
    )
    return tuple(
        (file.relative_to(folder).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest())
        for file in found
    )


ROUTES = (show_help, show_topic)
