"""Every fault a definition can have: its code, what it says and what to do now, in Swedish and English.

Braces are facts (ids, keys, values) of the one fault. Codes are never reused for something else.
"""

from surveys.model import Frozen, Text


class FaultKind(Frozen):
    """One kind of fault: the sentence that says what is wrong, and the one that says what to do."""

    code: str
    what: Text
    now: Text


def _kind(code: str, sv: tuple[str, str], en: tuple[str, str]) -> FaultKind:
    return FaultKind(code=code, what=Text(sv=sv[0], en=en[0]), now=Text(sv=sv[1], en=en[1]))


_FILES = (
    _kind(
        "S101",
        ("filen går inte att läsa ({reason}).", "Kontrollera sökvägen och att filen är sparad som UTF-8."),
        ("the file cannot be read ({reason}).", "Check the path, and that the file is saved as UTF-8."),
    ),
    _kind(
        "S102",
        ("filen är inte giltig YAML ({problem}).", "Rätta indrag, kolon och citattecken på raden eller strax ovanför."),
        ("the file is not valid YAML ({problem}).", "Correct indents, colons and quotes on the line or just above it."),
    ),
    _kind(
        "S103",
        ("nyckeln `{key}` står två gånger, först på rad {first}.", "Ta bort den ena."),
        ("the key `{key}` stands twice, first on line {first}.", "Remove one of them."),
    ),
    _kind(
        "S104",
        ("`{name}` är {found}, men här väntas {expected}.", "Skriv om det i den formen."),
        ("`{name}` is a {found}, but a {expected} is expected here.", "Write it in that form."),
    ),
    _kind(
        "S105",
        ("ett ankare (`&`) innehåller sig självt.", "Skriv ut innehållet i stället för att hänvisa."),
        ("an anchor (`&`) contains itself.", "Write the content out instead of referring to it."),
    ),
    _kind(
        "S106",
        ("raden har å, ä, ö eller annan bokstav skriven som två tecken.", "Spara filen med normaliserad text (NFC)."),
        ("the line has a letter with its accent as a character of its own.", "Save the file as normalised text (NFC)."),
    ),
    _kind(
        "S107",
        ("filen heter {name} men gäller år {year}.", "Döp filen till {year}.yaml, eller rätta året."),
        ("the file is called {name} but is about {year}.", "Call the file {year}.yaml, or correct the year."),
    ),
    _kind(
        "S108",
        ("filen ligger i {folder} men gäller enkäten `{survey}`.", "Flytta filen, eller rätta `survey`."),
        ("the file lies in {folder} but is about the survey `{survey}`.", "Move the file, or correct `survey`."),
    ),
    _kind(
        "S109",
        ("{other} gäller samma enkät och år.", "Behåll en av filerna."),
        ("{other} is about the same survey and year.", "Keep one of the files."),
    ),
    _kind(
        "S110",
        (
            "filen börjar om från början fast {earlier} finns, så inget kan jämföras över åren.",
            "Skriv `based_on: {earlier}` och bara det som ändrats under `changes`.",
        ),
        (
            "the file starts anew though {earlier} exists, so nothing can be compared over the years.",
            "Write `based_on: {earlier}` and only what changed under `changes`.",
        ),
    ),
)

