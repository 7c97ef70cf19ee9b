"""Every reason to refuse a change of a definition: its code, what it would do to old answers, what to do now.

Braces are facts of the one refusal. Codes are never reused for something else.
"""

from surveys.fault_codes import FaultKind
from surveys.model import Text


def _kind(code: str, sv: tuple[str, str], en: tuple[str, str]) -> FaultKind:
    return FaultKind(code=code, what=Text(sv=sv[0], en=en[0]), now=Text(sv=sv[1], en=en[1]))


_SURVEYS = (
    _kind(
        "S041",
        ("enkäten finns inte längre, så dess svar har ingen plats.", "Ta tillbaka mappen {survey}."),
        ("the survey is gone, so its answers have no place.", "Restore the folder {survey}."),
    ),
    _kind(
        "S042",
        (
            "enkäten ser ut att vara `{old}` under nytt namn; svaren står kvar under det gamla och serien klipps av.",
            "Behåll `{old}` som namn och ändra `title`, som är vad läsare ser.",
        ),
        (
            "the survey looks like `{old}` under a new name; answers stay under the old one and the series is cut.",
            "Keep the name `{old}` and change `title`, which is what readers see.",
        ),
    ),
    _kind(
        "S043",
        ("året finns inte längre, så dess svar har ingen plats.", "Ta tillbaka filen {year}.yaml."),
        ("the year is gone, so its answers have no place.", "Restore the file {year}.yaml."),
    ),
    _kind(
        "S044",
        (
            "definitionen är fryst som {before} men är nu {after} ({parts}). Varje svar säger vilken definition det "
            "gavs till, och passar inte den nya.",
            "Ångra ändringen och gör den i ett nytt år.",
        ),
        (
            "the definition is frozen as {before} and is now {after} ({parts}). Every response says which definition "
            "it was given to, and does not fit the new one.",
            "Undo the change and make it in a new year.",
        ),
    ),
    _kind(
        "S045",
        (
            "{responses} svar har redan kommit in, givna till {before}; med definitionen {after} kan de inte läsas "
            "om ur loggen.",
            "Låt året vara som det är till dess att det är stängt, och gör ändringen i nästa år.",
        ),
        (
            "{responses} responses have come already, given to {before}; with the definition {after} they cannot be "
            "read from the log again.",
            "Leave the year as it is until it is closed, and make the change in the next.",
        ),
    ),
)

