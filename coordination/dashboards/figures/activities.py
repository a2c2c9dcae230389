"""Figures of activities."""


def figures(path, now):
    return {}
