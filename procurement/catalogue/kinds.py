"""The words that the catalogue sorts by; tables and rules share them."""

from enum import StrEnum


class ProductKind(StrEnum):
    """Which law a product falls under, and so which numbers and codes it has."""

    CHEMICAL = "chemical"
    """Chemical or biological medicine (西药)."""
    TCM_PATENT = "tcm-patent"
    """Chinese patent medicine (中成药)."""
    TCM_GRANULE = "tcm-granule"
    """Dispensing granules (中药配方颗粒): filed, so no approval number."""
    TCM_PIECES = "tcm-pieces"
    """Prepared pieces (中药饮片): no approval number."""
    HOSPITAL_PREPARATION = "hospital-preparation"
    """Made by a hospital for its own patients (医疗机构制剂): no approval number."""
    CONSUMABLE = "consumable"
    """Medical consumable (医用耗材): registration certificate and consumable code."""


class Evaluation(StrEnum):
    """Whether a generic has passed the consistency evaluation (质量和疗效一致性评价)."""

    PASSED = "passed"
    DEEMED = "deemed"
    """Approved under the new registration classes and so treated as passed (视同过评)."""
    NOT_PASSED = "not-passed"
    NOT_APPLICABLE = "not-applicable"
    """There is no such evaluation for it: originators, references, traditional medicine."""


class ProductStatus(StrEnum):
    """Whether a product can be bought."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Not to be bought for now (暂停)."""
    WITHDRAWN = "withdrawn"
    """Gone for good: approval cancelled, expired or given back (注销)."""
