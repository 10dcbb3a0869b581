"""Atom feeds of reports: of all, or of those that the list's filters name, and of one."""

from django.conf import settings
from django.db.models import Max

from registry.history.feeds import AbsoluteFeed, SubjectFeed, feed_safe

from .forms import FilterForm
from .models import Replication
from .wording import standing

MOST = 50


class ReplicationFeed(AbsoluteFeed):
    """The newest reports; a change of state shows as a later date of the same entry."""

    title = "Daylight: replications and leaks"
    subtitle = "Reports that what was withheld was reached by others, or came out."
    link = "/replications/"

    def get_object(self, request):
        return request

    def items(self, request):
        reports = Replication.objects.visible_to(request.user).with_all()
        changed = reports.annotate(given=Max("verdicts__given_at"), taken_back=Max("verdicts__withdrawn_at"))
        return FilterForm(request.GET).narrow(changed).order_by("-pk")[:MOST]

    def item_title(self, report):
        return feed_safe(report.title)

    def item_description(self, report):
        return feed_safe(standing(report))

    def item_link(self, report):
        return report.get_absolute_url()

    def item_guid(self, report):
        return settings.BASE_URL + report.get_absolute_url()

    def item_pubdate(self, report):
        return report.reported_at

    def item_updateddate(self, report):
        return max(at for at in (report.reported_at, report.given, report.taken_back, report.withdrawn_at) if at)

    def item_author_name(self, report):
        return feed_safe(report.name)

    def item_author_link(self, report):
        return settings.BASE_URL + report.reporter.get_absolute_url()


class OneReplicationFeed(SubjectFeed):
    """What happens to one report."""
