"""Files for the bank: what is to be paid as CSV or ISO 20022, and what the bank answers.

Nothing is paid by this system: it writes down who is to be paid, the agency takes the file to its
bank, and the bank's result comes back as a file too.
"""
