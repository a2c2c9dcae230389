"""Figures of obstacles."""


def figures(path, now):
    return {}
