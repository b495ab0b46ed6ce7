"""Settlement folders for tests: a sound one, and copies with changes."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SOUND = {
    "scheme.toml": """\
rulebook = "savings-national-2020"
procurement_year = 2024
payment_ratio = "0.60"
insured_share = "0.90"
negative_base = "floor_each"
completion_unit = "product"
rounding = "half_up_cent"
follow_on = "earns"
bands = { "80" = "0.50", "60" = "0.40", "0" = "0" }
""",
    "contracts.csv": """\
hospital,product,base_volume,agreed_volume,price_before,winning_price
H1,P1,1000000,700000,1.20,0.30
H2,P1,1000000,700000,1.20,0.30
""",
    "purchases.csv": """\
hospital,product,received_on,is_winning,quantity,unit_price
H1,P1,2024-01-01,1,700000,0.30
H1,P1,2024-12-31,0,60000,1.00
H2,P1,2024-03-01,1,710000,0.30
H2,P1,2024-04-01,1,-20000,0.3000
""",
    "assessments.csv": "hospital,score\nH1,85\nH2,65\n",
}

SCHEMA = pa.schema(
    {
        "hospital": pa.string(),
        "product": pa.string(),
        "received_on": pa.date32(),
        "is_winning": pa.int8(),
        "quantity": pa.int64(),
        "unit_price": pa.decimal128(18, 4),
    }
)


def write(folder: Path, **changes):
    """Write the sound folder; `contracts=` and so on replace a file, None leaves it out."""
    folder.mkdir(exist_ok=True)
    for name, text in SOUND.items():
        content = changes.get(name.partition(".")[0], text)
        if content is not None:
            (folder / name).write_text(content, encoding="utf-8")
    return folder


def scheme_without(key):
    """The sound scheme without one of its lines."""
    return "".join(
        line
        for line in SOUND["scheme.toml"].splitlines(keepends=True)
        if not line.startswith(f"{key} ")
    )


def scheme_with(**values):
    """The sound scheme with other values, as TOML writes them."""
    text = SOUND["scheme.toml"]
    for key, value in values.items():
        text = "".join(
            line for line in text.splitlines(keepends=True) if not line.startswith(f"{key} ")
        )
        text += f"{key} = {value}\n"
    return text


def parquet_rows():
    """The lines of the sound purchases, for a Parquet file."""
    rows = []
    for line in SOUND["purchases.csv"].splitlines()[1:]:
        hospital, product, day, flag, quantity, price = line.split(",")
        rows.append(
            {
                "hospital": hospital,
                "product": product,
                "received_on": date.fromisoformat(day),
                "is_winning": int(flag),
                "quantity": int(quantity),
                "unit_price": Decimal(price),
            }
        )
    return rows


def write_parquet(folder: Path, name, rows, schema=SCHEMA):
    """Write a partition of purchases."""
    path = folder / "purchases" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path
