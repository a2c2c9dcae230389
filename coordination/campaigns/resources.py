"""Elections and what belongs to them as rows of a list. The names of the columns are fixed words, as in every list."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from import_export import fields, widgets

from coordination.campaigns.choices import Confidence, StageKind
from coordination.campaigns.models import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.people.resources import ChoiceWidget, DayWidget, ListResource, RegionWidget

ANSWERS = {"ya": True, "yes": True, "1": True, "tidak": False, "no": False, "0": False}
SHOWN = 60
LARGEST = 2_147_483_647  # of a whole number in the database


class SlugWidget(widgets.Widget):
    """An election or method by its short name; each is asked for once a list."""

    def __init__(self, model):
        super().__init__()
        self.model, self.found = model, {}

    def clean(self, value, row=None, **kwargs):
        if value not in self.found:
            self.found[value] = self.model.objects.filter(slug=value).first()
        if self.found[value] is None:
            raise ValueError(_("Nothing has the short name “%(slug)s”.") % {"slug": value[:SHOWN]})
        return self.found[value]

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""


class AnswerWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        try:
            return ANSWERS[value.casefold()]
        except KeyError:
            raise ValueError(_("“%(value)s” is neither ya nor tidak.") % {"value": value[:SHOWN]}) from None

    def render(self, value, obj=None, **kwargs):
        return "ya" if value else "tidak"


class NumberWidget(widgets.Widget):
    """A whole number; empty for none."""

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if not (value.isdecimal() and len(value) <= len(str(LARGEST)) and int(value) <= LARGEST):
            raise ValueError(_("“%(value)s” is not a whole number.") % {"value": value[:SHOWN]})
        return int(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class ElectionListResource(ListResource):
    """Rows without a version or history of their own: the admin's log tells who imported them."""

    def get_queryset(self):
        return self._meta.model.objects.all()

    def do_instance_save(self, instance, is_create):
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError as error:
            instance.full_clean()  # names the fields and says what contradicts
            raise ValidationError(_("This row contradicts another one that exists already.")) from error


class ElectionResource(ElectionListResource):
    slug = fields.Field("slug", "singkatan")
    name = fields.Field("name", "nama")
    campaign_from = fields.Field("campaign_from", "kampanye_dari", DayWidget())
    campaign_to = fields.Field("campaign_to", "kampanye_sampai", DayWidget())
    voting_date = fields.Field("voting_date", "hari_pemungutan_suara", DayWidget())
    source = fields.Field("source", "sumber")

    class Meta:
        model = Election
        fields = ("slug", "name", "campaign_from", "campaign_to", "voting_date", "source")
        import_id_fields = ("slug",)
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """As inherited; and the stages that it has already must go on to agree with its days."""
        super().validate_instance(instance, import_validation_errors, validate_unique)
        for stage in instance.stages.all() if instance.pk else ():
            stage.election = instance
            stage.clean()


class ContestResource(ElectionListResource):
    election = fields.Field("election", "pemilihan", SlugWidget(Election))
    region = fields.Field("region", "kode_wilayah", RegionWidget())
    source = fields.Field("source", "sumber")
    confidence = fields.Field("confidence", "keyakinan", ChoiceWidget(Confidence))

    class Meta:
        model = Contest
        fields = ("election", "region", "source", "confidence")
        import_id_fields = ("election", "region")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def get_queryset(self):
        return super().get_queryset().select_related("election", "region")


class StageResource(ElectionListResource):
    election = fields.Field("election", "pemilihan", SlugWidget(Election))
    kind = fields.Field("kind", "tahapan", ChoiceWidget(StageKind))
    name = fields.Field("name", "nama")
    starts_on = fields.Field("starts_on", "mulai", DayWidget())
    ends_on = fields.Field("ends_on", "selesai", DayWidget())
    source = fields.Field("source", "sumber")
    confidence = fields.Field("confidence", "keyakinan", ChoiceWidget(Confidence))

    class Meta:
        model = Stage
        fields = ("election", "kind", "name", "starts_on", "ends_on", "source", "confidence")
        import_id_fields = ("election", "kind")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def get_queryset(self):
        return super().get_queryset().select_related("election")


class CampaignMethodResource(ElectionListResource):
    slug = fields.Field("slug", "singkatan")
    letter = fields.Field("letter", "huruf")
    name = fields.Field("name", "nama")
    meets_online = fields.Field("meets_online", "dapat_daring", AnswerWidget())

    class Meta:
        model = CampaignMethod
        fields = ("slug", "letter", "name", "meets_online")
        import_id_fields = ("slug",)
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True


class ElectionMethodResource(ElectionListResource):
    election = fields.Field("election", "pemilihan", SlugWidget(Election))
    method = fields.Field("method", "metode", SlugWidget(CampaignMethod))
    allowed = fields.Field("allowed", "boleh", AnswerWidget())
    from_date = fields.Field("from_date", "mulai", DayWidget())
    to_date = fields.Field("to_date", "selesai", DayWidget())
    most_people = fields.Field("most_people", "orang_terbanyak", NumberWidget())
    online_first = fields.Field("online_first", "utamakan_daring", AnswerWidget())
    online_only = fields.Field("online_only", "hanya_daring", AnswerWidget())
    note = fields.Field("note", "catatan")
    source = fields.Field("source", "sumber")
    confidence = fields.Field("confidence", "keyakinan", ChoiceWidget(Confidence))

    class Meta:
        model = ElectionMethod
        fields = (
            "election", "method", "allowed", "from_date", "to_date", "most_people", "online_first", "online_only",
            "note", "source", "confidence",
        )  # fmt: skip
        import_id_fields = ("election", "method")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def get_queryset(self):
        return super().get_queryset().select_related("election", "method")
