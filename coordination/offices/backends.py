"""Finds the signed-in official together with office and region, since every page needs all three."""

from allauth.account.auth_backends import AuthenticationBackend

from coordination.offices.models import Official


class OfficialBackend(AuthenticationBackend):
    def get_user(self, user_id):
        """The official, or None once deactivated: that ends all sessions at the very next request."""
        official = Official.objects.select_related("office__region").filter(pk=user_id).first()
        return official if official and self.user_can_authenticate(official) else None
