"""The commands of ``jicai``, without loading any of them: that takes seconds for some."""

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "demo": "set up the embedded database with a real round, and a platform to look at",
    "replay": "evaluate a past round and compare with its published outcome",
    "evaluate": "evaluate a round: who is selected, by which clause, and what is still to be asked",
    "lab": "the same bids under other rulebooks, and under simulated bidding",
    "ceiling": "the price ceilings of a negotiation model",
    "case": "compute published cases anew: per case, expected and computed",
    "renewal": "the payment standard of a negotiated drug after a catalogue renewal",
    "rulebooks": "list the rulebooks, or print one with clauses, dates and what is verified",
    "settle": "retained savings of hospitals: what each keeps, and why",
    "coverage": "the fewest pharmacies that cover every county, with a proof or with the gap",
    "serve": "the web platform; prints a line when it is ready",
    "sandbox": "set up a rehearsal with a clock of its own, and say how fast that runs",
    "invite": "register the first bureau and print the one-time link of its first officer",
    "back-up": "write database and files into one file while the platform runs",
    "restore": "restore a back-up into an empty installation, and compare it",
    "seal": "seal a bid without a browser; withdraw one; reveal a content key",
    "verify": "verify receipts, logs, openings, evidence bundles or the audit record, offline",
    "unseal": "a keyholder unseals its own shares, after the opening time, and signs them",
    "keys": "make a key file, show it, write it as words, restore it, hand it over",
    "ocds": "a round as an OCDS release package; without a name, list the rounds",
}
"""What each command does, in a line. Its module is named like it, adds its arguments (``add``) and
carries it out (``run``)."""


def module_of(command: str) -> str:
    """Return the name of a command's module.

    Examples:
        >>> module_of("back-up")
        'procurement.cli.back_up'
    """
    return f"procurement.cli.{command.replace('-', '_')}"
