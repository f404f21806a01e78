"""Steps that can never run, because they wait for both branches of one condition."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.subject import Subject, warning
from engine.definition.pointer import resolve
from engine.graph import Edge
from engine.problems import Fix, Problem


def check_branches(subject: Subject) -> Iterator[Problem]:
    """A step needs a branch when it, or a step it waits for, sits in that branch.

    AWS never runs such a step: the steps of the branch not taken never complete. A wait with the trigger Any is
    met by a skipped step, so it needs nothing.
    """
    bits: dict[tuple[str, str], int] = {}
    needs: dict[str, int] = {}
    for wave in subject.graph.generations():
        for name in wave:
            total = 0
            for edge in subject.graph.incoming(name):
                total |= _need(edge, needs, bits)
            needs[name] = total
    for step in subject.definition.steps:
        incoming = subject.graph.incoming(step.name)
        if not _contradicts(needs.get(step.name, 0), bits):
            continue
        if any(_contradicts(needs.get(edge.source, 0), bits) for edge in incoming if edge.trigger != "Any"):
            continue  # told at the step where the branches meet
        yield _problem(step.name, step.pointer, incoming, needs, bits, subject)


def _need(edge: Edge, needs: dict[str, int], bits: dict[tuple[str, str], int]) -> int:
    if edge.trigger == "Any":
        return 0
    total = needs.get(edge.source, 0)
    if edge.kind == "branch" and edge.trigger in ("if", "else"):
        for branch in ("if", "else"):
            bits.setdefault((edge.source, branch), 1 << len(bits))
        total |= bits[(edge.source, edge.trigger)]
    return total


def _contradicts(need: int, bits: dict[tuple[str, str], int]) -> bool:
    # The two branches of a condition hold neighbouring bits, "if" the even one.
    even = need & _even_mask(len(bits))
    return bool((even << 1) & need)


def _even_mask(length: int) -> int:
    return ((1 << (length + length % 2)) - 1) // 3


def _problem(
    name: str,
    pointer: str,
    incoming: tuple[Edge, ...],
    needs: dict[str, int],
    bits: dict[tuple[str, str], int],
    subject: Subject,
) -> Problem:
    shown = []
    meeting: list[Edge] = []
    for (condition, branch), bit in bits.items():
        other = bits[(condition, "else" if branch == "if" else "if")]
        if not (needs[name] & bit and needs[name] & other):
            continue
        for edge in incoming:
            if _need(edge, needs, bits) & bit and edge not in meeting:
                meeting.append(edge)
                shown.append(f"{edge.source} (runs when {condition} is {'true' if branch == 'if' else 'false'})")
    message = f"{name} never runs: it waits for {' and for '.join(shown[:4])}, and only one of them runs."
    return warning("never-runs", message, pointer, name, _any_fix(name, meeting, subject))


def _any_fix(name: str, meeting: list[Edge], subject: Subject) -> Fix | None:
    """Trigger Any for every wait that meets here; none when a value is read, which a skipped step cannot give."""
    if not meeting or any(edge.kind != "order" for edge in meeting):
        return None
    patch = tuple(
        {"op": "replace", "path": edge.pointer, "value": {"Step": edge.source, "Trigger": "Any"}}
        for edge in meeting
        if resolve(subject.document, edge.pointer) is not None
    )
    return Fix(title=f"Run {name} after whichever branch ran", patch=patch)
