"""The 18 items of a model card, one function each: a card goes in, evidence comes out.

The items follow Mitchell et al. 2019, “Model Cards for Model Reporting” (doi:10.1145/3287560.3287596),
and the annotated Hugging Face template; what counts is written in docs/analyses/model_card.md.
"""

from ..evidence import verdict
from . import evaluation, identity, legal, measures, people, risks, training, use
from .usage import usage_code

ITEMS = {
    "description": identity.description,
    "developer": people.developer,
    "date_version": identity.date_version,
    "licence": legal.licence,
    "citation": legal.citation,
    "contact": people.contact,
    "intended_use": use.intended_use,
    "out_of_scope": use.out_of_scope,
    "limitations": risks.limitations,
    "bias_risks": risks.bias_risks,
    "mitigation": risks.mitigation,
    "training_data": training.training_data,
    "training_procedure": training.training_procedure,
    "evaluation_data": evaluation.evaluation_data,
    "results": measures.results,
    "disaggregated": measures.disaggregated,
    "environment": measures.environment,
    "usage_code": usage_code,
}


LABELS = {
    "description": "Description",
    "developer": "Developer",
    "date_version": "Date or version",
    "licence": "Licence",
    "citation": "Citation",
    "contact": "Contact",
    "intended_use": "Intended use",
    "out_of_scope": "Out of scope",
    "limitations": "Limitations",
    "bias_risks": "Bias and risks",
    "mitigation": "Mitigation",
    "training_data": "Training data",
    "training_procedure": "Training procedure",
    "evaluation_data": "Evaluation data",
    "results": "Results",
    "disaggregated": "Results by group",
    "environment": "Environment",
    "usage_code": "Code to use it",
}


def judge(card) -> dict:
    """Status, passages and a label for people for every item."""
    return {
        name: {"label": LABELS[name], **verdict(list(find(card)), card.text)} for name, find in ITEMS.items()
    }
