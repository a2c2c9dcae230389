"""What people type about requests, cleaned."""

import uuid
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.fields import FilesField, PlainText, plain
from coordination.common.forms import ClientIdField, PlainForm, VersionField
from coordination.obstacles.models import Obstacle
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Official
from coordination.regions.forms import RegionField
from coordination.regions.models import Level, Region
from coordination.requests.attaching import MAX_ATTACHMENTS
from coordination.requests.choices import DeclineReason, Measure, Outcome, Urgency
from coordination.requests.drafting import coming_activities, draft_for, first_day
from coordination.requests.filing import EDITABLE
from coordination.requests.lateness import Period
from coordination.requests.validators import validate_not_past, validate_plannable
from coordination.uploads.fields import AnnouncedFiles

OFFERED_OBSTACLES = 6
DAYS = {
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "validators": [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
}


class PeriodForm(forms.Form):
    """The days that the report of lateness is about, from the address of the page; the last 90 where none are given."""

    first = forms.DateField(label=gettext_lazy("From the day"), **DAYS)
    last = forms.DateField(label=gettext_lazy("To the day"), **DAYS)

    def __init__(self, query):
        usual = Period.recent()
        super().__init__({day: query.get(day) or getattr(usual, day).isoformat() for day in ("first", "last")})

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        self.period = Period(cleaned["first"], cleaned["last"])
        if self.period.last < self.period.first:
            self.add_error("last", _("The end lies before the beginning."))
        return cleaned


class ObstacleChoices(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obstacle):
        place = ", ".join(obstacle.region_name.split(", ")[:2])
        return f"{obstacle.get_kind_display()} · {place} · {obstacle.number}"


class RequestForm(PlainForm):
    """A coordination request. Short on purpose: it is filled in on phones with a weak signal."""

    client_id = ClientIdField()
    region = RegionField()
    subject = PlainText(label=gettext_lazy("Subject"), max_length=150)
    obstacles = ObstacleChoices(
        label=gettext_lazy("Obstacles"),
        queryset=Obstacle.objects.none(),
        required=False,
        help_text=gettext_lazy("Those that stand in your region, the newest first."),
    )
    more_obstacles = PlainText(
        label=gettext_lazy("Numbers of other obstacles"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("For example HB-3273-2026-0007; several with commas between them."),
    )
    text = PlainText(
        label=gettext_lazy("What is needed"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("What is planned, where, and what would help in time."),
    )
    activities = PlainText(
        label=gettext_lazy("Numbers of activities"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Planned activities that it serves, such as KG-3273-2026-0007."),
    )
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Urgency, initial=Urgency.NORMAL)
    activity_on = forms.DateField(
        label=gettext_lazy("Day of the activity"),
        required=False,
        validators=[validate_plannable],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("If it serves a planned activity: no deadline is later than the day before."),
    )
    files = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        most=MAX_ATTACHMENTS,
        help_text=gettext_lazy("Photos or PDF, at most 10 MB each."),
    )
    announced = AnnouncedFiles(most=MAX_ATTACHMENTS)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        jurisdiction = Jurisdiction.of(actor)
        self.fields["region"].regions = jurisdiction.regions(Region.objects.all())
        visible = Obstacle.objects.visible_to(actor)
        # What the request names already stays choosable when it was cleared or merged meanwhile.
        linked = [obstacle.pk for obstacle in self.initial.get("obstacles", ())]
        standing = visible.standing().of_the_network()
        self.fields["obstacles"].queryset = standing | visible.filter(pk__in=linked)
        self.fields["obstacles"].choices = self._offered(standing, linked)

    def _offered(self, standing, linked):
        """The newest obstacles, those already chosen and those already linked; the numbers of others can be typed."""
        chosen = []
        if self.is_bound:
            chosen = [int(pk) for pk in self.data.getlist("obstacles") if pk.isdecimal() and len(pk) < 19]
        newest = list(standing.order_by("-created_at", "-pk")[:OFFERED_OBSTACLES])
        others = self.fields["obstacles"].queryset.exclude(pk__in=[obstacle.pk for obstacle in newest])
        # What is linked is never left out, or saving would unlink it unseen.
        typed = others.filter(pk__in=chosen).exclude(pk__in=linked)[:OFFERED_OBSTACLES]
        label = self.fields["obstacles"].label_from_instance
        return [(row.pk, label(row)) for row in [*others.filter(pk__in=linked), *typed, *newest]]

    @classmethod
    def new(cls, actor, obstacle=None, activities=()):
        """An empty form with a fresh client_id, filled from the obstacle or the activities it is about, if any."""
        initial = {"client_id": uuid.uuid4(), "region": actor.office.region}
        if obstacle:
            initial |= {"region": obstacle.region, "obstacles": [obstacle]}
        return cls(initial=initial | draft_for(activities, actor), actor=actor)

    def clean_region(self):
        region = self.cleaned_data["region"]
        if region.level == Level.PROVINCE and Jurisdiction(self.actor.office.region_path).is_narrow:
            raise forms.ValidationError(_("Choose a regency, district or village."))
        return region

    def clean_activity_on(self):
        day = self.cleaned_data["activity_on"]
        if day and "activity_on" in self.changed_data and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return day

    def clean_activities(self):
        numbers = _numbers(self.cleaned_data["activities"])
        linked = self.initial.get("linked_activities", ())
        found = {each.number: each for each in [*linked, *coming_activities(self.actor, numbers)]}
        unknown = numbers - found.keys()
        if unknown:
            raise forms.ValidationError(
                _("Not among the activities that are planned in your region: %(numbers)s.")
                % {"numbers": ", ".join(sorted(unknown))}
            )
        return [found[number] for number in sorted(numbers)]

    def clean_more_obstacles(self):
        numbers = _numbers(self.cleaned_data["more_obstacles"])
        found = list(self.fields["obstacles"].queryset.filter(number__in=numbers))
        unknown = numbers - {obstacle.number for obstacle in found}
        if unknown:
            raise forms.ValidationError(
                _("Not among the network obstacles that stand in your region: %(numbers)s.")
                % {"numbers": ", ".join(sorted(unknown))}
            )
        return found

    def clean(self):
        cleaned = super().clean()
        self._clean_activities_with_the_rest(cleaned)
        if "obstacles" not in cleaned or "more_obstacles" not in cleaned:
            return cleaned
        chosen = {obstacle.pk: obstacle for obstacle in [*cleaned["obstacles"], *cleaned["more_obstacles"]]}
        cleaned["obstacles"] = list(chosen.values())
        region = cleaned.get("region")
        elsewhere = [o for o in chosen.values() if region and not o.region.path.startswith(region.regency_path)]
        if elsewhere:
            self.add_error("obstacles", _("All obstacles must lie in the regency of the request."))
        return cleaned

    def _clean_activities_with_the_rest(self, cleaned):
        """All lie in the regency of the request, which is due before the first of them."""
        activities, region = cleaned.get("activities"), cleaned.get("region")
        if not activities:
            return
        if region and any(not each.region.path.startswith(region.regency_path) for each in activities):
            self.add_error("activities", _("All activities must lie in the regency of the request."))
        elif "activity_on" in cleaned:
            typed, first = cleaned["activity_on"], first_day(activities)
            cleaned["activity_on"] = min(typed, first) if typed else first


def _numbers(text):
    """The numbers in a text, with commas between them."""
    return {number.strip().upper() for number in text.split(",") if number.strip()}


class EditRequestForm(RequestForm):
    version = VersionField()

    @classmethod
    def of(cls, request, actor, *sent):
        """The form of a request that is edited, with what was sent, if anything was."""
        names = ("region", "subject", "text", "urgency", "activity_on")
        initial = {name: getattr(request, name) for name in names}
        activities = list(request.activities.select_related("region").order_by("number"))
        initial |= {
            "obstacles": list(request.obstacles.all()),
            "activities": ", ".join(map(str, activities)),
            "linked_activities": activities,
            "version": request.version,
        }
        return cls(*sent, initial=initial, actor=actor)

    def differences(self, present):
        """(label, present value) of each field that was typed otherwise than the request has it now."""
        typed, obstacles = self.cleaned_data, list(present.obstacles.order_by("pk"))
        shown = {
            "region": present.region_name,
            "urgency": present.get_urgency_display(),
            "activity_on": present.activity_on and date_format(present.activity_on),
        }
        differing = [name for name in EDITABLE if getattr(present, name) != typed[name]]
        found = [(self.fields[name].label, shown.get(name, getattr(present, name)) or "–") for name in differing]
        activities = list(present.activities.order_by("number"))
        if activities != typed["activities"]:
            found.append((self.fields["activities"].label, ", ".join(map(str, activities)) or "–"))
        if {obstacle.pk for obstacle in obstacles} != {obstacle.pk for obstacle in typed["obstacles"]}:
            found.append((self.fields["obstacles"].label, ", ".join(map(str, obstacles)) or "–"))
        return found


class StepForm(PlainForm):
    """What every step carries: the version that was seen."""

    version = VersionField()

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.initial.setdefault("version", request.version)


def _note(label, *, required=True, help_text=""):
    return PlainText(
        label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


class AcceptForm(StepForm):
    note = _note(gettext_lazy("First answer to the applicant"))


class ReturnForm(StepForm):
    note = _note(gettext_lazy("What is missing"))


class DeclineForm(StepForm):
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=DeclineReason)
    note = _note(gettext_lazy("What the applicant can do instead"))


class AssignForm(StepForm):
    person_in_charge = forms.ModelChoiceField(
        label=gettext_lazy("Person in charge"), queryset=Official.objects.none(), empty_label=gettext_lazy("Choose …")
    )
    note = _note(gettext_lazy("Instruction"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        office = self.request.handling_office.in_service
        self.fields["person_in_charge"].queryset = Official.objects.acting().filter(office=office)


class StartForm(StepForm):
    planned_measure = _note(gettext_lazy("Planned measure"))
    target_date = forms.DateField(
        label=gettext_lazy("Target date"),
        validators=[validate_not_past, validate_plannable],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class WaitForm(StepForm):
    waiting_for = PlainText(
        label=gettext_lazy("Third party"), max_length=150, help_text=gettext_lazy("Operator, PLN, BAKTI, Balmon …")
    )
    waiting_reference = PlainText(
        label=gettext_lazy("Reference"),
        max_length=150,
        help_text=gettext_lazy("Number of the letter or ticket, or the name of whom you spoke to."),
    )
    waiting_until = forms.DateField(
        label=gettext_lazy("Until when"),
        validators=[validate_not_past, validate_plannable],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = _note(gettext_lazy("Note"), required=False)


class ForwardForm(StepForm):
    note = _note(gettext_lazy("Why it is forwarded"))


class ResolveForm(StepForm):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Outcome)
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("Measures taken"), choices=Measure, widget=forms.CheckboxSelectMultiple
    )
    note = _note(gettext_lazy("Result in words"))
    files = FilesField(
        label=gettext_lazy("Evidence"),
        required=False,
        most=MAX_ATTACHMENTS,
        help_text=gettext_lazy("Photos or PDF, at most 10 MB each."),
    )
    announced = AnnouncedFiles(most=MAX_ATTACHMENTS)


class ReopenForm(StepForm):
    note = _note(gettext_lazy("Why it is reopened"))


class WithdrawForm(StepForm):
    note = _note(gettext_lazy("Reason"))


class ResumeForm(StepForm):
    note = _note(gettext_lazy("Note"), required=False)


STEP_FORMS = {
    "submit": StepForm,
    "accept": AcceptForm,
    "return": ReturnForm,
    "decline": DeclineForm,
    "assign": AssignForm,
    "start": StartForm,
    "wait": WaitForm,
    "resume": ResumeForm,
    "forward": ForwardForm,
    "resolve": ResolveForm,
    "confirm": ResumeForm,
    "reopen": ReopenForm,
    "withdraw": WithdrawForm,
}


def step_form(verb, request, data=None, files=None):
    """The form of a step; its ids carry the verb, since one page holds several forms with the same fields."""
    return STEP_FORMS[verb](data, files, request=request, auto_id=f"{verb}_%s")


def text_field(verb):
    """The name of the field of a step in which its words are written."""
    return "note" if "note" in STEP_FORMS[verb].base_fields else "planned_measure"


def with_text(form, verb, typed, text):
    """A step's form that was not sent yet, with what was typed in it so far and `text` below what was written."""
    kept = {name: field.widget.value_from_datadict(typed, {}, name) for name, field in form.fields.items()}
    form.initial |= {name: value for name, value in kept.items() if name in typed}
    written = plain(typed.get(text_field(verb), "")).strip()
    form.initial[text_field(verb)] = "\n\n".join(filter(None, (written, text)))
    form.is_typed = True  # newer than any draft of it
    return form


class CommentForm(PlainForm):
    client_id = ClientIdField()
    text = _note(gettext_lazy("Comment"))
    internal = forms.BooleanField(label=gettext_lazy("Only for my office (internal note)"), required=False)


class AttachForm(PlainForm):
    files = FilesField(
        label=gettext_lazy("Files"), most=MAX_ATTACHMENTS, help_text=gettext_lazy("Photos or PDF, at most 10 MB each.")
    )
