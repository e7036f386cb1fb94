"""The shared question bank: where several frameworks ask the same, one answer serves all of them. One table.

QD3 is asked of every stage of the life cycle; what is the same as RS3 and TM7 are its cells of data and of testing. A
question of a team's own framework joins a row with ``same_as``.
"""

SHARED: tuple[tuple[str, ...], ...] = (
    ("EA6", "RS13", "TO7"),
    ("EA8", "RS7", "RS8"),
    ("EA7", "RS10"),
    ("EA9", "TM6"),
    ("EA13", "TD1", "TO2", "RS1"),
    ("RS6", "TI1"),
    ("RS17", "TI3", "TI4"),
    ("RS12", "TI6"),
    ("RS4", "TM2"),
    ("RS3", "TM7", "QD3.data", "QD3.testing"),
)


def same_as(code: str) -> tuple[str, ...]:
    """The codes that ask the same as ``code``, itself first."""
    row = next((row for row in SHARED if code in row), ())
    return (code, *(other for other in row if other != code))
