"""Finding /opt/ml written out in a script: such a script cannot run where that folder is not real."""

from __future__ import annotations

import re

#: /opt/ml as a path of its own: not the middle of another path or word, not the start of a longer name.
LITERAL = re.compile(r"(?<![\w./-])/opt/ml(?![\w-]|\.\w)")


def find_literal_paths(text: str) -> tuple[tuple[int, str], ...]:
    """(line number from 1, the path as written) for every /opt/ml in a script, comments included.

    The process runner cannot give a step a real /opt/ml; arguments and SM_* variables are translated, literals are not.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for match in LITERAL.finditer(line):
            tail = re.match(r"[\w./-]*", line[match.start() :])
            found.append((number, tail.group().rstrip(".") if tail else match.group()))
    return tuple(found)