_SHAPES = (
    _kind(
        "S111",
        ("okänd nyckel `{key}`.", "Här kan stå: {known}."),
        ("unknown key `{key}`.", "Known here: {known}."),
    ),
    _kind(
        "S112",
        ("`{key}` saknas.", "Lägg till `{key}`."),
        ("`{key}` is missing.", "Add `{key}`."),
    ),
    _kind(
        "S113",
        ("`{key}` går inte att använda som det står: `{value}` ({found}).", "Skriv {expected}."),
        ("`{key}` cannot be used as it stands: `{value}` ({found}).", "Write {expected}."),
    ),
    _kind(
        "S114",
        ("`{key}` kan inte vara `{value}`.", "Välj bland: {known}."),
        ("`{key}` cannot be `{value}`.", "Choose from: {known}."),
    ),
    _kind(
        "S115",
        ("`{key}` saknar text på språket `{language}`.", "Skriv {{sv: …, en: …}} med båda språken."),
        ("`{key}` has no text in the language `{language}`.", "Write {{sv: …, en: …}} with both languages."),
    ),
    _kind(
        "S116",
        ("`{key}` har en tom text på språket `{language}`.", "Skriv texten, eller ta bort `{key}` om den inte behövs."),
        ("`{key}` has an empty text in `{language}`.", "Write the text, or remove `{key}` if it is not needed."),
    ),
    _kind(
        "S117",
        ("villkoret i `{key}` säger inte vad som ska gälla.", "Skriv en av {known}."),
        ("the condition in `{key}` does not say what should hold.", "Write one of {known}."),
    ),
    _kind(
        "S118",
        (
            "`{key}` läses som {value}, inte som text.",
            "Sätt citattecken: YAML läser no, yes, on och off som nej och ja.",
        ),
        (
            "`{key}` is read as {value}, not as text.",
            "Put it in quotes: YAML reads no, yes, on and off as false and true.",
        ),
    ),
    _kind(
        "S119",
        ("`{key}` är {value}, men ska vara {bound}.", "Rätta talet."),
        ("`{key}` is {value}, but should be {bound}.", "Correct the number."),
    ),
    _kind(
        "S120",
        ("`{id}` duger inte som id.", "Använd små bokstäver a–z, siffror och understreck, med en bokstav först."),
        ("`{id}` will not do as an id.", "Use small letters a–z, digits and underscores, a letter first."),
    ),
)

_WHOLE = (
    _kind(
        "S121",
        ("`{id}` ({kind}) finns redan på rad {first} i {file}.", "Ge en av dem ett annat id."),
        ("`{id}` ({kind}) already stands on line {first} of {file}.", "Give one of them another id."),
    ),
    _kind(
        "S122",
        ("kontrollen kan inte heta `{id}`: så heter en kontroll som alltid finns.", "Ge den ett annat `id`."),
        ("the check cannot be called `{id}`: that is a check that is always there.", "Give it another `id`."),
    ),
    _kind(
        "S123",
        (
            "`{item}` och `{other}` har samma begrepp `{concept}`, så de blandas ihop över åren.",
            "Ge dem olika `concept`.",
        ),
        ("`{item}` and `{other}` share the concept `{concept}` and would be mixed over the years.", "Tell them apart."),
    ),
    _kind(
        "S124",
        ("`reference_year` är {value} fast enkäten gäller {year}.", "Skriv enkätens år eller något av de två före."),
        (
            "`reference_year` is {value} though the survey is of {year}.",
            "Write the survey's year or one of the two before.",
        ),
    ),
    _kind(
        "S125",
        ("`{name}` innehåller inga frågor.", "Lägg till en fråga, eller ta bort den."),
        ("`{name}` holds no items.", "Add an item, or remove it."),
    ),
    _kind(
        "S126",
        ("`{name}` riktas till {respondents}, men här svarar bara {asked}.", "Rätta `respondents`."),
        ("`{name}` is asked of {respondents}, but only {asked} answer here.", "Correct `respondents`."),
    ),
)

_ITEMS = (
    _kind(
        "S130",
        ("`{item}` är {type} men har för få svarsalternativ ({count}).", "Lägg till `options` med minst två."),
        ("`{item}` is {type} but has too few options ({count}).", "Add `options` with two at least."),
    ),
    _kind(
        "S131",
        ("`{item}` är {type} och kan inte ha `{key}`.", "Ta bort `{key}`, eller ändra `type`."),
        ("`{item}` is {type} and cannot have `{key}`.", "Remove `{key}`, or change `type`."),
    ),
    _kind(
        "S132",
        ("listan med svarsalternativ `{name}` finns inte.", "Lägg till den under `options` överst i filen."),
        ("there is no list of options called `{name}`.", "Add it under `options` at the top of the file."),
    ),
    _kind(
        "S133",
        ("`{option}` är inget svarsalternativ till `{item}`.", "Välj bland: {known}."),
        ("`{option}` is not an option of `{item}`.", "Choose from: {known}."),
    ),
    _kind(
        "S134",
        ("`{item}` har två svarsalternativ med samma text: ”{label}”.", "Skriv så att de går att skilja åt."),
        ("`{item}` has two options with the same text: “{label}”.", "Word them so that they can be told apart."),
    ),
    _kind(
        "S135",
        ("`{item}` är en tabell utan kolumner.", "Lägg till frågor under `items`."),
        ("`{item}` is a roster without columns.", "Add items under `items`."),
    ),
    _kind(
        "S136",
        ("`{item}` är {type} och kan inte vara en kolumn i en tabell.", "Flytta ut den ur tabellen."),
        ("`{item}` is {type} and cannot be a column of a roster.", "Move it out of the roster."),
    ),
    _kind(
        "S137",
        ("registret `{register}` finns inte.", "Kända register: {known}."),
        ("there is no register `{register}`.", "Known registers: {known}."),
    ),
    _kind(
        "S138",
        ("tabellen `{item}` hör till ett register men saknar textkolumnen `{column}`.", "Lägg till den kolumnen."),
        ("the roster `{item}` belongs to a register but lacks the text column `{column}`.", "Add that column."),
    ),
)

