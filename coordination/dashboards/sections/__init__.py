"""What the sections of a dashboard show of the figures that are kept, each number with the query of the list behind."""
