"""Short paths of inputs that scenarios and ``[uncertain]`` may use."""

from collections.abc import Container

from pricing.model_file.inputs import PARAMETER

_SHARES = ("share_without", "share_with")


def resolve_alias(name: str, inputs: Container[str]) -> str | None:
    """The path that a name stands for; none where there is no such input.

    Examples:
        >>> inputs = {"treatment.A.share_with", "parameter.rr"}
        >>> resolve_alias("share_with.A", inputs), resolve_alias("rr", inputs)
        ('treatment.A.share_with', 'parameter.rr')
    """
    if name in inputs:
        return name
    first, _, rest = name.partition(".")
    candidates = [f"{PARAMETER}.{name}"]
    if first in _SHARES:
        candidates.append(f"treatment.{rest}.{first}")
    return next((path for path in candidates if path in inputs), None)
