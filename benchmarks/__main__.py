"""``make bench``: print every figure, each beside its floor in the same run."""

from benchmarks import bids, engine, lab, pages, peer, volumes


def main() -> None:
    """Run all benchmarks."""
    engine.main()
    lab.main()
    peer.main()
    volumes.main()
    pages.main()
    bids.main()


if __name__ == "__main__":
    main()
