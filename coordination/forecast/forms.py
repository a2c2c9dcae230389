"""What people type about forecasts and about how the network did, cleaned."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.campaigns.models import Election
from coordination.common.fields import PlainText
from coordination.common.forms import ClientIdField, PlainForm
from coordination.forecast.choices import Answer, Risk
from coordination.offices.jurisdiction import Jurisdiction
from coordination.regions.forms import RegionField
from coordination.regions.models import Region


class RiskForm(forms.Form):
    """Which activities the list shows, from the address of the page."""

    risk = forms.ChoiceField(
        label=gettext_lazy("Risk"),
        required=False,
        choices=[("", gettext_lazy("Medium and high")), *Risk.choices],
    )
    region = RegionField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].regions = Jurisdiction.of(user).regions(Region.objects.all())


class ScoreForm(forms.Form):
    """Of which election, from the address of the page."""

    election = forms.ModelChoiceField(
        label=gettext_lazy("Election"),
        queryset=Election.objects.all(),
        required=False,
        empty_label=gettext_lazy("All elections"),
    )


class ExperienceForm(PlainForm):
    client_id = ClientIdField()
    answer = forms.ChoiceField(
        label=gettext_lazy("Did the network hold?"), choices=Answer, widget=forms.RadioSelect, initial=""
    )
    trouble = PlainText(
        label=gettext_lazy("If not: with what?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "For example: the picture froze from 10.00 on. The ICT office reads this: name no candidates."
        ),
    )

    @classmethod
    def new(cls):
        return cls(initial={"client_id": uuid.uuid4()})

    def clean(self):
        cleaned = super().clean()
        went_wrong = cleaned.get("answer") in (Answer.TROUBLE, Answer.NO)
        if went_wrong and not cleaned.get("trouble") and "trouble" not in self.errors:
            self.add_error("trouble", _("Say in a sentence what went wrong."))
        return cleaned
