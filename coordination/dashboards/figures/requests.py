"""Figures of requests."""


def figures(path, now):
    return {}
