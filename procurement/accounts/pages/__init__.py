"""All pages of the accounts, by what people do with them."""

from procurement.accounts.pages import (
    account,
    directories,
    keys,
    organisations,
    people,
    relations,
    sign_in,
    tokens,
)

ROUTES = (
    *sign_in.ROUTES,
    *directories.ROUTES,
    *account.ROUTES,
    *tokens.ROUTES,
    *organisations.ROUTES,
    *relations.ROUTES,
    *people.ROUTES,
    *keys.ROUTES,
)
