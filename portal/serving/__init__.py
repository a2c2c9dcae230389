"""Runs the portal on one machine with nothing set up by hand: `make serve` and the tests' database."""
