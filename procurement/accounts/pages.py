"""All pages of the accounts, by what people do with them."""

from procurement.accounts import (
    account_pages,
    directory_pages,
    key_pages,
    organisation_pages,
    people_pages,
    relation_pages,
    sign_in_pages,
    token_pages,
)

ROUTES = (
    *sign_in_pages.ROUTES,
    *directory_pages.ROUTES,
    *account_pages.ROUTES,
    *token_pages.ROUTES,
    *organisation_pages.ROUTES,
    *relation_pages.ROUTES,
    *people_pages.ROUTES,
    *key_pages.ROUTES,
)
