"""The words a release entry may use: each has a stored value, a label for people and a short explanation."""

from django.db import models


class Words(models.TextChoices):
    """Choices written as `value, explanation, label`; Django takes the last as the label."""

    def __new__(cls, value, explanation=""):
        member = str.__new__(cls, value)
        member._value_ = value
        member.explanation = explanation
        return member


class ArtefactKind(Words):
    MODEL = "model", "Something trained that is run on inputs.", "Model"
    DATASET = "dataset", "A collection that others train or test on.", "Dataset"
    CODE = "code", "Programs without weights or data of their own.", "Code"
    PAPER = "paper", "A text that describes a method or a result.", "Paper"
    SYSTEM = "system", "A product or service built from several parts.", "System"


class Family(Words):
    WEIGHTS = "weights", "What training produced.", "Weights"
    CODE = "code", "Programs and settings that make or run it.", "Code"
    DATA = "data", "What it was trained or tested on.", "Data"
    DOCUMENTS = "documents", "What was written about it.", "Documents"
    ACCESS = "access", "Ways to use it on the lab's own machines.", "Access"


class Component(Words):
    WEIGHTS_FINAL = "weights_final", "The trained parameters that are meant for use.", "Weights"
    WEIGHTS_INTERMEDIATE = "weights_intermediate", "Checkpoints saved during training.", "Intermediate weights"
    OPTIMIZER_STATE = "optimizer_state", "What is needed to go on training.", "Optimiser state"
    ARCHITECTURE_CONFIG = "architecture_config", "The layout and its hyper-parameters.", "Architecture"
    TOKENIZER = "tokenizer", "How text is cut into units.", "Tokeniser"
    TRAINING_CODE = "training_code", "Programs that train the weights.", "Training code"
    PREPROCESSING_CODE = "preprocessing_code", "Programs that prepare the data.", "Preprocessing code"
    INFERENCE_CODE = "inference_code", "Programs that run the weights, decoding included.", "Inference code"
    EVALUATION_CODE = "evaluation_code", "Programs that measure results.", "Evaluation code"
    SUPPORTING_TOOLS = "supporting_tools", "Other programs that help to use it.", "Supporting tools"
    TRAINING_DATA = "training_data", "What the weights were trained on.", "Training data"
    DATA_SUBSET_OR_SAMPLE = "data_subset_or_sample", "A part of the data, shown for inspection.", "Data sample"
    EVALUATION_DATA = "evaluation_data", "What the results were measured on.", "Evaluation data"
    EVALUATION_RESULTS = "evaluation_results", "Measured results in full.", "Evaluation results"
    SAMPLE_OUTPUTS = "sample_outputs", "Outputs published as examples.", "Samples"
    PAPER = "paper", "The article that describes it.", "Paper"
    TECHNICAL_REPORT = "technical_report", "A report by the lab itself.", "Technical report"
    MODEL_CARD = "model_card", "A summary of uses, limits and results of a model.", "Model card"
    DATA_CARD = "data_card", "A summary of what the data hold and how they were gathered.", "Data card"
    SYSTEM_CARD = "system_card", "A summary of a whole system and its safeguards.", "System card"
    GOVERNANCE_CARD = "governance_card", "Who decides about it and how.", "Governance card"
    TRAINING_LOG = "training_log", "The record of the training runs.", "Training log"
    DEMO = "demo", "A page on which people can try it.", "Demo"
    API = "api", "A programming interface on the lab's machines.", "API"
    DETECTOR = "detector", "A tool that recognises its outputs.", "Detector"
    USAGE_POLICY = "usage_policy", "The rules for using it.", "Usage policy"

    @property
    def family(self):
        return FAMILY_OF[self]


class Mode(Words):
    FULLY_CLOSED = "fully_closed", "Nobody outside the lab has it.", "Fully closed"
    HOSTED = "hosted", "Used on the lab's machines through a page.", "Hosted"
    API = "api", "Used on the lab's machines through a programming interface.", "API"
    DOWNLOADABLE = "downloadable", "A copy can be kept and run.", "Downloadable"
    FULLY_OPEN = "fully_open", "A copy can be kept, and all that is needed to study and rebuild it.", "Fully open"


class Gate(Words):
    NONE = "none", "Nothing stands before it.", "No gate"
    CLICKTHROUGH = "clickthrough", "Terms are accepted with a click.", "Click-through"
    REGISTRATION = "registration", "An account or an address is asked for.", "Registration"
    APPLICATION_AUTO = "application_auto", "A form that is granted by itself.", "Application, granted automatically"
    APPLICATION_MANUAL = "application_manual", "A form that a person decides on.", "Application, decided by a person"
    INVITATION = "invitation", "The lab asks people in.", "Invitation"
    PARTNERS_UNDER_AGREEMENT = "partners_under_agreement", "A contract is signed first.", "Partners under agreement"
    QUERY_ONLY = "query_only", "Questions are answered; no copy is given.", "Queries only"
    SCRAPING_SCRIPT = "scraping_script", "A program that gathers it anew is given.", "Script to gather it"


class Audience(Words):
    INTERNAL = "internal", "The lab's own people.", "The lab itself"
    NAMED_PARTNERS = "named_partners", "Organisations the lab chose.", "Named partners"
    VERIFIED_RESEARCHERS = "verified_researchers", "Researchers whose affiliation is checked.", "Verified researchers"
    NON_COMMERCIAL = "non_commercial", "Anyone, for non-commercial use.", "Anyone, not for commerce"
    REGISTERED_PUBLIC = "registered_public", "Anyone with an account.", "Registered public"
    PUBLIC = "public", "Anyone.", "Public"


