"""The money pool of the rare-disease track, run over the deals of a campaign."""
