"""All pages of the catalogue, by what people do with them."""

from procurement.catalogue import generic_product_pages, import_pages, product_pages

ROUTES = (
    *product_pages.ROUTES,
    *generic_product_pages.ROUTES,
    *import_pages.ROUTES,
)
