"""``make bench``: print every figure, each beside its floor in the same run."""

from benchmarks import (
    agreements,
    bids,
    engine,
    lab,
    lot_page,
    negotiation,
    opening,
    pages,
    peer,
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
    opening.main()
    lot_page.main()
    agreements.main()
    savings.main()
    statements.main()
    negotiation.main()


if __name__ == "__main__":
    main()
