"""The catalogue of errors: one code each, and a message that says where, what and what now."""

from infra import errors
from infra.errors import Error, LogUnavailable, TransientError


def concrete_errors() -> list[type[Error]]:
    return [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, Error) and not each.__subclasses__()
    ]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in concrete_errors()]
    assert len(codes) > 10
    assert len(codes) == len(set(codes))
    assert "I000" not in codes


def test_an_error_says_code_where_what_and_what_now() -> None:
    error = LogUnavailable("data/log.sqlite", "database is locked")
    assert isinstance(error, TransientError)
    assert str(error) == f"I002 data/log.sqlite: {error.what} {error.now}"
    assert "database is locked" in error.what
    assert "Try again" in error.now
