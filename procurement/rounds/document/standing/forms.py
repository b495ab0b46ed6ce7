"""The annex: forms that bidders, winners and hospitals fill in."""

from procurement.rounds.document.clause import Said
from procurement.rounds.document.standing.ground import Ground, Standing
from rulebooks import Bilingual

_BLANK = "＿＿＿＿＿＿＿＿"
_BLANK_EN = "________________"

_SIGNED = (
    (f"企业名称（盖章）：{_BLANK}", f"Firm (seal): {_BLANK_EN}"),
    (f"统一社会信用代码：{_BLANK}", f"Unified social credit code: {_BLANK_EN}"),
    (f"法定代表人或授权代表（签字）：{_BLANK}", f"Legal or authorised representative: {_BLANK_EN}"),
    ("日期：　　　　年　　月　　日", f"Date: {_BLANK_EN}"),
)


def _form(zh: str, en: str, *lines: tuple[str, str]) -> Said:
    return Said(Bilingual(zh, en), lines=tuple(Bilingual(*line) for line in lines))


def _addressee(ground: Ground) -> tuple[str, str]:
    return f"致：{ground.issuer.zh}", f"To: {ground.issuer.en}"


def _application(ground: Ground) -> Said:
    title = ground.plan.title
    return _form(
        *_addressee(ground),
        (
            f"我方已阅知并理解“{title}”采购文件及其全部补充文件，愿意按其规定申报下列品种，并对所"
            "提交"
            "材料的真实性、合法性和有效性负责。",
            f"We have read and understood the procurement document of “{title}” and all its "
            "amendments, declare for the lots below as it says, and answer for the truth and "
            "validity of our papers.",
        ),
        (f"申报品种编号及名称：{_BLANK}{_BLANK}", f"Lots: {_BLANK_EN}{_BLANK_EN}"),
        (
            f"产品批准文号（注册证号）：{_BLANK}{_BLANK}",
            f"Approval or registration numbers: {_BLANK_EN}{_BLANK_EN}",
        ),
        (
            "我方知悉：申报价格另行密封提交，本函不载明任何价格。",
            "Prices are sealed and sent apart; this letter names none.",
        ),
        *_SIGNED,
    )


def _authorisation(ground: Ground) -> Said:
    title = ground.plan.title
    return _form(
        *_addressee(ground),
        (
            f"本人＿＿＿＿（法定代表人）授权＿＿＿＿（身份证件号码：{_BLANK}）为我方代表，办理“"
            f"{title}”的"
            "申报、二次答复、选择供应地区和签约事宜，其签署的文件我方均予认可。",
            f"I, ____ (legal representative), authorise ____ (identity document {_BLANK_EN}) to "
            f"represent us in “{title}”: declarations, second answers, choice of regions and "
            "agreements. We stand by what our representative signs.",
        ),
        (
            f"授权期限：自{_BLANK}至{_BLANK}。代表无转委托权。",
            f"From {_BLANK_EN} to {_BLANK_EN}, without the right to delegate.",
        ),
        (f"法定代表人（签字）：{_BLANK}", f"Legal representative: {_BLANK_EN}"),
        *_SIGNED,
    )


def _promise(ground: Ground) -> Said:
    cost = (
        (
            "四、不以低于成本的价格申报；依采购文件须说明成本构成的，如实说明。",
            "4. We do not bid below cost, and state our cost parts truly where the document asks.",
        )
        if ground.has("cost_statement.below_anchor")
        else (
            "四、不以低于成本的价格恶意申报。",
            "4. We do not bid below cost in bad faith.",
        )
    )
    return _form(
        *_addressee(ground),
        ("我方承诺：", "We promise:"),
        (
            "一、所提交的材料真实、完整、有效，如实申报与其他申报企业的控股、管理及受同一控制人控"
            "制的关系。",
            "1. Our papers are true, complete and valid, and we state every relation of control "
            "with other bidders.",
        ),
        (
            "二、具备供应能力，中选后按约定采购量、价格和采购周期足量、及时供应，保证质量。",
            "2. We are able to supply, and if selected supply the agreed volume at the price and "
            "for the cycle, in time and of due quality.",
        ),
        (
            "三、独立申报，不与其他企业串通，不以不正当手段影响采购和评审。",
            "3. We declare independently, collude with nobody and do not influence buying or "
            "evaluation by improper means.",
        ),
        cost,
        (
            "五、遵守采购文件关于密封、开启和保密的规定，妥善保存回执和密钥。",
            "5. We keep to the rules on sealing, opening and secrecy, and keep receipts and keys "
            "safe.",
        ),
        (
            "六、违反上述承诺的，接受采购文件和医药价格和招采信用评价制度规定的处理。",
            "6. If we break this promise, the document and the credit rating system apply.",
        ),
        *_SIGNED,
    )


def _agreement(ground: Ground) -> Said:
    title = ground.plan.title
    return _form(
        f"（{title}中选产品购销协议，样式）",
        f"(Agreement on winning products of “{title}”, sample)",
        (f"甲方（医疗机构）：{_BLANK}", f"Party A (hospital): {_BLANK_EN}"),
        (f"乙方（中选企业）：{_BLANK}", f"Party B (winner): {_BLANK_EN}"),
        (f"丙方（配送企业）：{_BLANK}", f"Party C (distributor): {_BLANK_EN}"),
        (
            f"一、产品：通用名＿＿＿＿，规格＿＿＿＿，包装＿＿＿＿，批准文号{_BLANK}。",
            f"1. Product: name ____, strength ____, pack ____, approval number {_BLANK_EN}.",
        ),
        (
            "二、价格：每包装＿＿＿＿元（中选价格），协议期内不高于该价格供应。",
            "2. Price: ____ yuan a pack (selected price), not exceeded during the agreement.",
        ),
        (
            "三、约定采购量：首年＿＿＿＿（最小单位）；超出部分乙方按中选价格继续供应。",
            "3. Agreed volume: ____ minimal units in the first year; beyond it Party B supplies at "
            "the selected price.",
        ),
        (
            f"四、协议期：自{_BLANK}至{_BLANK}，在采购周期之内。",
            f"4. Term: from {_BLANK_EN} to {_BLANK_EN}, within the cycle.",
        ),
        (
            "五、配送：丙方按甲方订单在约定时限内送达，甲方当场验收。",
            "5. Delivery: Party C delivers the orders of Party A within the agreed time; Party A "
            "checks and accepts.",
        ),
        (
            "六、结算：甲方在约定期限内结算；由医保基金直接结算的，按其规定。",
            "6. Payment: Party A pays within the agreed time; where the fund settles directly, as "
            "its rules say.",
        ),
        (
            "七、违约：按采购文件和有关法律承担责任。",
            "7. Breach: as the procurement document and the law say.",
        ),
        (
            "甲方（盖章）　　　　　　乙方（盖章）　　　　　　丙方（盖章）",
            "Party A (seal)        Party B (seal)        Party C (seal)",
        ),
        ("日期：　　　　年　　月　　日", f"Date: {_BLANK_EN}"),
    )


STANDING = (
    Standing("forms.application", "forms", Bilingual("申报函", "Application letter"), _application),
    Standing(
        "forms.authorisation",
        "forms",
        Bilingual("法定代表人授权书", "Authorisation"),
        _authorisation,
    ),
    Standing("forms.promise", "forms", Bilingual("承诺书", "Promise"), _promise),
    Standing("forms.agreement", "forms", Bilingual("购销协议（样式）", "Agreement"), _agreement),
)
"""In the order of the annex."""
