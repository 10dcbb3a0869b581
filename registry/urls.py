"""Every address of the site, slice by slice; those that are asked for most come early."""

from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from registry.core import views
from registry.releases.views import reading

favicon = require_safe(RedirectView.as_view(url="/static/daylight/img/favicon.svg", permanent=True))
urlpatterns = [
    path("", reading.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", favicon, name="favicon"),
    path("files/<int:pk>/", views.download, name="download"),
    path("api/", views.api_docs, name="api"),
    path("api/", include("registry.api")),
    path("accounts/", include("allauth.urls")),
    path("", include("discussions.threads.urls")),
    path("", include("registry.history.urls")),
    path("", include("registry.accounts.urls")),
    path("labs/", include("registry.labs.urls")),
    path("", include("registry.facts.urls")),
    path("", include("registry.claims.urls")),
    path("", include("registry.samples.urls")),
    path("", include("registry.access.urls")),
    path("", include("registry.finding.urls")),
    path("releases/", include("registry.releases.urls")),
    path("", include("registry.replications.urls")),
    path("", include("registry.intents.urls")),
    path("clock/", include("registry.clock.urls")),
    path("promises/", include("registry.promises.urls")),
    path("", include("registry.norms.urls")),
    path("", include("registry.analyses.urls")),
    path("", include("registry.exchange.urls")),
    path("search/", include("registry.search.urls")),
    path("", include("discussions.votes.urls")),
    path("", include("discussions.disclosures.urls")),
    path("", include("discussions.summaries.urls")),
    path("concerns/", include("discussions.concerns.urls")),
    path("letters/", include("discussions.letters.urls")),
    path("", include("discussions.moderation.urls")),
    path("workshops/", include("discussions.workshops.urls")),
    path("", include("discussions.notifications.urls")),
    path("", include("discussions.mail_in.urls")),
]
handler400 = "registry.core.views.bad_request"
handler404 = "registry.core.views.not_found"
handler500 = "registry.core.views.server_error"
