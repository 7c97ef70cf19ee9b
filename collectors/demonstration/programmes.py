"""The programmes of the demonstration: some real names, the others made up, and which regions have them from when."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from collectors.demonstration.chance import dice, drawn, happens, in_order
from collectors.demonstration.plan import regions

# How many different programmes there are each year, and how many of them end the year they are told.
UNIQUE = {2018: 152, 2019: 203, 2020: 254, 2021: 307, 2022: 409, 2023: 518, 2026: 561}
ENDING = {2018: 0, 2019: 6, 2020: 9, 2021: 11, 2022: 13, 2023: 17, 2026: 30}
# Real programmes that many regions share, with their area.
REAL = {"Depressionshjälpen Plus": "psykisk_halsa", "Oroshjälpen Plus": "psykisk_halsa",
        "Ångesthjälpen Plus": "psykisk_halsa", "Stresshjälpen Plus": "psykisk_halsa",
        "Ångesthjälpen Ung Plus": "psykisk_halsa", "Artrosskolan": "rorelse_smarta"}  # fmt: skip
# The name a region used before SKR found out that it was the same programme.
ALIASES = {("22", "Depressionshjälpen Plus"): "Depressionshjälpen", ("08", "Oroshjälpen Plus"): "Oro-hjälpen Plus",
           ("24", "Stresshjälpen Plus"): "Stresshjälpen på nätet"}  # fmt: skip
SIZE = {"01": 3.4, "14": 2.2, "12": 2.2, "03": 1.4, "05": 1.4, "09": 0.45, "23": 0.7, "10": 0.7, "07": 0.8}
SHARED = 0.3
TOPICS = {
    "psykisk_halsa": "sömnproblem|social ångest|paniksyndrom|tvångssyndrom|nedstämdhet|hälsoångest|låg självkänsla|"
    "posttraumatisk stress|adhd|bipolär sjukdom|utmattning|ilska|sorg|specifik fobi|perfektionism|självskadebeteende|"
    "ätstörning|stress i arbetslivet|oro|ensamhet|psykossjukdom|autism|spelproblem|emotionell instabilitet|"
    "relationsproblem|skolstress",
    "levnadsvanor": "riskbruk av alkohol|tobak|cannabis|fysisk aktivitet|matvanor|stillasittande|snus|skärmvanor",
    "rorelse_smarta": "långvarig smärta|nackbesvär|ryggbesvär|fibromyalgi|höftoperation|knäoperation|benskörhet",
    "hjarta_lungor": "hjärtsvikt|högt blodtryck|kol|förmaksflimmer|astma|kranskärlssjukdom",
    "diabetes_overvikt": "diabetes typ 2|obesitas|graviditetsdiabetes|diabetes typ 1|fetmakirurgi",
    "cancer": "bröstcancer|prostatacancer|cancerrehabilitering|cellgiftsbehandling",
    "graviditet_foraldraskap": "förlossningsrädsla|nyblivet föräldraskap|amning|för tidigt födda barn|"
    "föräldraskap i separation|graviditet",
    "neurologi": "stroke|epilepsi|hjärntrötthet|migrän|multipel skleros",
    "habilitering": "intellektuell funktionsnedsättning|hörselnedsättning|synnedsättning|stamning|cerebral pares",
    "annat": "tinnitus|inkontinens|ibs|långvarig klåda|kronisk njursjukdom|ny på plattformen",
}
WEIGHTS = {"psykisk_halsa": 46, "levnadsvanor": 10, "rorelse_smarta": 9, "hjarta_lungor": 7, "diabetes_overvikt": 6,
           "cancer": 3, "graviditet_foraldraskap": 7, "neurologi": 4, "habilitering": 4, "annat": 4}  # fmt: skip
# How a programme is called, and for whom it is mainly.
FORMS = (
    ("Hantera {}", "vuxna"), ("Leva med {}", "vuxna"), ("Kbt vid {}", "vuxna"), ("Stöd vid {}", "vuxna"),
    ("{} – för unga", "unga"), ("Första stegen vid {}", "vuxna"), ("{} – för närstående", "foraldrar_narstaende"),
    ("Bättre vardag med {}", "vuxna"), ("{} – för barn och föräldrar", "barn"), ("Egenvård vid {}", "vuxna"),
    ("{} – fortsättning", "vuxna"), ("{} – utbildning för personal", "personal"), ("{} – för äldre", "aldre"),
    ("Kunskap om {}", "vuxna"), ("Grupp på nätet: {}", "vuxna"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme: in the answers from the year it begins, told as ended in the year it ends.

    `regions` says from which year each region has it on its list; the first is the one whose own it is.
    """

    name: str
    area: str
    target: str
    begins: int
    ends: int | None
    regions: dict[str, int]

    @property
    def owner(self) -> str:
        return next(iter(self.regions))

    @property
    def is_shared(self) -> bool:
        return len(self.regions) > 1


@lru_cache(maxsize=1)
def programmes() -> tuple[Programme, ...]:
    """Every programme there ever was, by the year it begins."""
    years = list(UNIQUE)
    names = _names(sum(UNIQUE[y] - UNIQUE.get(years[n - 1], 0) * (n > 0) + ENDING[y] for n, y in enumerate(years)))
    made: list[Programme] = []
    for year in years:
        going = [one for one in made if one.ends is None]
        ending = set(in_order([one.name for one in going if one.name not in REAL], "ending", year)[: ENDING[year]])
        made = [_ended(one, year) if one.name in ending else one for one in made]
        new = UNIQUE[year] - (len(going) - len(ending))
        made += [_programme(*next(names), year) for _ in range(new)]
    return tuple(made)


def _ended(one: Programme, year: int) -> Programme:
    return Programme(one.name, one.area, one.target, one.begins, year, one.regions)


def _programme(name: str, area: str, target: str, year: int) -> Programme:
    return Programme(name, area, target, year, None, _having(name, year))


def _having(name: str, year: int) -> dict[str, int]:
    """Which regions have it, and from when."""
    everyone = regions()
    weighted = sorted(everyone, key=lambda region: dice("has", name, region).random() ** (1 / SIZE.get(region, 1.0)))
    weighted.reverse()
    if name in REAL:
        late = {region: year + (0 if happens(0.7, "early", name, region) else 1) for region in weighted}
        aliased = {region: year for region, known in ALIASES if known == name}
        return {weighted[0]: year} | late | aliased
    count = 2 + int(dice("shared", name).expovariate(1 / 4.0)) if happens(SHARED, "shared", name) else 1
    first, *others = weighted[: min(count, 19)]
    delays = {region: drawn({0: 4, 1: 3, 2: 2, 3: 1}, "delay", name, region) for region in others}
    return {first: year} | {region: year + delay for region, delay in sorted(delays.items())}


def _names(count: int) -> Iterator[tuple[str, str, str]]:
    """Name, area and target group, as many as asked for; the real ones first."""
    for name, area in REAL.items():
        yield name, area, "unga" if "Ung" in name else "vuxna"
    made = {area: iter(_made(area)) for area in TOPICS}
    weights = {area: float(weight) for area, weight in WEIGHTS.items()}
    for number in range(count - len(REAL)):
        area = drawn(weights, "area", number)
        name, target = next(made[area])
        yield name, area, target


def _made(area: str) -> list[tuple[str, str]]:
    topics, forms = TOPICS[area].split("|"), list(FORMS)
    every = [(form.format(topic), target) for topic in topics for form, target in forms]
    order = in_order([name for name, _ in every], "name", area)
    targets = dict(every)
    return [(name[0].upper() + name[1:], targets[name]) for name in order]
