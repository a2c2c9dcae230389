from django.db import migrations

# The portal's own rules, after what platforms ask of a network; no rule of the ministry. An admin changes them.
PORTAL = "Ambang portal, bukan ketentuan kementerian"
LEVELS = ("strong", "medium", "weak", "no_signal")
BY_LEVEL = {
    "host": ("low", "medium", "high", "high"),
    "stream": ("low", "medium", "high", "high"),
    "join": ("low", "low", "high", "high"),
    "watch": ("low", "low", "medium", "high"),
}
OBSTACLES = {
    "high": ("blank_spot", "only_2g_3g", "fibre_cut", "sea_cable_cut", "power", "tower_down"),
    "medium": (
        "weak_signal", "congestion", "one_operator", "backhaul", "device_broken", "terrain", "weather", "security",
        "interference", "local_network", "other",
    ),
}  # fmt: skip
OTHERS = [
    # about, value, limit, risk
    ("old", "", 180, "medium"),
    ("near", "", 5, "medium"),
    ("tier", "district", None, "medium"),
    ("tier", "regency", None, "medium"),
    ("below", "", None, "high"),
    ("tight", "", 75, "medium"),
    ("mitigated", "", None, "medium"),
    ("ahead", "", 30, "medium"),
    ("recent", "", 14, "medium"),
    ("outage", "outage", None, "high"),
    ("outage", "degraded", None, "medium"),
    ("outage", "reduced", None, "low"),
    ("chance", "low", 10, "low"),
    ("chance", "medium", 40, "medium"),
    ("chance", "high", 80, "high"),
]
ZOOM = "Zoom, system requirements (nus.atlassian.net, 247meeting.com)"
MEET = "Google Meet, bandwidth (support.google.com/a/answer/1279090; ASUS Meet kit manual)"
YOUTUBE = "YouTube Live, encoder settings (support.google.com/youtube/answer/2853702)"
FACEBOOK = "Facebook Live Video API, 720p30 (developers.facebook.com)"
REQUIREMENTS = [
    # need, platform, download and upload (Mbps), latency and jitter (ms), loss (%), source, confidence
    ("host", "", 3.2, 3.2, 150, 40, 2, PORTAL, "medium"),
    ("host", "zoom", 1.5, 1.5, 150, 40, 2, ZOOM, "medium"),
    ("host", "meet", 3.2, 3.2, None, None, None, MEET, "high"),
    ("join", "", 1, 1, 200, 50, 3, PORTAL, "medium"),
    ("join", "zoom", 1, 1, 150, 40, 2, ZOOM, "medium"),
    ("join", "meet", 1, 1, None, None, None, MEET, "high"),
    ("stream", "", 0, 4, None, None, None, PORTAL, "medium"),
    ("stream", "youtube", 0, 3, None, None, None, YOUTUBE, "high"),
    ("stream", "facebook", 0, 1.5, None, None, None, FACEBOOK, "high"),
    ("watch", "", 1, 0, None, None, None, PORTAL, "medium"),
]


def add(apps, schema_editor):
    rule, requirement = apps.get_model("forecast", "Rule"), apps.get_model("forecast", "Requirement")
    rows = [
        ("level", need, level, None, risk)
        for need, risks in BY_LEVEL.items()
        for level, risk in zip(LEVELS, risks, strict=True)
    ]
    rows += [("obstacle", "", kind, None, risk) for risk, kinds in OBSTACLES.items() for kind in kinds]
    rows += [(about, "", value, limit, risk) for about, value, limit, risk in OTHERS]
    fields = ("about", "need", "value", "limit", "risk")
    rule.objects.bulk_create(rule(**dict(zip(fields, row, strict=True)), source=PORTAL) for row in rows)
    fields = (
        "need",
        "platform",
        "download_mbps",
        "upload_mbps",
        "latency_ms",
        "jitter_ms",
        "loss_percent",
        "source",
        "confidence",
    )
    requirement.objects.bulk_create(requirement(**dict(zip(fields, row, strict=True))) for row in REQUIREMENTS)


def remove(apps, schema_editor):
    apps.get_model("forecast", "Rule").objects.all().delete()
    apps.get_model("forecast", "Requirement").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("forecast", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
