"""Clauses on who may declare, and on sealed declarations and their opening."""

from datetime import timedelta

from procurement.rounds.document.clause import Certainty, Grid, Said
from procurement.rounds.document.figures import moment, same
from procurement.rounds.document.standing.ground import Ground, Standing, fixed
from procurement.rounds.rules.outage import OUTAGE_SECONDS, OUTAGE_WINDOW
from rulebooks import Bilingual

SUITES = {
    "intl-1": "X25519, XChaCha20-Poly1305, SHA-256, Ed25519",
    "sm-1": "SM2, SM4, SM3",
}
"""Algorithms of each cipher suite."""

QUORUM_MIN = 2
"""Fewer holders could open alone what nobody may read alone."""


def _keyholders(ground: Ground) -> Said:
    keyholders = ground.plan.keyholders
    names, quorum = keyholders.names, keyholders.quorum
    shown = "待定" if quorum is None else str(quorum)
    shown_en = "(to be decided)" if quorum is None else str(quorum)
    rows = tuple((same(str(seat)), same(name)) for seat, name in enumerate(names, start=1))
    heads = (Bilingual("席位", "Seat"), Bilingual("密钥持有机构", "Keyholder"))
    return Said(
        Bilingual(
            f"申报信息加密提交，由 {len(names)} 家不同机构分别持有密钥，须其中 {shown} 家共同参与"
            "方可"
            "开启；任何一方（含联合采购办公室和平台）在此之前不能读取申报信息。",
            f"Declarations are sent encrypted. {len(names)} different institutions hold keys, and "
            f"{shown_en} of them open together; until then nobody, the bureau and the platform "
            "included, can read a declaration.",
        ),
        grid=Grid(heads, rows, (0,)) if rows else None,
    )


def _keyholders_open(ground: Ground) -> bool:
    keyholders = ground.plan.keyholders
    quorum = keyholders.quorum
    # One holder may fall ill: a round with k of k could lose all its bids to it.
    return quorum is None or quorum < QUORUM_MIN or len(keyholders.names) <= quorum


def _suite(ground: Ground) -> Said:
    suite = ground.plan.keyholders.suite
    algorithms = SUITES.get(suite, suite)
    return Said(
        Bilingual(
            f"密封采用密码套件 {suite}（{algorithms}）。申报信息在申报企业的浏览器或命令行工具中"
            "密封，"
            "由申报企业签名后提交；密封后的长度不反映价格位数。",
            f"The cipher suite is {suite} ({algorithms}). A declaration is sealed in the bidder's "
            "browser or command line and signed by the bidder; its length tells nothing of the "
            "prices.",
        )
    )


def _submit(ground: Ground) -> Said:
    table = ground.plan.timetable
    opens, closes = moment(table.bidding_opens_at), moment(table.closes_at)
    return Said(
        Bilingual(
            f"申报自 {opens.zh} 起，至 {closes.zh} 截止。是否在截止前提交，以平台数据库时钟记录的"
            "收讫"
            "时间为准。",
            f"Declarations are accepted from {opens.en} and before {closes.en}, by the time at "
            "which the platform's database acknowledged them.",
        )
    )


def _dates_open(ground: Ground) -> bool:
    table = ground.plan.timetable
    return table.bidding_opens_at is None or table.closes_at is None


def _hours(span: timedelta) -> int:
    return int(span.total_seconds()) // 3600


def _outage(ground: Ground) -> Said:
    minutes, hours = ground.plan.outage_shift_minutes, _hours(OUTAGE_WINDOW)
    return Said(
        Bilingual(
            f"申报截止前 {hours} 小时内，平台提交功能累计故障超过 {OUTAGE_SECONDS} 秒的，申报截止"
            "时间和"
            f"申报信息公开时间自动顺延 {minutes} 分钟。顺延只进行一次，并记录、通知全部申报企业。",
            f"If submitting was failing for more than {OUTAGE_SECONDS} seconds within the last "
            f"{hours} hours before closing, closing and opening move by {minutes} minutes, "
            "automatically, once, on record and with notice to all.",
        )
    )


