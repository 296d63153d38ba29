"""In which encoding a file is written: by its mark, else UTF-8 when it is that, else what its bytes look most like."""

import codecs
from pathlib import Path

import charset_normalizer

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The letters and signs that cp1252 files of Northern Europe have above ASCII.
_NORTHERN = set("äöåÄÖÅéÉüÜøØæÆñčšžŠŽ’‘“”–—…€°§´½·«»\xa0")
_OTHERS = ["cp1250", "cp1251", "cp1252", "cp1257", "iso8859_2", "iso8859_15", "mac_roman", "cp437", "cp850", "shift_jis", "big5", "gb18030", "euc_kr"]


def find_encoding(path: Path) -> tuple[str, bool]:
    """The encoding, and whether some bytes of the file do not fit it."""
    with open(path, "rb") as file:
        head = file.read(4_096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name, name == "utf-16" or not _is_utf8(path)
        if name := _utf16_without_mark(head):
            return name, True
    if _is_utf8(path):
        return "utf-8", False
    sample = _sample(path)
    escaped = sample.decode("utf-8", "surrogateescape")
    n_wrong = sum("\udc80" <= sign <= "\udcff" for sign in escaped)
    n_right = sum("\x80" <= sign < "\ud800" for sign in escaped)
    if n_right > 4 * n_wrong or n_wrong == 0:
        return "utf-8", True  # a few broken rows in a file of UTF-8: those rows are reported
    return _by_its_looks(sample), True


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open(path, "rb") as file:
            while piece := file.read(_CHUNK):
                decoder.decode(piece)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(head: bytes) -> str:
    even, odd = head[0::2], head[1::2]
    if len(head) > 20 and odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if len(head) > 20 and even.count(0) > 0.4 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return ""


def _sample(path: Path) -> bytes:
    """The lines that have bytes above ASCII, at most half a megabyte of them."""
    kept = bytearray()
    with open(path, "rb") as file:
        while len(kept) < 500_000 and (line := file.readline(100_000)):
            if not line.isascii():
                kept += line
    return bytes(kept)


def _by_its_looks(sample: bytes) -> str:
    signs = [sign for sign in sample.decode("cp1252", "replace") if sign > "\x7f"]
    if sum(sign in _NORTHERN for sign in signs) >= 0.8 * len(signs):
        return "cp1252"
    best = charset_normalizer.from_bytes(sample, cp_isolation=_OTHERS).best()
    return best.encoding if best else "cp1252"
