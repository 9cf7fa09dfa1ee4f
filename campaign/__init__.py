"""Cases made from a seed, run on the real command line in processes of their own, to find faults."""
