"""Coordination requests, what is written about them, and their deadlines."""

from coordination.requests.models.deadlines import DeadlineRule, MissedDeadline, RiskWarning, StageTime
from coordination.requests.models.papers import AnswerTemplate, Attachment, Comment
from coordination.requests.models.requests import CoordinationRequest, Watch

__all__ = [
    "AnswerTemplate",
    "Attachment",
    "Comment",
    "CoordinationRequest",
    "DeadlineRule",
    "MissedDeadline",
    "RiskWarning",
    "StageTime",
    "Watch",
]