_REFERENCES = (
    _kind(
        "S150",
        ("`{name}` finns inte bland frågorna.", "Rätta namnet, eller lägg till frågan."),
        ("there is no item `{name}`.", "Correct the name, or add the item."),
    ),
    _kind(
        "S151",
        ("`{name}` är en textruta utan svar och kan inte användas här.", "Välj en fråga som besvaras."),
        ("`{name}` is a note without an answer and cannot be used here.", "Choose an item that is answered."),
    ),
    _kind(
        "S152",
        ("`{name}` är en kolumn och har inget eget värde utanför sin rad.", "Välj en fråga utanför tabellen."),
        ("`{name}` is a column and has no one value outside its row.", "Choose an item outside the roster."),
    ),
    _kind(
        "S153",
        ("frågorna {items} står inte på samma rad.", "Jämför frågor utanför tabeller, eller kolumner i samma tabell."),
        ("the items {items} do not stand on the same row.", "Use items outside rosters, or columns of one roster."),
    ),
    _kind(
        "S154",
        ("`{name}` är {type}, inte en tabell.", "Välj en fråga av typen roster."),
        ("`{name}` is {type}, not a roster.", "Choose an item of type roster."),
    ),
    _kind(
        "S155",
        ("`{item}` visas beroende på `{name}`, som frågas senare.", "Flytta `{name}` före `{item}`."),
        ("`{item}` is routed on `{name}`, which is asked later.", "Move `{name}` before `{item}`."),
    ),
    _kind(
        "S156",
        ("`{item}` visas beroende på sitt eget svar.", "Välj en tidigare fråga i villkoret."),
        ("`{item}` is routed on its own answer.", "Choose an earlier item for the condition."),
    ),
    _kind(
        "S157",
        ("villkoren går i ring: {circle}.", "Ta bort villkoret på en av dem."),
        ("the conditions go in a circle: {circle}.", "Remove the condition of one of them."),
    ),
    _kind(
        "S158",
        ("`{item}` och `{name}` ställs aldrig till samma slags enhet.", "Rätta `respondents`, eller villkoret."),
        ("`{item}` and `{name}` are never asked of the same kind of unit.", "Correct `respondents`, or the condition."),
    ),
    _kind(
        "S159",
        ("`{key}` kan inte prövas på `{name}`, som är {type}.", "För {type} går det att pröva: {known}."),
        ("`{key}` cannot be tested on `{name}`, which is {type}.", "For {type} one can test: {known}."),
    ),
    _kind(
        "S160",
        ("`{key}` är tom, så villkoret prövar ingenting.", "Fyll i den, eller ta bort villkoret."),
        ("`{key}` is empty, so the condition tests nothing.", "Fill it in, or remove the condition."),
    ),
)

