"""The ways in which a rule says no. Each carries a sentence for the person who asked."""


class DomainError(Exception):
    """A rule refused; str(error) is a translated sentence that can be shown as it is."""


class NotPermitted(DomainError):
    """This person may know of the thing, but may not do this to it."""


class TransitionNotAllowed(DomainError):
    """The thing is not in a state in which this can be done; often somebody was faster."""


class StaleVersion(DomainError):
    """Somebody else saved since this person opened the form. `current` is the row as it is now."""

    def __init__(self, message, current):
        super().__init__(message)
        self.current = current


class AlreadyDone(DomainError):
    """The same person already did exactly this; not an error for the reader."""


class TooManyAtOnce(Exception):
    """More than anybody files by hand. No refusal of what was sent: the same may be sent again a minute later."""


class ReusedClientId(DomainError):
    """A form's client_id came back with other content; `existing` is what the first sending made."""

    def __init__(self, message, existing):
        super().__init__(message)
        self.existing = existing