class StageStatus(Words):
    PLANNED = "planned", "Announced for later; nothing has changed yet.", "Planned"
    CONDITIONAL = "conditional", "Will happen if a condition is met.", "Conditional"
    EFFECTIVE = "effective", "Happened on its date.", "Effective"
    SUPERSEDED = "superseded", "Happened on its date; a later stage has replaced it.", "Superseded"
    PAUSED = "paused", "Access to what it lists stopped on its date, for the time being.", "Paused"
    WITHDRAWN = "withdrawn", "Access to what it lists ended on its date.", "Withdrawn"
    CANCELLED = "cancelled", "Was planned and will not happen.", "Cancelled"


class DatePrecision(Words):
    DAY = "day", "The day is known.", "Day"
    MONTH = "month", "The month is known.", "Month"
    YEAR = "year", "The year is known.", "Year"
    UNKNOWN = "unknown", "The date is not known.", "Unknown"


class Basis(Words):
    AUTHORISED = "authorised", "The lab decided it.", "Authorised"
    UNAUTHORISED = "unauthorised", "It came out against the lab's decision.", "Unauthorised"


class LinkKind(Words):
    PAPER = "paper", "The article.", "Paper"
    REPOSITORY = "repository", "Where the code lives.", "Repository"
    MODEL_CARD = "model_card", "The model card.", "Model card"
    WEIGHTS = "weights", "Where the weights are fetched.", "Weights"
    DATASET = "dataset", "Where the data are fetched.", "Dataset"
    DEMO = "demo", "A page to try it.", "Demo"
    ANNOUNCEMENT = "announcement", "What the lab said when it released it.", "Announcement"
    OTHER = "other", "Anything else.", "Other"


class EventKind(Words):
    REPLICATION = "replication", "Others reached the same result by themselves.", "Replication"
    LEAK = "leak", "It came out against the lab's decision.", "Leak"
    CORRECTION = "correction", "A stated fact was put right.", "Correction"
    LICENCE_CHANGE = "licence_change", "The terms changed.", "Licence change"
    NOTE = "note", "Something else worth knowing.", "Note"


class Chance(Words):
    UNSTATED = "", "Not stated.", "Not stated"
    LOW = "low", "Small.", "Low"
    MEDIUM = "medium", "Neither small nor great.", "Medium"
    HIGH = "high", "Great.", "High"


class Selection(Words):
    NONE = "none", "Everything that was made is shown.", "None: all are shown"
    RANDOM = "random", "Chance decided what is shown.", "At random"
    FIRST = "first", "The first that came are shown.", "The first that came"
    BEST_OF_N = "best_of_n", "The best of several tries, by some measure or eye.", "Best of several tries"
    HAND_PICKED = "hand_picked", "Somebody picked what is shown, by no stated rule.", "Picked by hand"
    HUMAN_EDITED = "human_edited", "Somebody changed the texts.", "Edited by people"


class Level(Words):
    OPEN = "open", "Anyone may have it.", "Open"
    RESTRICTED = "restricted", "Some may have it, or use it on conditions.", "Restricted"
    CLOSED = "closed", "Nobody outside the lab has it.", "Closed"
    UNSTATED = "unstated", "Nothing is stated; it does not count as closed.", "Not stated"


class SummaryWord(Words):
    FULL = "full", "Weights, inference code and paper can be downloaded by anyone.", "Full"
    STAGED = "staged", "Released in two or more steps, or a step is planned.", "Staged"
    GATED = "gated", "Behind registration or a stronger gate.", "Gated"
    WITHHELD = "withheld", "What the entry is about is fully closed.", "Withheld"
    PARTIAL = "partial", "Stated, but none of the other words applies.", "In part"
    UNSTATED = "unstated", "Too little is stated for a word.", "Not stated"


IN_FORCE = {StageStatus.EFFECTIVE, StageStatus.SUPERSEDED, StageStatus.PAUSED, StageStatus.WITHDRAWN}
STOPPED = {StageStatus.PAUSED, StageStatus.WITHDRAWN}
AHEAD = {StageStatus.PLANNED, StageStatus.CONDITIONAL}
WEAK_GATES = {Gate.NONE, Gate.CLICKTHROUGH}
COPIES = {Mode.DOWNLOADABLE, Mode.FULLY_OPEN}

# The first of each family is what an entry about that family is taken to be about.
FAMILIES = {
    Family.WEIGHTS: [Component.WEIGHTS_FINAL, Component.WEIGHTS_INTERMEDIATE, Component.OPTIMIZER_STATE],
    Family.CODE: [
        Component.INFERENCE_CODE, Component.TRAINING_CODE, Component.PREPROCESSING_CODE,
        Component.EVALUATION_CODE, Component.SUPPORTING_TOOLS, Component.ARCHITECTURE_CONFIG,
        Component.TOKENIZER, Component.DETECTOR,
    ],
    Family.DATA: [Component.TRAINING_DATA, Component.EVALUATION_DATA, Component.DATA_SUBSET_OR_SAMPLE],
    Family.DOCUMENTS: [
        Component.PAPER, Component.TECHNICAL_REPORT, Component.EVALUATION_RESULTS, Component.SAMPLE_OUTPUTS,
        Component.MODEL_CARD, Component.DATA_CARD, Component.SYSTEM_CARD, Component.GOVERNANCE_CARD,
        Component.TRAINING_LOG, Component.USAGE_POLICY,
    ],
    Family.ACCESS: [Component.DEMO, Component.API],
}
FAMILY_OF = {component: family for family, components in FAMILIES.items() for component in components}
