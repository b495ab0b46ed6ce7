"""A file that unpacks to much more than it is, or declares what it is not, is refused at once."""

import copy
import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.files import (
    PackedFileRefusedError,
    PackedTooLargeError,
    TooManyEntriesError,
    check_packed,
    media_type_of,
    table_type_of,
)
from procurement.files.packed import DamagedPackedError, NestedError

MEGABYTE = 2**20
MEMORY_MAX = 8 * MEGABYTE


def packed(entries, how=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how, compresslevel=9) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


ZEROS = packed({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(9 * MEGABYTE)})


def with_size(content, size, entry=1):
    """The list of an archive says another size of an entry than it has."""
    changed, place = bytearray(content), 0
    for _ in range(entry + 1):
        place = content.index(b"PK\x01\x02", place + 1)
    struct.pack_into("<L", changed, place + 24, size)
    return bytes(changed)


def many_times(count):
    """The same packed bytes, listed many times: ten kilobytes that unpack to gigabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a", bytes(MEGABYTE))
        for _ in range(count - 1):
            archive.filelist.append(copy.copy(archive.filelist[0]))
    return file.getvalue()


def refused(content, **limits):
    """What refuses it, in how much memory."""
    tracemalloc.start()
    try:
        with pytest.raises(PackedFileRefusedError) as caught:
            check_packed(io.BytesIO(content), **limits)
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()
    return caught.type


def test_a_file_that_says_how_much_it_is_is_refused_before_it_is_unpacked():
    assert len(ZEROS) < 10_000
    assert refused(ZEROS, unpacked_max=MEGABYTE) is PackedTooLargeError


def test_a_file_that_lies_about_its_size_is_refused_while_it_is_unpacked():
    assert refused(with_size(ZEROS, 10), unpacked_max=MEGABYTE) is PackedTooLargeError
    assert refused(with_size(ZEROS, 10)) is DamagedPackedError


def test_ten_kilobytes_that_unpack_to_gigabytes_are_refused():
    content = many_times(100)
    assert len(content) < 10_000
    assert refused(content, unpacked_max=10 * MEGABYTE) is PackedTooLargeError
    lying = content
    for entry in range(100):
        lying = with_size(lying, 10, entry)
    assert issubclass(refused(lying, unpacked_max=10 * MEGABYTE), PackedFileRefusedError)


def test_too_many_entries_are_refused_before_they_are_listed():
    content = packed({f"{number}": b"" for number in range(200)})
    assert refused(content, entries_max=100) is TooManyEntriesError
    # Its count says one, its list is as long as before.
    lying = bytearray(content)
    struct.pack_into("<HH", lying, content.rindex(b"PK\x05\x06") + 8, 1, 1)
    assert refused(bytes(lying), entries_max=10) is TooManyEntriesError


def test_a_packed_file_within_a_packed_file_is_refused_whatever_its_name():
    content = packed({"readme.txt": ZEROS})
    assert refused(content) is NestedError
    assert check_packed(io.BytesIO(content), may_nest=True) == ["readme.txt"]


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_without_a_limit_are_refused(how):
    assert refused(packed({"a": bytes(9 * MEGABYTE)}, how)) is DamagedPackedError


@pytest.mark.parametrize("cut", [1, 30, len(ZEROS) // 2, len(ZEROS) - 1])
def test_half_a_file_is_refused(cut):
    assert refused(ZEROS[:cut]) is DamagedPackedError


@given(st.binary(max_size=300), st.integers(0, 300))
def test_whatever_is_sent_is_read_or_refused(noise, place):
    content = packed({"a.txt": b"abc" * 20, "b.txt": b""})
    spoiled = content[:place] + noise + content[place + len(noise) :]
    try:
        names = check_packed(io.BytesIO(spoiled), unpacked_max=MEGABYTE)
    except PackedFileRefusedError:
        return
    assert isinstance(names, list)


def test_a_file_is_of_the_kind_that_its_content_tells():
    assert media_type_of(packed({"OFD.xml": b"<ofd/>"})) == "application/ofd"
    assert media_type_of(packed({"word/document.xml": b"<w/>"})) is None
    assert media_type_of(b"PK\x03\x04 no archive") is None
    assert media_type_of(with_size(packed({"OFD.xml": b"<ofd/>"}), 300 * MEGABYTE, 0)) is None
    book = packed({"xl/workbook.xml": b"<workbook/>"})
    assert (table_type_of(book) or "").endswith("spreadsheetml.sheet")
    assert media_type_of(book) is None and table_type_of(packed({"OFD.xml": b""})) is None
    assert table_type_of("品种,数量".encode("gb18030")) == "text/csv"
    assert table_type_of(b"MZ\x90\x00\x03") is None
