"""What people do in a negotiation: the campaign, the dossier, the groups, the chair, the table."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pricing.payment_standard import in_force_for
from tests.journeys.bureau import day_from_now, fill_moment, found_bureau, organisations, path_of
from tests.journeys.keyholders import make_key
from tests.journeys.people import Somebody, Town, invite

NATION = "000000"
CAMPAIGN = "/negotiations/nrdl-2026"
APPOINTED = {
    "reviewer": ("reviewer",),
    "economics": ("economist-a", "economist-b"),
    "fund": ("actuary-a", "actuary-b"),
    "chair": ("chair",),
    "negotiator": ("negotiator",),
}
NAMES = {
    "reviewer": "评审专家",
    "economist-a": "测算专家甲",
    "economist-b": "测算专家乙",
    "actuary-a": "基金专家甲",
    "actuary-b": "基金专家乙",
    "chair": "测算组长",
    "negotiator": "谈判专家",
}
DRUG, PRICED_UNIT = "某药", "盒（30片）"
TYPED = {
    "approval_number": "国药准字H20240001",
    "dosage_form": "片剂",
    "strength": "10mg",
    "priced_unit": PRICED_UNIT,
    "pack_units": "30",
    "indication": "某病",
    "safety": "与参照药相当",
    "effectiveness": "优于参照药",
    "innovation": "新靶点",
    "fairness": "弥补目录空白",
    "economics": "见测算资料",
    "reference_drug": "药品B",
    "reference_reason": "同适应症一线用药",
    "expected_price": "280.50",
}


@dataclass
class Team:
    """Everybody in the negotiation, and where the dossier is.

    Attributes:
        officer: Of the national bureau.
        experts: By the part that each plays.
        holders: Three keyholders.
        keys: Their key files.
        maker: Who applies.
        dossier: The dossier's address.
    """

    officer: Somebody
    experts: dict[str, Somebody]
    holders: list[Somebody]
    keys: list[Path]
    maker: Somebody
    dossier: str = ""

    def at(self, path: str) -> str:
        """Return the address of a page of the dossier."""
        return f"{self.dossier}/{path}"


def gather(town: Town, folder: Path) -> Team:
    """From an empty database to a campaign that takes dossiers."""
    officer, _second, _evaluator = found_bureau(town, NATION)
    experts = {}
    for part, name in NAMES.items():
        link = invite(officer, officer.organisation, name, f"{part}@bureau.test", "evaluator")
        experts[part] = town.join(link, name, f"{part}@bureau.test")
    names = dict.fromkeys(("公证处", "纪检组", "审计处"), NATION)
    holders = organisations(town, officer, "keyholder", names, start=200)
    firms = organisations(town, officer, "manufacturer", {"甲制药": "310000"}, start=300)
    _list_product(officer)
    _draft(officer)
    _appoint(officer)
    _name_holders(officer, holders)
    keys = [make_key(holder, f"{CAMPAIGN}/keys", folder) for holder in holders.values()]
    officer.go(CAMPAIGN)
    officer.photograph("campaign-draft")
    officer.press("开始目录谈判")
    return Team(officer, experts, list(holders.values()), keys, firms["甲制药"])


def _list_product(officer: Somebody) -> None:
    officer.go("/catalogue/generic-products/new")
    officer.fill({"name": DRUG, "printed_form": "口服常释剂型", "unit": "片"})
    officer.press("保存")


def _draft(officer: Somebody) -> None:
    officer.go("/negotiations")
    officer.photograph("campaigns-empty")
    officer.go("/negotiations/new")
    officer.fill({"name": "nrdl-2026", "title": "2026年国家医保药品目录谈判", "year": "2026"})
    officer.fill({"rulebook": "negotiation-nrdl-2023", "renewal_rulebook": "nrdl-renewal-2024"})
    fill_moment(officer, "files_from", -60)
    fill_moment(officer, "files_until", 7200)
    first = day_from_now(60)
    last = in_force_for(date.fromisoformat(first), 2).until
    officer.fill_days(starts_on=first, ends_on=last.isoformat())
    officer.fill({"quorum": "2"})
    officer.press("保存")


def _appoint(officer: Somebody) -> None:
    for part, people in APPOINTED.items():
        for one in people:
            officer.go(f"{CAMPAIGN}/members")
            officer.page.locator("main [name=person_id]").select_option(label=NAMES[one])
            officer.fill({"part": part})
            officer.press("指定")
    officer.go(f"{CAMPAIGN}/members")
    officer.photograph("members")


def _name_holders(officer: Somebody, holders: dict[str, Somebody]) -> None:
    officer.go(f"{CAMPAIGN}/keys")
    officer.tick("holders", *(one.organisation.rsplit("/", 1)[1] for one in holders.values()))
    officer.press("指定")


def apply(team: Team, model: Path, broken: Path) -> None:
    """The maker fills the template, mends a faulty model, and submits."""
    maker = team.maker
    maker.go(CAMPAIGN)
    maker.fill({"product": DRUG, "track": "regular"})
    maker.press("开始填写")
    team.dossier = path_of(maker).removesuffix("/edit")
    maker.fill(TYPED)
    maker.fill_days(approved_on="2024-05-20")
    maker.press("保存草稿")
    for file in (broken, model):
        maker.go(team.at("edit"))
        maker.page.set_input_files("main [name=model]", file)
        maker.press("上传")
        maker.photograph(f"model-{file.stem}")
        if file is broken:
            maker.sees("model.toml")
    maker.go(team.at("edit"))
    maker.press("提交申报材料")
    maker.photograph("dossier-submitted")


def review(team: Team) -> None:
    """Formal review, declarations of interest, one expert's scores, admission."""
    officer = team.officer
    officer.go(team.at("review"))
    officer.tick("verdict", "pass")
    officer.fill({"generic_product_id": "1"})
    officer.press("作出结论")
    for expert in team.experts.values():
        expert.go(team.at("interest"))
        expert.tick("has_conflict", "no")
        expert.press("声明")
    reviewer = team.experts["reviewer"]
    reviewer.go(team.at("opinion"))
    for dimension in ("safety", "effectiveness", "economy", "innovation", "fairness"):
        reviewer.fill({dimension: "80"})
    reviewer.fill({"comment": "同意列入谈判。"})
    reviewer.press("提交意见")
    reviewer.photograph("opinion")
    officer.go(team.at("review"))
    officer.tick("admits", "yes")
    officer.page.locator("main [name=reason]").last.fill("专家评分达到要求。")
    officer.page.get_by_role("button", name="作出结论").last.click()
    officer.page.wait_for_load_state()
    officer.photograph("review")


