"""What is written about a request: comments, attachments, and the texts that offices keep for their answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.common.models import Captured, CreatedOnce, StoredFile, Timestamped, Versioned
from coordination.offices.models import Office
from coordination.requests.choices import (
    ANSWERED,
)
from coordination.requests.models.requests import CoordinationRequest


class CommentQuerySet(models.QuerySet):
    def readable_by(self, user):
        """Without the internal notes of other offices. Whether the request is visible is the request's rule."""
        if user.is_superuser:
            return self
        return self.filter(Q(internal=False) | Q(office__in=user.own_offices))


class Comment(Captured):
    request = models.ForeignKey(
        CoordinationRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    office = models.ForeignKey(Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"), max_length=4000)
    internal = models.BooleanField(_("only for my office"), default=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]

    def __str__(self):
        return f"{self.author}: {self.text[:40]}"


class Attachment(StoredFile):
    request = models.ForeignKey(
        CoordinationRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="attachments"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    office = models.ForeignKey(Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["request", "sha256"], name="attachment_once_a_request")]


class AnswerTemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own office, and of the one that it follows."""
        return self if user.is_superuser else self.filter(office__in=user.own_offices)

    def offered(self):
        return self.filter(is_active=True)


class AnswerTemplate(CreatedOnce, Versioned, Timestamped):
    """A text that an office keeps for one of its steps, with fields that are filled for each request."""

    office = models.ForeignKey(
        Office, verbose_name=_("office"), on_delete=models.PROTECT, related_name="answer_templates"
    )
    verb = models.CharField(_("step"), max_length=12)
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), max_length=2000)
    is_active = models.BooleanField(_("offered"), default=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering = ["title", "id"]
        constraints = [models.CheckConstraint(condition=Q(verb__in=ANSWERED), name="answer_template_verb_is_known")]

    def __str__(self):
        return self.title
