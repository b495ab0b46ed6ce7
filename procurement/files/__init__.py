"""Files that people hand in: kept by their content, of kinds that cannot do anything.

`procurement.files.scanning` is imported by its own name: it asks a server, and rules do not.
"""

from procurement.files.formulas import TableWriter, csv_writer, inert, new_workbook, uninert
from procurement.files.handed_in import (
    FILE_BYTES_MAX,
    FILE_NAME_MAX,
    FILES_MAX,
    NewFile,
    file_faults,
    media_type_of,
    table_type_of,
)
from procurement.files.packed import (
    PackedFileRefusedError,
    PackedTooLargeError,
    TooManyEntriesError,
    check_packed,
)
from procurement.files.store import StoredFileMissingError, read_file, store_file, sync_folder

__all__ = [
    "FILES_MAX",
    "FILE_BYTES_MAX",
    "FILE_NAME_MAX",
    "NewFile",
    "PackedFileRefusedError",
    "PackedTooLargeError",
    "StoredFileMissingError",
    "TableWriter",
    "TooManyEntriesError",
    "check_packed",
    "csv_writer",
    "file_faults",
    "inert",
    "media_type_of",
    "new_workbook",
    "read_file",
    "store_file",
    "sync_folder",
    "table_type_of",
    "uninert",
]
