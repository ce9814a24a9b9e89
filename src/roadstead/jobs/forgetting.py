"""What is forgotten of jobs that ended long ago: first what their steps said, then the jobs. Each call takes a bounded number."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from roadstead.jobs.models import Job, Step
from roadstead.jobs.states import UNFINISHED

_MOST = 500


@transaction.atomic
def forget_outputs(before: datetime) -> int:
    """Empty the output of steps whose jobs ended before a moment; return how many there were."""
    old = Step.objects.filter(job__finished__lt=before).exclude(job__status__in=UNFINISHED).exclude(output="")
    return Step.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_MOST])).update(output="")


@transaction.atomic
def forget_jobs(before: datetime) -> int:
    """Remove jobs that ended before a moment; the last one of each subject stays, because it says how the subject came where it is."""
    later = Job.objects.filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"), created__gt=OuterRef("created"))
    old = Job.objects.filter(Exists(later), finished__lt=before).exclude(status__in=UNFINISHED).order_by(F("finished"))
    _rows, removed = Job.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_MOST])).delete()
    return removed.get(Job._meta.label, 0)
