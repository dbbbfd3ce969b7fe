"""Ways in which a file goes wrong, each a small function of its bytes and of a seeded generator.

Walk in: the content of a file and a `random.Random`. Walks out: the content as damaged. The same seed gives the same
damage on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Operation = Callable[[bytes, Random], bytes]

_NUMBER = re.compile(rb"(?<![\w.-])\d+(?:\.\d+)?(?![\w.-])")
_DATE = re.compile(rb"\b(?:19|20)\d\d(?:[-/]\d\d){1,2}\b|\b(?:19|20)\d\d(?:0[1-9]|1[0-2])\b|\b[A-Z][a-z]{2}-\d\d\b")
_HUGE = (b"99999999999999999999", b"1e308", b"1e999", b"9" * 5000, b"4294967296", b"9223372036854775808", b"0x7f")
_NO_NUMBER = (b"", b"n/a", b"NaN", b"inf", b"1,200", b"\xd9\xa1", b"1_0", b"--1", b"#REF!", b"=1+1", b"True")
_NO_DATE = (
    b"2024-13",
    b"0000-00",
    b"9999-12",
    b"2024-02-30",
    b"31/12/2024",
    b"Foo-99",
    b"202400",
    b"000001",
    b"yesterday",
)


def flip_bits(content: bytes, random: Random) -> bytes:
    """One to eight bits are other than they were."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def truncate(content: bytes, random: Random) -> bytes:
    """The end is missing."""
    return content[: random.randrange(len(content))]


def behead(content: bytes, random: Random) -> bytes:
    """The beginning is missing."""
    return content[random.randrange(1, len(content)) :]


def insert_bytes(content: bytes, random: Random) -> bytes:
    """Up to 64 bytes of nonsense stand somewhere."""
    place = random.randrange(len(content) + 1)
    return content[:place] + random.randbytes(random.randint(1, 64)) + content[place:]


def overwrite_bytes(content: bytes, random: Random) -> bytes:
    """Up to 512 bytes are zeros or nonsense, as a bad block of a disk leaves them."""
    start, end = _block(content, random, 512)
    return (
        content[:start]
        + (bytes(end - start) if random.random() < 0.5 else random.randbytes(end - start))
        + content[end:]
    )


def repeat_block(content: bytes, random: Random) -> bytes:
    """A block stands twice."""
    start, end = _block(content, random)
    return content[:end] + content[start:end] + content[end:]


def remove_block(content: bytes, random: Random) -> bytes:
    """A block is missing."""
    start, end = _block(content, random)
    return content[:start] + content[end:]


def swap_blocks(content: bytes, random: Random) -> bytes:
    """Two blocks have changed places."""
    one, two, three, four = sorted(random.randrange(len(content) + 1) for _ in range(4))
    return content[:one] + content[three:four] + content[two:three] + content[one:two] + content[four:]


def insert_nul(content: bytes, random: Random) -> bytes:
    """A zero byte stands somewhere."""
    place = random.randrange(len(content) + 1)
    return content[:place] + b"\0" + content[place:]


def change_digit(content: bytes, random: Random) -> bytes:
    """A digit is another one."""
    places = [place for place, byte in enumerate(content) if 48 <= byte <= 57]
    if not places:
        return flip_bits(content, random)
    changed = bytearray(content)
    changed[random.choice(places)] = random.choice(b"0123456789")
    return bytes(changed)


def huge_number(content: bytes, random: Random) -> bytes:
    """A number is beyond belief."""
    return _replaced(_NUMBER, content, random, random.choice(_HUGE))


def negative_number(content: bytes, random: Random) -> bytes:
    """A number is negative."""
    return _replaced(_NUMBER, content, random, b"-%d" % random.randint(1, 999))


def no_number(content: bytes, random: Random) -> bytes:
    """Something else stands for a number."""
    return _replaced(_NUMBER, content, random, random.choice(_NO_NUMBER))


