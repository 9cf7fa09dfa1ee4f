"""What unlabelled images gained, and why: sentences and tables in two languages."""
