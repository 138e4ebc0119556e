"""Figures: what things cost, against a floor or a peer, as ratios of one run."""
