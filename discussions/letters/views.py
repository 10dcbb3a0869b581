"""Pages of letters."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from .models import LabLetter


def detail(request, pk):
    get_object_or_404(LabLetter.objects.visible_to(request.user).with_place(), pk=pk)
    return HttpResponse("")