def wrong_date(content: bytes, random: Random) -> bytes:
    """A date is impossible, or in a form of its own."""
    return _replaced(_DATE, content, random, random.choice(_NO_DATE))


def change_separators(content: bytes, random: Random) -> bytes:
    """Cells are separated by something else: throughout, or in one line."""
    to = random.choice([b";", b"\t", b"|", b" "])
    if random.random() < 0.5:
        return content.replace(b",", to)
    lines = content.split(b"\n")
    line = random.randrange(len(lines))
    lines[line] = lines[line].replace(b",", to, random.choice([1, -1]))
    return b"\n".join(lines)


def change_line_ends(content: bytes, random: Random) -> bytes:
    """Lines end otherwise, or a blank line stands among them."""
    if random.random() < 0.3:
        return _inserted_line(content, random, b"")
    return content.replace(b"\r\n", b"\n").replace(b"\n", random.choice([b"\r\n", b"\r", b"\n\n", b"\n\r"]))


def insert_quote(content: bytes, random: Random) -> bytes:
    """A quotation mark stands where a cell begins, or anywhere."""
    places = [place.end() for place in re.finditer(rb"[,\n]", content)] or [0]
    place = random.choice(places) if random.random() < 0.7 else random.randrange(len(content) + 1)
    return content[:place] + b'"' + content[place:]


def change_encoding(content: bytes, random: Random) -> bytes:
    """The text is not in UTF-8, or begins with the mark of an encoding."""
    text = content.decode("utf-8", errors="replace")
    if random.random() < 0.3:
        place = random.randrange(len(text) + 1)
        text = text[:place] + random.choice("é£€") + text[place:]
    encoding = random.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "cp037", "utf-7"])
    return text.encode(encoding, errors="replace")


def repeat_line(content: bytes, random: Random) -> bytes:
    """A line stands twice."""
    lines = content.split(b"\n")
    return _inserted_line(content, random, random.choice(lines))


def remove_line(content: bytes, random: Random) -> bytes:
    """A line, perhaps the header, is missing."""
    lines = content.split(b"\n")
    del lines[random.randrange(len(lines))]
    return b"\n".join(lines)


def swap_lines(content: bytes, random: Random) -> bytes:
    """Two lines have changed places."""
    lines = content.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def shorten_line(content: bytes, random: Random) -> bytes:
    """A line has lost its last cells."""
    lines = content.split(b"\n")
    line = random.randrange(len(lines))
    lines[line] = lines[line].rpartition(b",")[0]
    return b"\n".join(lines)


def leave_alone(content: bytes, random: Random) -> bytes:
    """Nothing is wrong: the reader must not complain either."""
    return content


OF_BYTES: tuple[Operation, ...] = (
    flip_bits,
    truncate,
    behead,
    insert_bytes,
    overwrite_bytes,
    repeat_block,
    remove_block,
    swap_blocks,
    insert_nul,
)
OF_TEXT: tuple[Operation, ...] = (
    *OF_BYTES,
    change_digit,
    huge_number,
    negative_number,
    no_number,
    wrong_date,
    change_separators,
    change_line_ends,
    insert_quote,
    change_encoding,
    repeat_line,
    remove_line,
    swap_lines,
    shorten_line,
    leave_alone,
)


def _block(content: bytes, random: Random, longest: int | None = None) -> tuple[int, int]:
    length = random.randint(1, min(longest or len(content), len(content)))
    start = random.randrange(len(content) - length + 1)
    return start, start + length


def _replaced(pattern: re.Pattern[bytes], content: bytes, random: Random, by: bytes) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return flip_bits(content, random)
    match = random.choice(found)
    return content[: match.start()] + by + content[match.end() :]


def _inserted_line(content: bytes, random: Random, line: bytes) -> bytes:
    lines = content.split(b"\n")
    lines.insert(random.randrange(len(lines) + 1), line)
    return b"\n".join(lines)
