"""Every model of the registry, by slice, so that Django finds them."""

from registry.access.models import AccessRequest, Programme, Step
from registry.accounts.models import Affiliation, ApiToken, Pseudonym, User
from registry.analyses.models import Run, RunInput
from registry.claims.models import Claim
from registry.clock.models import Curve, EntryClock, Withholding
from registry.core.dispatch import Pulse
from registry.core.files import StoredFile
from registry.core.idempotency import OnceKey
from registry.core.limits import RateBucket
from registry.core.mail import OutboundMail
from registry.core.subjects import Subject
from registry.facts.models import Fact, Statement
from registry.history.models import Event
from registry.intents.models import Intent, IntentChange
from registry.labs.models import DomainCheck, FormerMembership, Invitation, Lab, Membership
from registry.norms.models import Clause, Declaration, Norm, NormVersion, Wording
from registry.promises.models import Promise, PromiseCount
from registry.releases.models import Approval, Entry, PlannedPublication, Revision, Withdrawal
from registry.replications.models import Replication, Verdict
from registry.samples.models import SampleFile

__all__ = [
    "AccessRequest", "Affiliation", "ApiToken", "Approval", "Claim", "Clause", "Curve", "Declaration", "DomainCheck",
    "Entry", "EntryClock", "Event", "Fact", "FormerMembership", "Intent", "IntentChange", "Invitation", "Lab",
    "Membership", "Norm", "NormVersion", "OnceKey", "OutboundMail", "PlannedPublication", "Programme", "Promise",
    "PromiseCount", "Pseudonym", "Pulse", "RateBucket", "Replication", "Revision", "Run", "RunInput", "SampleFile",
    "Statement", "Step", "StoredFile", "Subject", "User", "Verdict", "Withdrawal", "Withholding", "Wording",
]  # fmt: skip
