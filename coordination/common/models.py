"""Abstract models; this app has no tables."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class CreatedOnce(models.Model):
    """A row made by a form: sending the same form again finds this row instead of making a second."""

    client_id = models.UUIDField(_("form id"), unique=True, default=uuid.uuid4, editable=False)
    body_sha256 = models.CharField(_("form fingerprint"), max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Captured(CreatedOnce):
    """A row that may have been written on a device long before it arrived here; only our own time drives deadlines."""

    captured_at = models.DateTimeField(_("written on the device"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that people edit: saving names the version that was seen, and only the newest one passes."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Timestamped(models.Model):
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


def _private_path(instance, name):
    """A name of our own: nothing of the sender's file name reaches the disk."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}.{name.rsplit('.', 1)[-1]}"


class StoredFile(models.Model):
    """A file kept privately and served only after the rights check of what it belongs to."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=_private_path, max_length=200)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def is_image(self):
        return self.content_type == "image/jpeg"

    @classmethod
    def of(cls, clean_file, **fields):
        """An unsaved row for a CleanFile (common.uploads); saving writes the file."""
        row = cls(
            name=clean_file.name,
            content_type=clean_file.content_type,
            size=clean_file.content.size,
            sha256=clean_file.sha256,
            **fields,
        )
        row.file.save(f"file.{clean_file.extension}", clean_file.content, save=False)
        return row
