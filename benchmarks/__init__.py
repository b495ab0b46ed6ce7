"""How fast the engine and the lab are, beside a floor and a peer measured in the same run."""
