"""From the facts of a failed attempt to its cause, in plain words. Pure, total, the same answer every time."""

from __future__ import annotations

from engine.failures.cause import Cause, FailureFacts

#: The end of the log that is looked at.
LOG_BYTES = 16 * 1024


def classify(facts: FailureFacts) -> Cause:
    """The cause. What the step named itself comes first, then what the platform saw, then what Python said, and last
    how the process ended."""
    # Read at the first failure: a process that meets none does not hold the rules and their patterns.
    from engine.failures import job_causes, python_causes
    from engine.failures.tracebacks import last_raised
    from engine.failures.typed import named_failure

    named = named_failure(facts.log)
    if named is not None:
        return named
    seen = job_causes.seen_by_platform(facts)
    if seen is not None:
        return seen
    raised = last_raised(facts.log) or last_raised(facts.reason)
    if raised is not None:
        return python_causes.cause_of(raised, facts)
    return job_causes.how_it_ended(facts)