def _opening(ground: Ground) -> Said:
    opens, quorum = moment(ground.plan.timetable.opens_at), ground.plan.keyholders.quorum
    zh = "待定" if quorum is None else str(quorum)
    en = "(to be decided)" if quorum is None else str(quorum)
    return Said(
        Bilingual(
            f"申报信息于 {opens.zh} 起公开：不少于 {zh} 家密钥持有机构各自提交本机构的密钥份额，"
            "由平台"
            "合成并解密。",
            f"Declarations are opened from {opens.en}: at least {en} keyholders post their shares, "
            "which the platform combines.",
        )
    )


def _observers(ground: Ground) -> Said | None:
    names = ground.plan.observers
    if not names:
        return None
    return Said(
        Bilingual(
            f"下列机构对申报信息公开全程见证监督：{'、'.join(names)}。",
            f"These institutions observe the opening: {', '.join(names)}.",
        )
    )


_ELIGIBILITY = (
    Standing(
        "eligibility.who",
        "eligibility",
        Bilingual("申报企业", "Bidders"),
        fixed(
            "申报企业为产品的上市许可持有人（注册人）；境外持有人由其指定的境内代理人申报，并承担"
            "相应责任。",
            "Bidders are the holders of the marketing authorisation (or registration); a holder "
            "overseas declares through its domestic agent, who answers for it.",
        ),
    ),
    Standing(
        "eligibility.papers",
        "eligibility",
        Bilingual("申报材料", "Papers"),
        fixed(
            "申报企业须在平台提交下列材料，材料不得含有价格信息：",
            "Bidders submit these papers on the platform, without any price:",
            ("申报函（附件 1）", "application letter (form 1)"),
            ("法定代表人授权书（附件 2）", "authorisation by the legal representative (form 2)"),
            ("承诺书（附件 3）", "promise (form 3)"),
            (
                "企业证照、产品注册证明及本文件要求的其他证明，均须在有效期内",
                "licences of the firm, registration of the product and what else this document "
                "asks for, all within their validity",
            ),
        ),
        is_last=True,
    ),
    Standing(
        "eligibility.review",
        "eligibility",
        Bilingual("材料的审核与补正", "Review of papers"),
        fixed(
            "材料先于价格审核。材料不齐或不符合要求的，平台一次性告知须补正的内容和期限；逾期未补"
            "正的，"
            "申报不予受理。",
            "Papers are reviewed before any price. What is missing is told once, with a deadline; "
            "who does not complete them by then is not admitted.",
        ),
        is_last=True,
    ),
    Standing(
        "eligibility.credit",
        "eligibility",
        Bilingual("信用评价", "Credit rating"),
        fixed(
            "申报企业及其产品的医药价格和招采信用评价结果由平台查询，按该制度的规定处理。",
            "The platform looks up the credit rating of bidders and their products and acts as the "
            "rating system says.",
        ),
        is_last=True,
    ),
)