_CHECKS = (
    _kind(
        "S161",
        ("kontrollen `{check}` ({kind}) kan inte gälla `{item}`, som är {type}.", "Den gäller: {known}."),
        ("the check `{check}` ({kind}) cannot be made of `{item}`, which is {type}.", "It is made of: {known}."),
    ),
    _kind(
        "S162",
        ("kontrollen `{check}` blandar olika måttenheter: {units}.", "Jämför frågor som räknar samma sak."),
        ("the check `{check}` mixes units of measure: {units}.", "Compare items that count the same thing."),
    ),
    _kind(
        "S163",
        (
            "kontrollen `{check}` prövar ingenting: {keys} saknas eller är tom.",
            "Fyll i {keys}, eller ta bort kontrollen.",
        ),
        ("the check `{check}` tests nothing: {keys} is missing or empty.", "Fill in {keys}, or remove the check."),
    ),
    _kind(
        "S164",
        ("`{low}` ({low_value}) är större än `{high}` ({high_value}).", "Byt plats på dem, eller rätta talet."),
        ("`{low}` ({low_value}) is above `{high}` ({high_value}).", "Swap them, or correct the number."),
    ),
    _kind(
        "S165",
        ("mönstret `{regex}` går inte att tolka ({problem}).", "Rätta det reguljära uttrycket."),
        ("the pattern `{regex}` cannot be read ({problem}).", "Correct the regular expression."),
    ),
    _kind(
        "S166",
        ("mönstret använder `{part}`, som webbläsare och Excel inte tolkar lika.", "Skriv mönstret utan det."),
        ("the pattern uses `{part}`, which browsers read otherwise.", "Write the pattern without it."),
    ),
    _kind(
        "S167",
        ("`{item}` står två gånger i `{check}`.", "Ta bort den ena, eller välj en annan fråga."),
        ("`{item}` stands twice in `{check}`.", "Remove one, or choose another item."),
    ),
    _kind(
        "S168",
        ("`{value}` i `{place}` är inget svar som `{item}` ({type}) kan få.", "Skriv ett värde av den typen."),
        ("`{value}` in `{place}` is no answer that `{item}` ({type}) can have.", "Write a value of that type."),
    ),
    _kind(
        "S169",
        (
            "`{check}` räknar per invånare, men {respondents} har ingen befolkning.",
            "Ta bort kontrollen, eller rikta om frågan.",
        ),
        ("`{check}` counts per inhabitant, but {respondents} has no population.", "Remove it, or ask another unit."),
    ),
)

_INDICATORS = (
    _kind(
        "S171",
        ("indikatorn `{indicator}` kan inte räknas på `{item}`, som är {type}.", "Den kan räknas på: {known}."),
        ("the indicator `{indicator}` cannot be made of `{item}`, which is {type}.", "It can be made of: {known}."),
    ),
    _kind(
        "S172",
        ("indikatorn `{indicator}` summerar olika måttenheter: {units}.", "Summera frågor som räknar samma sak."),
        (
            "the indicator `{indicator}` sums different units of measure: {units}.",
            "Sum items that count the same thing.",
        ),
    ),
    _kind(
        "S173",
        (
            "indikatorn `{indicator}` visas per kön, men {item} är inte uppdelad på kön.",
            "Ta bort `by_sex`, eller dela upp frågan.",
        ),
        (
            "the indicator `{indicator}` is shown by sex, but {item} is not split by sex.",
            "Remove `by_sex`, or split the item.",
        ),
    ),
    _kind(
        "S174",
        (
            "indikatorn `{indicator}` har `scale` men ingen `denominator`.",
            "Lägg till en nämnare, eller ta bort `scale`.",
        ),
        ("the indicator `{indicator}` has a `scale` but no `denominator`.", "Add a denominator, or remove `scale`."),
    ),
    _kind(
        "S175",
        (
            "indikatorn `{indicator}` kan inte delas upp på `{item}`.",
            "Välj en one_of eller several_of: en kolumn i samma tabell som räknas, eller en fråga utanför tabeller.",
        ),
        (
            "the indicator `{indicator}` cannot be broken down by `{item}`.",
            "Choose a one_of or several_of: a column of the roster that is counted, or an item outside rosters.",
        ),
    ),
    _kind(
        "S176",
        (
            "indikatorn `{indicator}` delas med {base}, som {respondents} inte har.",
            "Rätta nämnaren eller `respondents`.",
        ),
        (
            "the indicator `{indicator}` is divided by {base}, which {respondents} lacks.",
            "Correct it, or `respondents`.",
        ),
    ),
)

