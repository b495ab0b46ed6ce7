"""``make bench``: print every figure, each beside its floor in the same run."""

from benchmarks import engine, lab, peer


def main() -> None:
    """Run all benchmarks."""
    engine.main()
    lab.main()
    peer.main()


if __name__ == "__main__":
    main()
