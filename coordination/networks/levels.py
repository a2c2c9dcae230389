"""Which level a measurement shows: each known figure is held against the thresholds, and the worst decides."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.networks.choices import NetworkLevel, Technology

ORDER = list(NetworkLevel)


@dataclass(frozen=True)
class Parameter:
    """One measured figure: the field of an Assessment that holds it, and that of a Threshold that limits it."""

    name: str
    limit: str
    label: str
    unit: str
    more_is_better: bool = False

    def holds(self, value, threshold):
        """Whether the value is good enough for the threshold's level; anything is where it has no limit."""
        limit = getattr(threshold, self.limit)
        if limit is None:
            return True
        return value >= limit if self.more_is_better else value <= limit

    def text(self, value):
        """The value with its unit, without zeros at its end: 0,05 Mbps."""
        digits = f"{value:f}" if "." not in f"{value:f}" else f"{value:f}".rstrip("0").rstrip(".")
        return f"{number_format(digits, force_grouping=True)} {self.unit}"

    def limit_text(self, threshold):
        """The threshold's limit, such as ≥ 10 Mbps; empty where it has none."""
        limit = getattr(threshold, self.limit)
        return "" if limit is None else f"{'≥' if self.more_is_better else '≤'} {self.text(limit)}"


PARAMETERS = (
    Parameter("download_mbps", "least_download_mbps", _("Download"), "Mbps", more_is_better=True),
    Parameter("upload_mbps", "least_upload_mbps", pgettext_lazy("measurement", "Upload"), "Mbps", more_is_better=True),
    Parameter("latency_ms", "most_latency_ms", _("Latency"), "ms"),
    Parameter("jitter_ms", "most_jitter_ms", _("Jitter"), "ms"),
    Parameter("loss_percent", "most_loss_percent", _("Packets lost"), "%"),
)


@dataclass(frozen=True)
class Finding:
    """A known figure and the best level for which it is good enough."""

    parameter: Parameter
    value: object
    level: str

    @property
    def text(self):
        return self.parameter.text(self.value)


def findings(values, thresholds):
    """A Finding for each figure among `values` (a mapping by field) that is known. `thresholds` come best first."""
    known = [(parameter, values.get(parameter.name)) for parameter in PARAMETERS]
    return [
        Finding(parameter, value, next(row.level for row in thresholds if parameter.holds(value, row)))
        for parameter, value in known
        if value is not None
    ]


def classify(values, thresholds):
    """The level of a measurement; None where nothing was measured.

    "No signal" is what a person says by the technology, and no figure contradicts it; two zeros alone say only that
    nothing came through.
    """
    if values.get("technology") == Technology.NONE and not shows_connection(values):
        return NetworkLevel.NO_SIGNAL
    return worst(finding.level for finding in findings(values, thresholds))


def worst(levels):
    """The worst of several levels; None of none."""
    return max(levels, key=ORDER.index, default=None)


def shows_connection(values):
    """Whether a figure could not have been measured without a signal."""
    moved = values.get("download_mbps") or values.get("upload_mbps")
    return bool(moved) or values.get("latency_ms") is not None or values.get("jitter_ms") is not None
