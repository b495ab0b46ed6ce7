"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]


@dataclass
class FoundForm:
    """A form that is posted.

    Attributes:
        action: Where to; empty for the page's own address.
        fields: Names of what is filled in, with what is filled in already.
        files: Names of files that are asked for.
    """

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[FoundForm] = []
        self.open: FoundForm | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = values.get("method", "").lower() == "post"
            self.open = FoundForm(values.get("action", "")) if is_post else None
            if self.open is not None:
                self.found.append(self.open)
        name = values.get("name", "")
        if self.open is None or not name or tag not in ("input", "select", "textarea", "button"):
            return
        if values.get("type") == "file":
            self.open.files.append(name)
        else:
            self.open.fields[name] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


def forms_of(page: str) -> list[FoundForm]:
    """Read the forms of a page.

    Examples:
        >>> page = '<form method="post" action="/x"><input name="a" value="1"></form>'
        >>> [(form.action, form.fields) for form in forms_of(page)]
        [('/x', {'a': '1'})]
    """
    reader = _Reader()
    reader.feed(page)
    return reader.found