_SEALING = (
    Standing(
        "sealing.keyholders",
        "sealing",
        Bilingual("密钥持有机构", "Keyholders"),
        _keyholders,
        _keyholders_open,
        Certainty.FACT,
    ),
    Standing(
        "sealing.suite",
        "sealing",
        Bilingual("密封方式", "How declarations are sealed"),
        _suite,
        certainty=Certainty.FACT,
    ),
    Standing(
        "sealing.rehearsal",
        "sealing",
        Bilingual("开启演练", "Rehearsal"),
        fixed(
            "申报开始前，密钥持有机构须对演练密封件完成一次开启；未完成的，不得开始申报。",
            "Before bidding opens the keyholders open a rehearsal envelope; without that it does "
            "not open.",
        ),
    ),
    Standing(
        "sealing.submit",
        "sealing",
        Bilingual("申报时间", "When to declare"),
        _submit,
        _dates_open,
        Certainty.FACT,
    ),
    Standing(
        "sealing.receipt",
        "sealing",
        Bilingual("回执", "Receipts"),
        fixed(
            "平台对每一次提交签发带有收讫时间的签名回执，承诺将其列入申报日志。回执不载明提交次序"
            "和数量，"
            "可离线验证，请申报企业妥善保存。",
            "Each submission gets a signed receipt with its time, a promise to include it in the "
            "log. It names neither order nor number, can be verified offline, and is to be kept.",
        ),
    ),
    Standing(
        "sealing.replace",
        "sealing",
        Bilingual("替换与撤回", "Replacing and withdrawing"),
        fixed(
            "截止前可以替换或撤回申报，以截止前最后一次有效提交为准；每次替换或撤回均列入申报日志"
            "。",
            "Before closing a declaration may be replaced or withdrawn; the last one counts, and "
            "each is a leaf of the log.",
        ),
    ),
    Standing(
        "sealing.late",
        "sealing",
        Bilingual("逾期", "Late declarations"),
        fixed(
            "截止后到达的申报不予接收，平台签发载明到达时间的拒收凭证。",
            "A declaration that arrives after closing is refused, with a signed refusal that names "
            "the time.",
        ),
    ),
    Standing(
        "sealing.outage",
        "sealing",
        Bilingual("平台故障的顺延", "Outages"),
        _outage,
        certainty=Certainty.FACT,
    ),
    Standing(
        "sealing.log",
        "sealing",
        Bilingual("申报日志", "The log"),
        fixed(
            "申报截止时，平台公布申报日志的最终签名检查点及全部叶值，申报企业可据此核验本企业的回"
            "执已列入；"
            "申报数量自此公开，价格不公开。截止前任何人不得查询申报企业的数量和名称。",
            "At closing the final signed checkpoint of the log and all its leaves are published, "
            "so that bidders check that their receipts are in. The number of declarations is "
            "public from then on, prices are not; before, nobody sees number or names.",
        ),
    ),
)

_OPENING = (
    Standing(
        "opening.time",
        "opening",
        Bilingual("公开时间", "Time of the opening"),
        _opening,
        lambda ground: (
            ground.plan.timetable.opens_at is None or ground.plan.keyholders.quorum is None
        ),
        Certainty.FACT,
    ),
    Standing(
        "opening.order",
        "opening",
        Bilingual("先全部开启、后显示价格", "All first, then prices"),
        fixed(
            "全部申报开启完毕之前，不向任何人显示任何价格。开启的全部过程留有记录，有权者可以复核"
            "。",
            "All declarations are opened before any price is shown to anyone. The opening is on "
            "record, and those entitled can repeat it.",
        ),
    ),
    Standing(
        "opening.fallback",
        "opening",
        Bilingual("备用开启", "Fallback"),
        fixed(
            "密钥持有机构不足法定数的，平台通知全部申报企业在规定时间前以其回执文件中的密钥自行开"
            "启；此前"
            "不显示任何价格。逾期未开启的，视为撤回申报。",
            "If too few keyholders turn up, all bidders are asked to reveal the keys in their "
            "receipt files by a given time; no price is shown before. Who does not reveal has "
            "withdrawn.",
        ),
    ),
    Standing(
        "opening.observers",
        "opening",
        Bilingual("见证监督", "Observers"),
        _observers,
        certainty=Certainty.FACT,
    ),
    Standing(
        "opening.letter",
        "opening",
        Bilingual("结果告知", "Letters to bidders"),
        fixed(
            "开启当日，平台向每一申报主体告知其价格换算、名次、所依条款；未拟中选的，一并告知其他"
            "申报不变时"
            "可以拟中选的最高价格。",
            "On the day of the opening each bidder is told its conversion, rank and clause; who is "
            "not selected also the highest price that would have been, others unchanged.",
        ),
        is_last=True,
    ),
)

STANDING = (*_ELIGIBILITY, *_SEALING, *_OPENING)
"""In the order in which they are printed within their sections."""
