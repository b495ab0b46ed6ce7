"""All pages of credit rating."""

from procurement.credit_rating import firm_pages, matter_pages

ROUTES = (*matter_pages.ROUTES, *firm_pages.ROUTES)