_ITEMS = (
    _kind(
        "S046",
        ("frågan finns inte längre i ett år där den besvarats.", "Ta tillbaka den; ta bort den i ett nytt år."),
        ("the item is gone from a year in which it was answered.", "Restore it; remove it in a new year."),
    ),
    _kind(
        "S047",
        (
            "id:t hör till en annan fråga från {before} ({label}); två frågors svar skulle stå som en.",
            "Välj ett nytt id. Är det samma fråga: säg det med `lineage: {{kind: same, items: [{old}]}}`.",
        ),
        (
            "the id belongs to another item from {before} ({label}); the answers of two would stand as one.",
            "Choose a new id. If it is the same question, say so with `lineage: {{kind: same, items: [{old}]}}`.",
        ),
    ),
    _kind(
        "S048",
        (
            "frågan säger sig vara ny men delar `concept` med `{old}` från {before}; svaren skulle stå som en serie.",
            "Ge den ett eget `concept`, eller säg med `lineage` hur den hör ihop med den äldre.",
        ),
        (
            "the item says it is new but shares `concept` with `{old}` from {before}; they would stand as one series.",
            "Give it a `concept` of its own, or say with `lineage` how it belongs to the older one.",
        ),
    ),
    _kind(
        "S049",
        (
            "`{old}` försvinner och en ny fråga har samma lydelse; serien klipps av utan att någon säger varför.",
            "Byt namn med `change_item: {old}` och `to: {{id: {new}}}`, så följer de gamla svaren med.",
        ),
        (
            "`{old}` goes away and a new item has the same wording; the series is cut and nobody says why.",
            "Rename with `change_item: {old}` and `to: {{id: {new}}}`: the old answers come along.",
        ),
    ),
    _kind(
        "S050",
        (
            "både `{item}` och `{other}` säger sig vara `{old}`; det gamla svaret kan bara fortsätta på ett ställe.",
            "Låt en av dem vara `same` eller `reworded`, eller ange `split` för båda.",
        ),
        (
            "both `{item}` and `{other}` say they are `{old}`; an old answer can go on in one place only.",
            "Let one of them be `same` or `reworded`, or say `split` of both.",
        ),
    ),
    _kind(
        "S051",
        (
            "svarstypen var {before} och är nu {after}; de gamla svaren skulle läsas som något de inte är.",
            "Säg i `lineage` att det är ett brott: `recoded` (med `recode`), eller ge frågan ett nytt id.",
        ),
        (
            "the type of answer was {before} and is now {after}; old answers would be read as what they are not.",
            "Say in `lineage` that it is a break: `recoded` (with `recode`), or give the item a new id.",
        ),
    ),
    _kind(
        "S052",
        (
            "måttenheten var {before} och är nu {after}; gamla och nya tal skulle jämföras som om de vore samma.",
            "Skriv `lineage: {{kind: unit_changed}}` med en `note` om vad som hände.",
        ),
        (
            "the unit of measure was {before} and is now {after}; old and new numbers would be compared as the same.",
            "Write `lineage: {{kind: unit_changed}}` with a `note` on what happened.",
        ),
    ),
    _kind(
        "S053",
        (
            "uppdelningen på kön var {before} och är nu {after}; gamla totaler och nya delar är inte samma serie.",
            "Behåll uppdelningen, eller säg i `lineage` att det är ett brott.",
        ),
        (
            "the split by sex was {before} and is now {after}; old totals and new parts are not one series.",
            "Keep the split, or say in `lineage` that it is a break.",
        ),
    ),
    _kind(
        "S054",
        (
            "frågan stod i {before} och står nu i {after}; de gamla svarens rader hör inte hemma där.",
            "Låt frågan stå kvar, eller ge den ett nytt id utan `lineage`.",
        ),
        (
            "the item stood in {before} and now stands in {after}; the rows of old answers do not belong there.",
            "Leave it where it was, or give it a new id without `lineage`.",
        ),
    ),
    _kind(
        "S055",
        (
            "raderna hämtades ur registret {before} och hämtas nu ur {after}; gamla rader skulle visa till annat.",
            "Behåll registret, eller ge listan ett nytt id.",
        ),
        (
            "rows were drawn from the register {before} and are now from {after}; old rows would point elsewhere.",
            "Keep the register, or give the roster a new id.",
        ),
    ),
)

_OPTIONS = (
    _kind(
        "S056",
        (
            "alternativet `{option}` ({label}) finns inte längre; svar som valt det står utan betydelse.",
            "Ta tillbaka det, eller skriv `lineage: {{kind: recoded, recode: {{{option}: […]}}}}`.",
        ),
        (
            "the option `{option}` ({label}) is gone; answers that chose it are left without a meaning.",
            "Restore it, or write `lineage: {{kind: recoded, recode: {{{option}: […]}}}}`.",
        ),
    ),
    _kind(
        "S057",
        (
            "alternativet `{option}` betydde ”{before}” och skulle nu betyda ”{after}”; gamla svar byter betydelse.",
            "Ge den nya betydelsen en ny kod. Är det bara en omformulering: `recode: {{{option}: [{option}]}}`.",
        ),
        (
            "the option `{option}` meant “{before}” and would now mean “{after}”; old answers change meaning.",
            "Give the new meaning a new code. If only the wording changed: `recode: {{{option}: [{option}]}}`.",
        ),
    ),
)

KINDS: dict[str, FaultKind] = {kind.code: kind for group in (_SURVEYS, _ITEMS, _OPTIONS) for kind in group}