def compute(team: Team, group: str) -> None:
    """A group computes on its own copy; both members sign."""
    first, second = (team.experts[one] for one in APPOINTED[group])
    page = team.at(f"groups/{group}")
    first.go(page)
    first.press("复制测算资料")
    first.go(page)
    first.fill({"draws": "500", "seed": "7"})
    first.press("测算")
    for one in (first, second):
        one.go(page)
        one.press("签字")
    second.go(page)
    second.photograph(f"group-{group}")
    second.sees("已签字")


def seal_maximum(team: Team, starts_in: int) -> None:
    """The chair reconciles, the officer sets the session, the chair seals."""
    chair, officer = team.experts["chair"], team.officer
    chair.go(team.at("chair"))
    chair.tick("policy", "strict-min")
    chair.fill({"reason": "两组结果接近，取低。"})
    chair.press("记录合议")
    officer.go(team.at("session"))
    fill_moment(officer, "starts_at", starts_in)
    officer.fill({"place": "一号谈判室"})
    officer.press("确定")
    chair.go(team.at("chair"))
    chair.photograph("chair")
    chair.press("封存")
    chair.go(team.at("chair"))
    chair.sees("谈判底价已封存")


def quote(maker: Somebody, team: Team, price: str) -> None:
    """The maker names a price in the next of its two quotes."""
    maker.go(team.at("quotes"))
    maker.fill({"price": price})
    maker.page.locator("main form button.button-primary").first.click()
    maker.page.wait_for_load_state()


def sign(somebody: Somebody, team: Team, page: str, name: str) -> None:
    """Sign the deal in one's own name."""
    somebody.go(team.at(page))
    somebody.fill({"signed_by": name})
    somebody.press("签署协议")
    somebody.photograph(f"signed-{page}")
