"""Pages about forecasts: find, read, show; and the question after an activity."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination.campaigns import planning
from coordination.campaigns.models import CampaignActivity
from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError
from coordination.common.forms import refuse
from coordination.common.idempotency import fingerprint, made_before, sent_id
from coordination.common.paging import page
from coordination.forecast import experience, queries, scoring
from coordination.forecast.choices import About, Risk
from coordination.forecast.evidence import MEASURED_WITHIN, REACH_KM
from coordination.forecast.forms import ExperienceForm, RiskForm, ScoreForm
from coordination.forecast.models import Experience, Requirement, Rule
from coordination.forecast.suggesting import PLACES_WITHIN_KM, suggestions
from coordination.forecast.wording import tell, value_in_words


def _get_visible(request, number):
    """The activity of this number, or 404 for whoever may not know of it."""
    visible = CampaignActivity.objects.visible_to(request.user)
    visible = visible.select_related("region", "office", "method", "forecast", "experience")
    return get_object_or_404(visible, number=number.replace("\x00", ""))


@require_GET
def at_risk(request):
    form = RiskForm(request.GET, user=request.user)
    form.is_valid()
    risk, region = (form.cleaned_data.get(name) for name in ("risk", "region"))
    rows = queries.at_risk_soon(request.user, timezone.now(), [risk] if risk else queries.AT_RISK)
    if region:
        rows = rows.filter(region__path__startswith=region.path)
    context = {
        "page": page(rows, "starts_at", descending=False, cursor=request.GET.get("dari", "")),
        "form": form,
        "may_request": planning.may_register(request.user),
    }
    return render(request, "forecast/list.html", context)


@require_GET
def detail(request, number):
    """Why an activity has its risk, and what would lower it."""
    activity = _get_visible(request, number)
    forecast = getattr(activity, "forecast", None)
    stands = forecast is not None and queries.is_coming(activity)
    zone = ZoneInfo(activity.region.time_zone)
    context = {
        "activity": activity,
        "forecast": forecast,
        "reasons": [tell(reason, zone) for reason in forecast.reasons] if forecast else [],
        "suggestions": suggestions(activity, forecast.risk) if stands and forecast.risk != Risk.LOW else None,
        "may_request": stands and planning.may_register(request.user),
    }
    return render(request, "forecast/detail.html", context)


@require_http_methods(["GET", "POST"])
def network_held(request, number):
    activity = _get_visible(request, number)
    if request.method == "GET":
        if not experience.may_answer(request.user, activity):
            return _not_asked(request, activity)
        kept = parking.parked(request)
        return _question(request, activity, ExperienceForm(kept) if kept is not None else ExperienceForm.new())
    if not planning.is_own(request.user, activity):
        return _not_asked(request, activity)
    before = made_before(Experience, request.POST, None, owner={"official": request.user})
    if before and before.activity_id == activity.pk:
        return _answered(request, activity, is_new=False)
    form = ExperienceForm(request.POST)
    if not form.is_valid():
        return _question(request, activity, form, status=422)
    try:
        _made, is_new = experience.answer(
            activity, {name: form.cleaned_data[name] for name in ("answer", "trouble")}, actor=request.user,
            client_id=form.cleaned_data["client_id"], body_sha256=fingerprint(request.POST),
            captured_at=answers.captured_at(request),
        )  # fmt: skip
    except AlreadyDone as done:
        return answers.saved(request, activity, str(done), client_id=sent_id(request.POST), is_new=False,
                             tell=messages.info)  # fmt: skip
    except DomainError as error:
        refuse(form, error)
        return _question(request, activity, form, status=422)
    return _answered(request, activity, is_new=is_new)


def _not_asked(request, activity):
    messages.warning(request, _("The office that registered an activity tells once how the network did."))
    return redirect(activity)


def _question(request, activity, form, status=200):
    return answers.page(
        request, "forecast/question.html", {"form": form, "activity": activity}, form=form, status=status
    )


def _answered(request, activity, *, is_new):
    said = _("Thank you. The answer helps the next activities there.")
    return answers.saved(request, activity, said, client_id=sent_id(request.POST), is_new=is_new)


@require_GET
def rules(request):
    """The rules as they stand now, in the order in which they are weighed."""
    rows = list(Rule.objects.exclude(about=About.CHANCE))
    by_kind = [(about.label, [(row, value_in_words(row)) for row in rows if row.about == about]) for about in About]
    context = {
        "kinds": [kind for kind in by_kind if kind[1]],
        "requirements": Requirement.objects.all(),
        "reach": REACH_KM,
        "measured": MEASURED_WITHIN.days,
        "places": PLACES_WITHIN_KM,
    }
    return render(request, "forecast/rules.html", context)


@require_GET
def honesty(request):
    """How often the forecasts came true."""
    form = ScoreForm(request.GET)
    form.is_valid()
    election = form.cleaned_data.get("election")
    found = scoring.score(request.user, begun_before=timezone.now(), election=election)
    return render(request, "forecast/honesty.html", {"form": form, "score": found, "election": election})
