"""The youth clinics of the demonstration: fictitious ones in real kommuner, 267 of them before 2016."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from collectors.demonstration.chance import dice
from collectors.demonstration.plan import kommuner
from surveys.event_data import UnitAdded
from surveys.units import Unit

IDENTIFIED_2016 = 267
REGISTERED = date(2015, 9, 1)
# Small kommuner whose young people go to a neighbour's clinic.
WITHOUT = frozenset({
    "Arjeplog", "Arvidsjaur", "Bjurholm", "Dorotea", "Malå", "Norsjö", "Sorsele", "Storuman", "Vindeln", "Åsele",
    "Jokkmokk", "Pajala", "Överkalix", "Övertorneå", "Bräcke", "Ragunda", "Berg", "Nordanstig", "Ockelbo", "Hofors",
    "Vansbro", "Orsa", "Älvdalen", "Gagnef", "Storfors", "Munkfors", "Grums", "Eda", "Ljusnarsberg", "Lekeberg",
    "Laxå", "Degerfors", "Norberg", "Skinnskatteberg", "Surahammar", "Kungsör", "Ydre", "Boxholm", "Ödeshög",
    "Vadstena", "Kinda", "Valdemarsvik", "Aneby", "Mullsjö", "Gnosjö", "Högsby", "Torsås", "Lessebo", "Uppvidinge",
    "Perstorp", "Bjuv", "Svalöv", "Dals-Ed", "Färgelanda", "Gullspång", "Essunga", "Grästorp", "Karlsborg", "Tibro",
    "Hjo", "Töreboda", "Bollebygd", "Vingåker", "Gnesta", "Nykvarn", "Vaxholm", "Salem", "Knivsta", "Älvkarleby",
    "Robertsfors", "Nordmaling",
})  # fmt: skip
# A kommun has one clinic more for each time it is named here; the list is used as far as there are clinics.
LARGER = (
    "Stockholm", "Göteborg", "Malmö", "Uppsala", "Stockholm", "Göteborg", "Malmö", "Stockholm", "Linköping", "Örebro",
    "Västerås", "Helsingborg", "Norrköping", "Jönköping", "Umeå", "Lund", "Borås", "Stockholm", "Göteborg",
    "Huddinge", "Eskilstuna", "Gävle", "Nacka", "Södertälje", "Halmstad", "Stockholm", "Göteborg", "Malmö",
    "Sundsvall", "Växjö", "Karlstad", "Botkyrka", "Kristianstad", "Haninge", "Stockholm", "Luleå", "Kungsbacka",
    "Skellefteå", "Solna", "Järfälla", "Stockholm", "Göteborg", "Uppsala", "Kalmar", "Varberg", "Östersund", "Falun",
    "Stockholm",
)  # fmt: skip
PLACES = ("Centrum", "Norr", "Söder", "Väster", "Öster", "Hamnen", "Torget", "Parken", "Ängen", "Berget", "Sjöstaden")
# What happened to the register later: clinics that opened, and clinics that closed.
OPENED = {"Knivsta": date(2018, 3, 1), "Uppsala": date(2019, 9, 2), "Svalöv": date(2021, 1, 11),
          "Huddinge": date(2021, 8, 23), "Göteborg": date(2022, 2, 1), "Salem": date(2024, 9, 2)}  # fmt: skip
CLOSED = {"Mellerud": date(2018, 12, 31), "Åtvidaberg": date(2020, 6, 30), "Filipstad": date(2021, 12, 31),
          "Herrljunga": date(2024, 6, 30)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Registered:
    """A clinic as it was told to the register on a day."""

    day: date
    unit: UnitAdded


@lru_cache(maxsize=1)
def register() -> tuple[Registered, ...]:
    """Every entry of the register in the order of days: first all that existed before 2016, then the changes."""
    first = [Registered(REGISTERED, clinic) for clinic in _before_2016()]
    by_kommun = {entry.unit.parent_id: entry.unit for entry in first}
    codes = {unit.name: unit.unit_id for unit in kommuner()}
    later = [_opened(name, day, [one.unit for one in first]) for name, day in OPENED.items()]
    later += [
        Registered(day - timedelta(days=30), by_kommun[codes[name]].model_copy(update={"valid_to": day}))
        for name, day in CLOSED.items()
    ]
    return (*first, *sorted(later, key=lambda entry: entry.day))


def existing(on: date) -> list[UnitAdded]:
    """The clinics that exist on that day, as the register has them in the end."""
    last = {entry.unit.unit_id: entry.unit for entry in register()}
    return sorted((unit for unit in last.values() if unit.valid_on(on)), key=lambda unit: unit.unit_id)


def _before_2016() -> Iterator[UnitAdded]:
    with_one = [unit for unit in kommuner() if unit.name not in WITHOUT]
    wanted = {unit.name: 1 for unit in with_one}
    for name in LARGER[: IDENTIFIED_2016 - len(with_one)]:
        wanted[name] += 1
    for unit in with_one:
        for number in range(wanted[unit.name]):
            place = f" {PLACES[number]}" if wanted[unit.name] > 1 else ""
            yield _clinic(unit, number + 1, place, _since(unit.unit_id, number))


def _since(kommun: str, number: int) -> date:
    return date(1985, 1, 1) + timedelta(days=dice("clinic", kommun, number).randrange(29 * 365))


def _opened(name: str, day: date, existing: list[UnitAdded]) -> Registered:
    kommun = next(unit for unit in kommuner() if unit.name == name)
    before = sum(unit.parent_id == kommun.unit_id for unit in existing)
    place = f" {PLACES[before]}" if before else ""
    return Registered(day - timedelta(days=21), _clinic(kommun, before + 1, place, day))


def _clinic(kommun: Unit, number: int, place: str, since: date) -> UnitAdded:
    return UnitAdded(
        unit_id=f"um-{kommun.unit_id}-{number}",
        kind="mottagning",
        name=f"Ungdomsmottagningen {kommun.name}{place}",
        region_code=kommun.region_code,
        parent_id=kommun.unit_id,
        valid_from=since,
    )
