"""All pages of credit rating."""

from procurement.credit_rating import application_pages, firm_pages, matter_pages

ROUTES = (*matter_pages.ROUTES, *application_pages.ROUTES, *firm_pages.ROUTES)
