from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "coordination.campaigns"
