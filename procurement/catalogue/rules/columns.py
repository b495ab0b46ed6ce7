"""The columns of the catalogue: names in forms and in files, and the words that cells may hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from bidding.bid_sheet import Category, DosageForm
from procurement.catalogue.kinds import Evaluation, ProductKind, ProductStatus

Pair = tuple[str, str]
"""A text in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a form, or one column of a file.

    Attributes:
        key: Name of the form's field.
        zh: Heading in Chinese.
        en: Heading in English; a file may have either, or the key.
        limit: Most characters, 0 for no limit of its own.
        is_needed: The column may be neither missing nor empty.
    """

    key: str
    zh: str
    en: str
    limit: int = 0
    is_needed: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("kind", "产品类型", "kind"),
    Column("name", "通用名", "generic name", 200, is_needed=True),
    Column("printed_form", "剂型", "dosage form", 60),
    Column("dosage_form", "剂型类别", "class of dosage form"),
    Column("category", "品种类别", "category"),
    Column("unit", "最小单位", "minimal unit", 20, is_needed=True),
    Column("strength", "规格", "strength", 60, is_needed=True),
    Column("pack_units", "包装数量", "units in a pack", is_needed=True),
    Column("pack", "包装", "pack", 100),
    Column("holder", "上市许可持有人", "holder", 200, is_needed=True),
    Column("maker", "生产企业", "maker", 200),
    Column("brand", "商品名", "brand", 100),
    Column("approval_number", "批准文号", "approval number", 60),
    Column("drug_code", "国家医保药品代码", "national drug code"),
    Column("standard_code", "药品本位码", "drug standard code"),
    Column("consumable_code", "医用耗材代码", "consumable code"),
    Column("evaluation", "一致性评价", "consistency evaluation"),
    Column("evaluated_on", "过评日期", "evaluated on"),
    Column("is_originator", "原研", "originator"),
    Column("is_reference", "参比制剂", "reference"),
    Column("status", "状态", "status"),
    Column("approved_on", "批准日期", "approved on"),
    Column("approval_ends_on", "批准有效期至", "approval ends on"),
)
"""In the order of forms and files."""

BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}

KIND_WORDS: Mapping[ProductKind, Pair] = {
    ProductKind.CHEMICAL: ("化学药品和生物制品", "chemical or biological medicine"),
    ProductKind.TCM_PATENT: ("中成药", "Chinese patent medicine"),
    ProductKind.TCM_GRANULE: ("中药配方颗粒", "dispensing granules"),
    ProductKind.TCM_PIECES: ("中药饮片", "prepared pieces"),
    ProductKind.HOSPITAL_PREPARATION: ("医疗机构制剂", "hospital preparation"),
    ProductKind.CONSUMABLE: ("医用耗材", "medical consumable"),
}
FORM_WORDS: Mapping[DosageForm, Pair] = {
    DosageForm.ORAL_SOLID: ("口服固体制剂", "oral solid"),
    DosageForm.SMALL_INJECTION: ("小容量注射剂", "small-volume injection"),
    DosageForm.LARGE_INJECTION: ("大容量注射剂", "large-volume injection"),
    DosageForm.OTHER: ("其他剂型", "other form"),
}
CATEGORY_WORDS: Mapping[Category, Pair] = {
    Category.GENERAL: ("一般品种", "general"),
    Category.RESTRICTED: ("抗菌药物等品种", "restricted"),
    Category.SPECIAL: ("特殊使用级等品种", "special"),
}
EVALUATION_WORDS: Mapping[Evaluation, Pair] = {
    Evaluation.PASSED: ("已通过", "passed"),
    Evaluation.DEEMED: ("视同通过", "deemed passed"),
    Evaluation.NOT_PASSED: ("未通过", "not passed"),
    Evaluation.NOT_APPLICABLE: ("不适用", "not applicable"),
}
STATUS_WORDS: Mapping[ProductStatus, Pair] = {
    ProductStatus.ACTIVE: ("在用", "active"),
    ProductStatus.SUSPENDED: ("暂停", "suspended"),
    ProductStatus.WITHDRAWN: ("注销", "withdrawn"),
}
YES_NO: Mapping[bool, Pair] = {True: ("是", "yes"), False: ("否", "no")}

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "kind": {str(word): pair for word, pair in KIND_WORDS.items()},
    "dosage_form": {str(word): pair for word, pair in FORM_WORDS.items()},
    "category": {str(word): pair for word, pair in CATEGORY_WORDS.items()},
    "evaluation": {str(word): pair for word, pair in EVALUATION_WORDS.items()},
    "status": {str(word): pair for word, pair in STATUS_WORDS.items()},
}
"""By column: each value it may have, in both languages."""


def column_of(heading: str) -> Column | None:
    """Find a column by its heading in either language, or by its key; marks of need are ignored.

    Examples:
        >>> column_of("通用名*").key, column_of("Generic name").key, column_of("drug_code").key
        ('name', 'name', 'drug_code')
        >>> column_of("备注") is None
        True
    """
    plain = heading.strip().rstrip("*＊").strip().lower()
    return next(
        (column for column in COLUMNS if plain in (column.zh, column.en.lower(), column.key)), None
    )
