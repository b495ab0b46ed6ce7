"""``make bench``: print every figure, each beside its floor in the same run."""

from benchmarks import (
    agreements,
    audit,
    benefits,
    bids,
    coverage,
    engine,
    finder,
    lab,
    lot_page,
    monitoring,
    negotiation,
    ocds,
    opening,
    pages,
    peer,
    processes,
    savings,
    statements,
    volumes,
)


def main() -> None:
    """Run all benchmarks."""
    engine.main()
    lab.main()
    peer.main()
    volumes.main()
    pages.main()
    bids.main()
    processes.main()
    opening.main()
    lot_page.main()
    agreements.main()
    savings.main()
    statements.main()
    coverage.main()
    negotiation.main()
    finder.main()
    benefits.main()
    monitoring.main()
    ocds.main()
    audit.main()


if __name__ == "__main__":
    main()
