"""The application of one server process, as ``jicai serve`` starts it."""

import os

from granian.utils.proxies import wrap_asgi_with_proxy_headers

from procurement.app.make import make_app
from procurement.database import make_engine
from procurement.settings import read_settings, with_installation_key

_settings = with_installation_key(read_settings(os.environ))

app = wrap_asgi_with_proxy_headers(
    make_app(settings=_settings, engine=make_engine(_settings.database_url)),
    trusted_hosts=list(_settings.proxies),
)
