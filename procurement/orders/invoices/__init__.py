"""Invoices of sellers: submitted, matched with order and receipt, ready to be paid."""
