"""A field that takes a region by code or by name, and offers the candidates when the name fits several."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.regions.models import Region

CANDIDATES = 12
# How many of them a sentence names, and what stands between several regions.
OFFERED = 4
SEVERAL = re.compile(r"[;\r\n]")
UNKNOWN = gettext_lazy(
    "No region of this name or code lies in your jurisdiction. Check the spelling, or search by code."
)


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
        js = [forms.Script("js/forms.js", type="module")]

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
        found = self._meant(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(UNKNOWN, code="unknown")
        self.widget.candidates = found[:CANDIDATES]
        if len(found) > CANDIDATES:
            sentence = _(
                "More than %(most)s regions fit. Choose one of these, or add the name of the district or regency."
            )
            raise forms.ValidationError(sentence % {"most": CANDIDATES}, code="ambiguous")
        raise forms.ValidationError(_("Several regions fit. Choose one of them."), code="ambiguous")

    def _meant(self, text):
        """The regions that the text may mean, one where that is clear; of many, one more than CANDIDATES."""
        exact = self._by_code(text)
        if exact:
            return [exact]
        found = list(self.regions.current().search(text)[: CANDIDATES + 1])
        named = [region for region in found if _is_all_of(region.name, text)]
        return named if len(named) == 1 else found

    def _by_code(self, text):
        """The region of a code, also when written behind a name as this field shows it: Ciwidey (32.04.39)."""
        code = text[text.rfind("(") + 1 :].rstrip(")").strip() if text.endswith(")") else text.strip()
        try:
            region = Region.objects.resolve(code)
        except Region.DoesNotExist:
            return None
        return self.regions.current().filter(pk=region.pk).first()


class RegionsField(RegionField):
    """Several regions, one a line, by code or by a name that fits one alone. Cleans to a list of Region."""

    widget = forms.Textarea

    def __init__(self, *, most, **kwargs):
        self.most = most
        kwargs.setdefault("label", gettext_lazy("Regions"))
        kwargs.setdefault("help_text", gettext_lazy("One a line, each by its name or code."))
        super().__init__(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(super(RegionsField, self).prepare_value(region) for region in value)

    def clean(self, value):
        text = forms.CharField.clean(self, value)
        lines = list(dict.fromkeys(filter(None, map(str.strip, SEVERAL.split(text)))))
        if len(lines) > self.most:
            sentence = _("Name at most %(most)s regions, or the one above them.")
            raise forms.ValidationError(sentence % {"most": self.most}, code="too_many")
        found = {line: self._meant(line) for line in lines}
        faults = [self._fault(line, meant) for line, meant in found.items() if len(meant) != 1]
        if faults:
            raise forms.ValidationError(faults)
        return list({meant[0].pk: meant[0] for meant in found.values()}.values())

    def _fault(self, line, meant):
        """Why the line names no region, as an error; of several it names the codes to choose from."""
        if not meant:
            sentence = _("“%(line)s”: no region of this name or code lies in your jurisdiction.")
            return forms.ValidationError(sentence % {"line": line}, code="unknown")
        some = ", ".join(f"{region.name} ({region.code})" for region in meant[:OFFERED])
        sentence = _("“%(line)s” fits several regions. Write the code of the one that is meant, for example %(some)s.")
        return forms.ValidationError(sentence % {"line": line, "some": some}, code="ambiguous")


def zone_hint(region):
    """In which zone times are typed; an office of the whole country reads of the region's own."""
    if region is None:
        return _("In the time of the region itself.")
    return _("In local time, %(zone)s.") % {"zone": region.get_time_zone_display()}
