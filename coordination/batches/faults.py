"""Why a row of a list cannot be taken."""

from coordination.common.errors import DomainError


class RowFault(DomainError):
    """`column` is the program's name of the column at fault, if it is one."""

    def __init__(self, column, message):
        super().__init__(message)
        self.column = column


class UnknownName(Exception):
    """A name that no region bears, or several do; somebody must say which is meant. `suggested` are keys of regions."""

    def __init__(self, path, suggested):
        super().__init__(path)
        self.path, self.suggested = path, suggested
