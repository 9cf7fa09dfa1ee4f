"""What learning from few labels gained, in two languages."""
