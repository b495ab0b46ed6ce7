"""Columns of written purchase lines, and how hospitals, products and batch-years are called.

The first names are those that retained savings read (`procurement.savings.analytics.source`),
which stand above orders; a test there holds both to each other. Monitoring reads what follows too.
"""

import pyarrow as pa

HOSPITAL, PRODUCT, BATCH = "hospital", "product", "batch"
RECEIVED_ON, IS_WINNING = "received_on", "is_winning"
QUANTITY, UNIT_PRICE = "quantity", "unit_price"

COLUMNS = (HOSPITAL, PRODUCT, BATCH, RECEIVED_ON, IS_WINNING, QUANTITY, UNIT_PRICE)

GENERIC, STRENGTH, MAKER = "generic", "strength", "maker"

PRICE_TYPE = pa.decimal128(18, 4)

SCHEMA = pa.schema(
    [
        pa.field(HOSPITAL, pa.string(), nullable=False),
        pa.field(PRODUCT, pa.string(), nullable=False),
        pa.field(BATCH, pa.string()),
        pa.field(RECEIVED_ON, pa.date32(), nullable=False),
        pa.field(IS_WINNING, pa.bool_(), nullable=False),
        pa.field(QUANTITY, pa.int64(), nullable=False),
        pa.field(UNIT_PRICE, PRICE_TYPE, nullable=False),
        pa.field(GENERIC, pa.string(), nullable=False),
        pa.field(STRENGTH, pa.string()),
        pa.field(MAKER, pa.string()),
    ]
)


def hospital_key(*, credit_code: str | None, institution_code: str | None, name: str) -> str:
    """Return what a hospital is called: its credit code, else its institution's, else its name.

    Examples:
        >>> hospital_key(credit_code=None, institution_code="H34010000001", name="县医院")
        'H34010000001'
    """
    return credit_code or institution_code or name


def product_key(*, lot_code: str, product: str, strength: str) -> str:
    """Return what a strength of a lot is called.

    Examples:
        >>> product_key(lot_code="L01", product="阿那曲唑片", strength="1mg")
        'L01 · 阿那曲唑片 · 1mg'
    """
    return " · ".join((lot_code, product, strength))


def generic_key(*, generic: str | None, form: str | None, product: str) -> str:
    """Return what a generic product is called: name and form, else what the line says.

    Examples:
        >>> generic_key(generic="缬沙坦", form="口服常释剂型", product="缬沙坦胶囊")
        '缬沙坦 · 口服常释剂型'
        >>> generic_key(generic=None, form=None, product="缬沙坦胶囊")
        '缬沙坦胶囊'
    """
    return product if generic is None else " · ".join(filter(None, (generic, form)))


def maker_key(*, credit_code: str | None, name: str | None) -> str | None:
    """Return what a manufacturer is called: its credit code, else its name.

    Examples:
        >>> maker_key(credit_code=None, name="Astra"), maker_key(credit_code=None, name=None)
        ('Astra', None)
    """
    return credit_code or name


def batch_key(*, round_name: str, term_number: int) -> str:
    """Return what a batch-year is called: a round's name and the number of its term.

    Examples:
        >>> batch_key(round_name="national-7", term_number=2)
        'national-7-y2'
    """
    return f"{round_name}-y{term_number}"
