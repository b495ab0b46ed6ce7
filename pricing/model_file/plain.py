"""Tables whose numbers are inputs and whose words are words: constraints, agreements."""

from collections.abc import Mapping
from dataclasses import dataclass

from pricing.model_file import quantities
from pricing.model_file.document import Section
from pricing.model_file.inputs import DOCUMENTED, Register
from pricing.model_file.quantities import Quantity
from pricing.model_file.values import Values

WORDS = frozenset(
    ("kind", "name", "rule", "basis", "over", "indications", "preset", "bound", "policy", "source")
)
"""Keys whose texts are words; any other text is an expression."""

MONEY = frozenset(("cap", "threshold", "price", "prices", "annual_cost", "reference_price"))
"""Keys whose numbers are money; gross products per head may be in a currency of their own."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number, by the path of its input."""

    path: str


Template = Mapping[str, object]
"""A table with a `Leaf` in place of each number."""


def read_plain(section: Section, register: Register) -> Template:
    """Read a table; whoever uses it checks its keys and ranges."""
    return _read_table(section, register, None)


def _read_table(section: Section, register: Register, around: Quantity | None) -> Template:
    return {
        key: _read(section, key, raw, register, around or _quantity(key))
        for key, raw in section.raw.items()
    }


def _quantity(key: str) -> Quantity | None:
    return quantities.MONEY if key in MONEY else None


def _read(
    section: Section, key: str, raw: object, register: Register, quantity: Quantity | None
) -> object:
    if isinstance(raw, bool) or (isinstance(raw, str) and key in WORDS):
        return raw
    if isinstance(raw, Mapping) and "value" in raw and set(raw) <= set(DOCUMENTED):
        path = section.input_path(key)
        register.value(section, key, path, raw, quantity or quantities.ANYTHING)
        return Leaf(section.input_path(key))
    if isinstance(raw, Mapping):
        inner = Section(section.document, (*section.path, key), raw, name=section.input_path(key))
        return _read_table(inner, register, quantity)
    if isinstance(raw, list):
        listed = dict(enumerate(raw))
        inner = Section(
            section.document,
            (*section.path, key),
            {str(number): entry for number, entry in listed.items()},
            name=section.input_path(key),
        )
        return [
            _read(inner, str(number), entry, register, quantity) for number, entry in listed.items()
        ]
    path = section.input_path(key)
    register.plain(raw, path, quantity or quantities.ANYTHING, section.place(key), text_offset=1)
    return Leaf(path)


def plain_values(template: object, values: Values) -> object:
    """The table with its numbers worked out; of uncertain ones the first draw."""
    if isinstance(template, Leaf):
        return float(values[template.path][0])
    if isinstance(template, Mapping):
        return {key: plain_values(inner, values) for key, inner in template.items()}
    if isinstance(template, list):
        return [plain_values(inner, values) for inner in template]
    return template


def leaves_of(template: object) -> list[str]:
    """The paths of all numbers in a table."""
    if isinstance(template, Leaf):
        return [template.path]
    if isinstance(template, Mapping):
        return [path for inner in template.values() for path in leaves_of(inner)]
    if isinstance(template, list):
        return [path for inner in template for path in leaves_of(inner)]
    return []
