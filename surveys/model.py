"""The ground all survey models stand on: frozen, nothing unknown let in, every text in two languages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")


class Frozen(BaseModel):
    """A value that never changes after it was read and refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """One text in Swedish and English, neither of them empty."""

    sv: str = Field(pattern=r"\S")
    en: str = Field(pattern=r"\S")

    def in_language(self, language: Language) -> str:
        return self.sv if language == "sv" else self.en
