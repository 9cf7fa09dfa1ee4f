"""Learning from few labels: labels hidden out of reach, pseudo-labels, and protocols that use them."""
