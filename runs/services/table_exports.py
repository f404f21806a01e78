"""A stored table as a CSV somebody saves."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import PurePosixPath

from runs.errors import TableUnreadable
from runs.models import StoredObject
from runs.services.tables import local_file, work_folder
from runs.tables.exporting import CsvExport, Drained
from runs.tables.options import ReadOptions, Unreadable


def csv_of(stored: StoredObject, options: ReadOptions, *, drained: Drained | None) -> CsvExport:
    """The table, all rows and columns; `drained`: awaited between pieces. The caller iterates or closes it.

    Raises:
        TableUnreadable: no table, a damaged one, or several are being written already.
    """
    with ExitStack() as stack:
        path = stack.enter_context(local_file(stored.sha256))
        try:
            export = CsvExport(path, PurePosixPath(stored.key).name, options, work=work_folder(), drained=drained)
        except Unreadable as refused:
            raise TableUnreadable(message=refused.message, reason=refused.code) from None
        export.keep(stack.pop_all())
    return export
