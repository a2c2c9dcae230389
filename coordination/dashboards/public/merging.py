"""Small counts told together, so that a single report cannot be recognised by its region and kind. No database.

What is left: a reader who adds up the parts of a region may find out how many of 1 to 4 obstacles stand in one of them.
That is a number of obstacles, behind which no person stands. Kinds, which tell more, are told of regencies alone: were
they told of a province too, what is merged in one regency would follow from the province and the others.
"""

from typing import NamedTuple

# The smallest number that is told as it is.
LEAST = 5


class Number(NamedTuple):
    """How many there are: at least and at most. The same twice where it is told as it is."""

    least: int
    most: int

    @property
    def is_exact(self):
        return self.least == self.most


def merged(number):
    """0 and numbers from LEAST on as they are; those between as one, 1 to 4."""
    return Number(1, LEAST - 1) if 0 < number < LEAST else Number(number, number)


def merged_kinds(counts):
    """({kind: number}, rest) of {kind: number}: the kinds that are told, and how many all others are together.

    No number that is told, nor one that follows from the total and those, lies between 1 and LEAST - 1; the rest is of
    two kinds at least.
    """
    told = {kind: number for kind, number in counts.items() if number >= LEAST}
    untold = [number for number in counts.values() if 0 < number < LEAST]
    while told and untold and (len(untold) < 2 or sum(untold) < LEAST):
        untold.append(told.pop(min(told, key=lambda kind: (told[kind], kind))))
    return (told, sum(untold)) if told else ({}, 0)