_CHANGES = (
    _kind(
        "S180",
        ("`based_on` är {value}, men det finns ingen definition för det året före {year}.", "Kända år: {known}."),
        ("`based_on` is {value}, but there is no definition of that year before {year}.", "Known years: {known}."),
    ),
    _kind(
        "S181",
        (
            "ändringarna bygger på {value}, men {nearer} ligger närmare.",
            "Skriv `based_on: {nearer}` och ändringarna mot det.",
        ),
        (
            "the changes build on {value}, but {nearer} is nearer.",
            "Write `based_on: {nearer}` and the changes against it.",
        ),
    ),
    _kind(
        "S182",
        ("ändringen ska ha exakt en av {known}, men har {found}.", "Skriv en ändring i taget."),
        ("a change has exactly one of {known}, but this has {found}.", "Write one change at a time."),
    ),
    _kind(
        "S183",
        ("`{name}` ({kind}) finns inte i {year} och kan inte ändras eller tas bort.", "Rätta namnet."),
        ("`{name}` ({kind}) is not in {year} and cannot be changed or removed.", "Correct the name."),
    ),
    _kind(
        "S184",
        ("`after: {after}` finns inte i {place}.", "Skriv ett id därifrån, eller ta bort `after` för att hamna sist."),
        ("`after: {after}` is not in {place}.", "Write an id from there, or remove `after` to come last."),
    ),
    _kind(
        "S185",
        ("det står inte var `{name}` ska ligga.", "Skriv `section:`, eller `roster:` för en kolumn."),
        ("it is not said where `{name}` goes.", "Write `section:`, or `roster:` for a column."),
    ),
    _kind(
        "S186",
        ("`{key}` kan inte ändras så här.", "Skriv det som ändringar: {known}."),
        ("`{key}` cannot be changed like this.", "Write it as changes: {known}."),
    ),
    _kind(
        "S187",
        ("{year} är publicerad men bygger på {base}, som är öppen och kan ändras.", "Publicera {base} först."),
        ("{year} is published but builds on {base}, which is open and may change.", "Publish {base} first."),
    ),
    _kind(
        "S188",
        ("`{key}` är ärvd och nämner fortfarande {named}.", "Skriv `{key}` på nytt för {year}."),
        ("`{key}` is inherited and still names {named}.", "Write `{key}` anew for {year}."),
    ),
)

_LINEAGE = (
    _kind(
        "S190",
        ("`{item}` sägs komma från `{name}`, som inte finns i {year}.", "Rätta `lineage`."),
        ("`{item}` is said to come from `{name}`, which is not in {year}.", "Correct `lineage`."),
    ),
    _kind(
        "S191",
        ("`{item}` är `{kind}`, men {count} tidigare frågor anges.", "`new` har ingen, övriga har minst en."),
        ("`{item}` is `{kind}`, but {count} earlier items are given.", "`new` has none, the others have one at least."),
    ),
    _kind(
        "S192",
        ("`{item}` sägs vara `{kind}`, men {key} skiljer sig från {year}.", "Ange i `lineage` vad som hände: {known}."),
        ("`{item}` is said to be `{kind}`, but {key} differs from {year}.", "Say in `lineage` what happened: {known}."),
    ),
    _kind(
        "S193",
        ("`recode` för `{item}` nämner `{option}`, som inte är ett svarsalternativ i {year}.", "Välj bland: {known}."),
        ("`recode` of `{item}` names `{option}`, which is not an option in {year}.", "Choose from: {known}."),
    ),
    _kind(
        "S194",
        (
            "`{item}` har inte längre `{option}`, och det sägs inte vad det alternativet har blivit.",
            "Skriv `lineage: {{kind: recoded, recode: {{{option}: […]}}}}`.",
        ),
        (
            "`{item}` no longer has `{option}`, and it is not said what became of it.",
            "Write `lineage: {{kind: recoded, recode: {{{option}: […]}}}}`.",
        ),
    ),
    _kind(
        "S195",
        ("`{item}` sägs komma från `{name}`, men det finns inget tidigare år.", "Ta bort `lineage`."),
        ("`{item}` is said to come from `{name}`, but there is no earlier year.", "Remove `lineage`."),
    ),
)

CODES: dict[str, FaultKind] = {
    kind.code: kind
    for group in (_FILES, _SHAPES, _WHOLE, _ITEMS, _REFERENCES, _CHECKS, _INDICATORS, _CHANGES, _LINEAGE)
    for kind in group
}
