"""Labs as JSON."""

from rest_framework import serializers

from registry.core.api import StrictSerializer


class LabInput(StrictSerializer):
    name = serializers.CharField(max_length=120)
    slug = serializers.CharField(max_length=60)
    homepage = serializers.URLField(max_length=300, required=False, allow_blank=True)
    about = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    belongs = serializers.BooleanField(
        required=False,
        help_text="false, for moderators: a lab without members, about which entries are curated.",
    )


class ApprovalSetting(StrictSerializer):
    needed = serializers.BooleanField()


class LabSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    homepage = serializers.CharField()
    about = serializers.CharField()
    verified_domain = serializers.CharField()
    needs_approval = serializers.BooleanField(help_text="Whether a second member approves what it publishes.")
    verified_at = serializers.DateTimeField(allow_null=True)
    members = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    url = serializers.CharField(source="get_absolute_url")

    def get_members(self, lab) -> list[dict[str, str]]:
        return [{"person": m.user.handle, "role": m.role} for m in lab.memberships.all()]
