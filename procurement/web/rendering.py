"""Pages from templates: one environment for each language."""

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Response
from litestar.enums import MediaType
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup

from procurement.settings import resource_folder
from procurement.web.language import translations
from procurement.web.printing import FILTERS
from procurement.web.visit import LANGUAGES, Visit


def render(visit: Visit, template: str, *, status: int = 200, **context: object) -> Response[str]:
    """Answer with a page.

    Args:
        visit: The request.
        template: Path below ``templates/``.
        status: HTTP status.
        context: What the template needs, besides ``visit`` and what `environment` provides.

    Returns:
        The response.
    """
    page = environment(visit.language).get_template(template).render(visit=visit, **context)
    return Response(page, status_code=status, media_type=MediaType.HTML)


def redirect(address: str) -> Response[None]:
    """Send the browser on after a form was carried out (303)."""
    return Response(None, status_code=303, headers={"location": address})


@cache
def environment(language: str) -> Environment:
    """Return the template environment of a language, ``zh`` or ``en``.

    Templates know ``_`` and ``ngettext``, ``static(path)``, ``csrf_field()`` and the filters of
    `procurement.web.printing`.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no pages in {language!r}")
    made = Environment(
        loader=FileSystemLoader(resource_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = translations(language)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(static=static, csrf_field=_csrf_field, language=language)
    made.filters.update({name: _bound(name, language) for name in FILTERS})
    return made


def static(path: str) -> str:
    """Return the address of a file of ours, with a part that changes when the file does."""
    return f"/static/{path}?v={_digest(resource_folder('static') / path)}"


@cache
def _digest(file: Path) -> str:
    # A vendored file may not be installed where only templates are rendered.
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "missing"


def _bound(name: str, language: str) -> object:
    printed = FILTERS[name]
    return lambda value, *arguments: printed(value, language, *arguments)


@pass_context
def _csrf_field(context: Context) -> Markup:
    visit: Visit = context["visit"]
    token = ScopeState.from_scope(visit.request.scope).csrf_token
    return Markup('<input type="hidden" name="_csrf_token" value="{}">').format(
        token if isinstance(token, str) else ""
    )
