"""A field that takes a region by code or by name, and offers the candidates when the name fits several."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.regions.models import Region

CANDIDATES = 12


def _is_all_of(name, text):
    """Whether the text is the whole name, with or without what stands before a regency's: "merauke" is a district's
    name and Kab. Merauke's too, so that it must be asked which of them was meant."""
    name = name.casefold()
    return text.strip().casefold() in (name, name.removeprefix("kab. ").removeprefix("kota "))


class RegionInput(forms.TextInput):
    """A text input; once a name was ambiguous, radio buttons with the candidates beside it."""

    template_name = "regions/_region_input.html"
    candidates = ()

    class Media:
        js = [forms.Script("js/region-picker.js", defer=True)]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["candidates"] = self.candidates
        return context

    def value_from_datadict(self, data, files, name):
        """A chosen candidate wins over the text it was chosen for, unless the text was changed since."""
        choice, text = data.get(f"{name}_choice"), data.get(name)
        return choice if choice and text == data.get(f"{name}_asked", text) else text


class RegionField(forms.CharField):
    """Cleans to a Region within `regions`, a queryset that the form sets to the actor's jurisdiction."""

    widget = RegionInput
    regions = Region.objects.none()

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("label", gettext_lazy("Region"))
        kwargs.setdefault("help_text", gettext_lazy("Name or code of the village, district or regency."))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return f"{value.name} ({value.code})" if isinstance(value, Region) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        exact = self._by_code(text)
        if exact:
            return exact
        found = list(self.regions.current().search(text)[: CANDIDATES + 1])
        named = [region for region in found if _is_all_of(region.name, text)]
        if len(found) == 1 or len(named) == 1:
            return (named or found)[0]
        if not found:
            raise forms.ValidationError(
                _("No region of this name or code lies in your jurisdiction. Check the spelling, or search by code."),
                code="unknown",
            )
        self.widget.candidates = found[:CANDIDATES]
        if len(found) > CANDIDATES:
            sentence = _(
                "More than %(most)s regions fit. Choose one of these, or add the name of the district or regency."
            )
            raise forms.ValidationError(sentence % {"most": CANDIDATES}, code="ambiguous")
        raise forms.ValidationError(_("Several regions fit. Choose one of them."), code="ambiguous")

    def _by_code(self, text):
        """The region of a code, also when written behind a name as this field shows it: Ciwidey (32.04.39)."""
        code = text[text.rfind("(") + 1 :].rstrip(")").strip() if text.endswith(")") else text.strip()
        try:
            region = Region.objects.resolve(code)
        except Region.DoesNotExist:
            return None
        return self.regions.current().filter(pk=region.pk).first()
