"""Every sentence of the dashboards, in Swedish and English."""

from dataclasses import dataclass

from dashboards.records import Language
from dashboards.report.texts import REPORT_TEXTS

TEXTS: dict[str, tuple[str, str]] = {
    # Frame
    "brand": ("Lägesbild", "Lägesbild"),
    "brand_line": ("Psykisk hälsa, år för år", "Mental health, year by year"),
    "language": ("Språk", "Language"),
    "demonstration": ("Demonstration: alla svar är påhittade.", "Demonstration: all answers are fictitious."),
    "nothing_title": ("Inget är publicerat ännu", "Nothing has been published yet"),
    "nothing": (
        "Kör `lagesbild pipeline run --once` för att läsa in, granska och publicera det som har kommit in. "
        "Sidan visar resultatet av sig själv så snart det finns.",
        "Run `lagesbild pipeline run --once` to load, audit and publish what has come in. "
        "This page shows the result by itself as soon as there is one.",
    ),
    "unreadable_title": ("Publiceringen går inte att läsa", "The publication cannot be read"),
    "unreadable": (
        "Kör `lagesbild pipeline rebuild` för att göra om den från loggen. Felet: {fault}",
        "Run `lagesbild pipeline rebuild` to make it anew from the log. The fault: {fault}",
    ),
    "menu": ("Meny", "Menu"),
    "page_history": ("Historik", "History"),
    "history_lead": (
        "Vad som har rättats sedan det först skickades in: när, hur, vad det var innan och varför.",
        "What has been corrected since it was first sent: when, how, what it was before, and why.",
    ),
    "history_item": ("Fråga", "Question"),
    "history_row": ("{item} (rad {row})", "{item} (row {row})"),
    "history_before": ("Var", "Was"),
    "history_after": ("Blev", "Became"),
    "history_why": ("Varför", "Why"),
    "history_none": ("Inget har rättats här.", "Nothing has been corrected here."),
    "history_say": (
        "{values} värden från {units} uppgiftslämnare har ändrats.",
        "{values} values from {units} respondents have changed.",
    ),
    "history_figure": (
        "{measure}, {period}: publicerat som {then} (gällde {day}), nu {now} efter rättelser.",
        "{measure}, {period}: published as {then} (as of {day}), now {now} after corrections.",
    ),
    "history_hidden": (
        "Där en fråga någon gång har haft små tal visas bara att den har ändrats. Borttagna texter visas inte.",
        "Where a question has ever had small numbers, only that it changed is shown. Texts taken back are not shown.",
    ),
    "missing_no_row": ("raden fanns inte", "there was no such row"),
    "past_title": ("Som det såg ut", "As it was"),
    "past_day": ("Dag", "Day"),
    "past_time": ("Klockslag (tomt: hela dagen)", "Time of day (empty: all of it)"),
    "past_now": ("Visa läget nu", "Show it as it is now"),
    "past_shown": (
        "Så såg det ut den {moment}. Det som har skickats in senare är inte med.",
        "This is how it looked on {moment}. What was submitted later is left out.",
    ),
    "past_known": (
        "Så såg det ut den {moment}: det som var känt här då ({asked}).",
        "This is how it looked on {moment}: what was known here then ({asked}).",
    ),
    "past_making": (
        "Gör om läget från loggen. Det tar oftast under en minut.",
        "Making it anew from the log. It mostly takes less than a minute.",
    ),
    "past_refused_title": ("Den tidpunkten går inte att visa", "That moment cannot be shown"),
    "past_refused": (
        "Skriv en dag som har varit (2023-12-01) eller en tid (2023-12-01T12:00) i adressen efter as_of=, eller välj "
        "en dag i sidopanelen. Felet: {fault}",
        "Write a day that has been (2023-12-01) or a time (2023-12-01T12:00) in the address after as_of=, or choose a "
        "day in the sidebar. The fault: {fault}",
    ),
    "page_overview": ("Översikt", "Overview"),
    "page_compare": ("Jämför regioner", "Compare regions"),
    "page_trend": ("Över åren", "Over the years"),
    "page_profile": ("Regionprofil", "Region profile"),
    "page_quality": ("Datakvalitet", "Data quality"),
    "page_burden": ("Uppgiftslämnarbörda", "Survey burden"),
    "burden_lead": (
        "Vad kartläggningen kostar dem som svarar och vad frågorna är till för, så att nästa års kan göras kortare.",
        "What the mapping costs those who answer and what its questions are for, so that next year's can be shorter.",
    ),
    "burden_time": ("Så lång tid tar det", "How long it takes"),
    "burden_time_lead": (
        "Mätt tid är tid vid formuläret: längre uppehåll än en kvart räknas inte, och arbetet med att ta fram "
        "uppgifter syns bara delvis. Uppgiven tid är hela arbetet, så som den som svarade har sagt. Bara medianer för "
        "minst fem uppgiftslämnare visas.",
        "Measured time is time at the form: breaks of more than a quarter of an hour are not counted, and the work of "
        "finding the numbers shows only in part. Stated time is all of the work, as whoever answered has said. Only "
        "medians over at least five respondents are shown.",
    ),
    "burden_time_none": (
        "Tiden är okänd: färre än fem har svarat i formuläret eller sagt hur lång tid det tog.",
        "The time is unknown: fewer than five have answered in the form or said how long it took.",
    ),
    "burden_time_say": (
        "Hälften av {units} {kind} ägnade minst {minutes} minuter åt formuläret. Tiden är känd för {units} av de "
        "{answered} som svarat.",
        "Half of {units} {kind} spent at least {minutes} minutes at the form. The time is known of {units} of the "
        "{answered} that responded.",
    ),
    "burden_section": ("Avsnitt", "Section"),
    "burden_whole": ("Hela svaret", "The whole response"),
    "burden_how": ("Hur vi vet", "How it is known"),
    "burden_how_measured": ("mätt i formuläret", "measured in the form"),
    "burden_how_stated": ("uppgiven", "stated"),
    "burden_minutes": ("Minuter, median", "Minutes, median"),
    "burden_known": ("Känd för", "Known of"),
    "burden_use": ("Vad frågorna är till för", "What the questions are for"),
    "burden_use_lead": (
        "Varje fråga kan väljas på sidorna Jämför och Över åren. Här står om ett mått behöver den, direkt eller för "
        "att en kontroll eller en följdfråga gör det.",
        "Every question can be chosen on the pages Compare and Over the years. Here it says whether a measure needs "
        "it, directly or because a check or a follow-up question does.",
    ),
    "burden_use_figure": ("Ingår i ett mått", "Part of a measure"),
    "burden_use_support": ("Behövs för ett mått", "Needed for a measure"),
    "burden_use_circle": ("Behövs bara för frågor utan mått", "Needed only for questions without a measure"),
    "burden_use_listed": ("Går bara att slå upp", "Can only be looked up"),
    "burden_use_say": (
        "{n} av {of} frågor behövs inte för något mått: {listed} går bara att slå upp, {circle} behövs bara för frågor "
        "utan mått.",
        "{n} of {of} questions are not needed for any measure: {listed} can only be looked up, {circle} are needed "
        "only for questions without a measure.",
    ),
    "burden_questions": ("Fråga för fråga", "Question by question"),
    "burden_show": ("Visa", "Show"),
    "burden_show_all": ("Alla frågor", "All questions"),
    "burden_show_listed": ("Utan mått", "Without a measure"),
    "burden_show_always": ("Alltid oförändrade", "Always unchanged"),
    "burden_unchanged_lead": (
        "Oförändrat: så många av dem som svarat både nu och förra gången gav samma svar. Ett svar som saknas är aldrig "
        "lika. Alltid oförändrad: minst {share} av minst {units} gav samma svar.",
        "Unchanged: so many of those that answered both now and the time before gave the same answer. A missing answer "
        "is never equal. Always unchanged: at least {share} of at least {units} gave the same answer.",
    ),
    "burden_unchanged_say": (
        "{n} av {of} frågor som kan jämföras är alltid oförändrade. {both} av dem behövs inte heller för något mått.",
        "{n} of {of} questions that can be compared are always unchanged. {both} of them are not needed for any "
        "measure either.",
    ),
    "burden_none": ("Ingen fråga är sådan.", "No question is."),
    "burden_for": ("Till för", "For"),
    "burden_used_by": ("Behövs av", "Needed by"),
    "burden_unchanged": ("Oförändrat", "Unchanged"),
    "burden_before": ("Sedan", "Since"),
    "burden_not_comparable": ("går inte att jämföra", "not comparable"),
    "burden_asked": ("Svarat", "Responded"),
    "burden_estimate": ("Minuter (uppskattning)", "Minutes (estimate)"),
    "burden_estimate_note": (
        "Minuter för en fråga är en uppskattning: avsnittets median delad lika på dess frågor.",
        "Minutes of a question are an estimate: its section's median divided alike among its questions.",
    ),
    "updated": ("Uppdaterad {moment} · till och med händelse {events}", "Updated {moment} · up to event {events}"),
    "updated_position": ("{offset} i del {partition}", "{offset} of partition {partition}"),
    "updated_none": ("ingen ännu", "none yet"),
    # How to read
    "reading_title": ("Så läser du jämförelserna", "How to read the comparisons"),
    "reading_1": (
        "Skillnader mellan regioner beror inte alltid på var man bor. Ålder, uppdrag och organisation spelar in.",
        "Differences between regions are not always a matter of place. Age, mission and organisation play their part.",
    ),
    "reading_2": (
        "En rangordning har alltid en sist. Det säger inget om ifall läget är bra eller dåligt.",
        "A ranking always has a bottom. That does not say whether things are good or bad.",
    ),
    "reading_3": (
        "Titta på kvinnor och män var för sig: ordningen kan ändras.",
        "Look at women and men separately: the order can change.",
    ),
    "reading_4": (
        "Basen hör till siffran. Andel av alla och andel av dem som svarat är två olika mått.",
        "The base belongs to the figure. A share of all and a share of those who answered are two measures.",
    ),
    "reading_5": (
        "Täckningen står bredvid varje siffra. Saknade svar är inte noll: – bortfall, . ej tillämplig, "
        ".. sekretess (små tal), ○ ännu inte publicerad.",
        "The coverage stands beside each figure. Missing is not zero: – no answer, . not applicable, "
        ".. confidential (small numbers), ○ not yet published.",
    ),
    "reading_6": (
        "Grönt och rött används bara där måttet har en riktning. Annars är färgen neutral.",
        "Green and red are used only where a measure has a direction. Otherwise the colour is neutral.",
    ),
    # Common words
    "mapping": ("Kartläggning", "Mapping"),
    "year": ("År", "Year"),
    "measure": ("Mått eller fråga", "Measure or question"),
    "category": ("Svar", "Answer"),
    "all_categories": ("Alla svar", "All answers"),
    "kind": ("Vilka som svarat", "Who answered"),
    "region": ("Region", "Region"),
    "no_region": ("Ingen markerad", "None marked"),
    "mark_region": ("Markera en region", "Mark a region"),
    "inside_region": ("Visa en regions enheter", "Show one region's units"),
    "all_regions": ("Alla regioner", "All regions"),
    "sex": ("Kön", "Sex"),
    "sex_T": ("Totalt", "Total"),
    "sex_K": ("Kvinnor", "Women"),
    "sex_M": ("Män", "Men"),
    "sex_K_children": ("Flickor", "Girls"),
    "sex_M_children": ("Pojkar", "Boys"),
    "country": ("Riket", "Sweden"),
    "median": ("Medianen", "Median"),
    "value": ("Värde", "Value"),
    "place": ("Plats", "Place"),
    "tone_better": ("Som riket eller bättre", "As the country or better"),
    "tone_worse": ("Sämre än riket", "Worse than the country"),
    "place_of": ("plats {place} av {of}", "place {place} of {of}"),
    "place_shared": ("delad plats {place} av {of}", "shared place {place} of {of}"),
    "place_range": ("någon av platserna {place} av {of}", "somewhere in places {place} of {of}"),
    "places_possible": ("Möjlig plats", "Possible place"),
    "shares_place": ("delar plats", "shares its place"),
    "shares_place_now": ("delar plats just nu", "shares its place for now"),
    "so_far": ("Hittills:", "So far:"),
    "ranking_open": (
        "Ingen plats är säker än: {open} av {of} {units} kan fortfarande hamna var som helst i ordningen. Vid "
        "varje namn står de platser som är möjliga om ingen rättar det som redan är svarat.",
        "No place is certain yet: {open} of {of} {units} can still end anywhere in the order. Beside each "
        "name stand the places that are possible if nobody corrects what is already answered.",
    ),
    "ranking_all_in": (
        "Insamlingen pågår, men alla {of} har svarat: en plats ändras bara om någon rättar sitt svar.",
        "The round is open, but all {of} have answered: a place changes only if somebody corrects an answer.",
    ),
    "ranking_held": (
        "Ingen plats är säker: nya svar är stoppade, och här syns inte vilka värden de ändrar.",
        "No place is certain: new answers are held, and it cannot be seen here which values they change.",
    ),
    "moved_title": ("Så har siffran rört sig under insamlingen", "How the figure has moved during the round"),
    "moved_say": (
        "Riket har sedan {day} gått från {before} ({covered_before} med) till {after} ({covered} med). "
        "Antal ändringar: {n}.",
        "Since {day} Sweden has gone from {before} ({covered_before} included) to {after} ({covered} included). "
        "Number of changes: {n}.",
    ),
    "moved_say_one": (
        "Rikets siffra är {value} ({covered} med) och har inte ändrats sedan {moment}.",
        "The figure for Sweden is {value} ({covered} included), and has not changed since {moment}.",
    ),
    "moved_not": (
        "Hur siffran rört sig sparas inte för mått med små tal att dölja: två lägen efter varandra skulle röja dem.",
        "How the figure has moved is not kept for measures with small numbers to hide: two states would reveal them.",
    ),
    "moved_from": ("Från", "From"),
    "several_units": ("{n} {units}", "{n} {units}"),
    "and": ("och", "and"),
    "n_of": ("{answered} av {expected}", "{answered} of {expected}"),
    "coverage": ("Täckning", "Coverage"),
    "unit": ("Enhet", "Unit"),
    "note": ("Anmärkning", "Note"),
    "yes": ("Ja", "Yes"),
    "no": ("Nej", "No"),
    "indicator_group": ("Mått", "Measure"),
    "kind_region": ("Regioner", "Regions"),
    "kind_kommun": ("Kommuner", "Kommuner"),
    "kind_mottagning": ("Mottagningar", "Clinics"),
    "units_region": ("regioner", "regions"),
    "units_kommun": ("kommuner", "kommuner"),
    "units_mottagning": ("mottagningar", "clinics"),
    "missing_unit_nonresponse": ("har inte svarat", "has not answered"),
    "missing_item_nonresponse": ("har inte besvarat frågan", "did not answer the question"),
    "missing_dont_know": ("vet inte", "does not know"),
    "missing_off_path": ("frågan gäller inte", "the question does not apply"),
    "missing_not_applicable": ("ej tillämpligt", "not applicable"),
    "missing_suppressed": ("döljs, för små tal", "hidden, numbers too small"),
    "missing_not_yet_published": ("ännu inte publicerat", "not yet published"),
    "definition": ("Definition", "Definition"),
    "definitions": ("Definitioner och källa", "Definitions and source"),
    "base": ("Bas", "Base"),
    "source": ("Källa", "Source"),
    "reference_period": ("Avser", "Refers to"),
    "as_of": ("Uppgifter per", "As of"),
    "counted_in": ("Räknas i", "Counted in"),
    "item_base": (
        "De {units} som besvarat frågan. För regioner och riket visas medianen, eller andelen för varje svar.",
        "The {units} that answered the question. Regions and Sweden show the median, or the share of each answer.",
    ),
    "nobody": ("Ingen har svarat ännu.", "Nobody has answered yet."),
    "open_warning": (
        "Insamlingen pågår: {answered} av {expected} har svarat. Siffror och ordning kan ändras.",
        "The round is open: {answered} of {expected} have answered. Figures and order may change.",
    ),
    "held_part": (
        "Visar senast godkända innehåll: den senaste granskningen stoppade nya svar. {reason}",
        "Shows the last approved content: the latest audit stopped new answers. {reason}",
    ),
    # Overview
    "overview_lead": (
        "Vad som samlas in just nu, hur många som har svarat och hur färska siffrorna är.",
        "What is being collected, how many have answered and how fresh the figures are.",
    ),
    "rounds": ("Insamlingar", "Rounds"),
    "state_not_yet_open": ("Inte öppnad", "Not yet open"),
    "state_open": ("Pågår", "Open"),
    "state_paused": ("Pausad", "Paused"),
    "state_closed": ("Stängd", "Closed"),
    "opens": ("Öppnar {day}", "Opens {day}"),
    "due": ("Svara senast {day}", "Due {day}"),
    "closes": ("Stänger {day}", "Closes {day}"),
    "closed_on": ("Stängde {day}", "Closed {day}"),
    "in_time_and_late": ("{in_time} i tid, {late} sent", "{in_time} on time, {late} late"),
    "no_rounds": ("Ingen insamling är planerad.", "No round is planned."),
    "response_rates": ("Svarsfrekvens", "Response rates"),
    "rates_say": (
        "Högst är svarsfrekvensen i {highest}, {highest_rate}, och lägst i {lowest}, {lowest_rate}.",
        "The response rate is highest in {highest}, {highest_rate}, and lowest in {lowest}, {lowest_rate}.",
    ),
    "rates_say_one": ("{highest}: {highest_rate} har svarat.", "{highest}: {highest_rate} have answered."),
    "answered": ("Svarat", "Answered"),
    "asked": ("Tillfrågade", "Asked"),
    "rate": ("Andel", "Share"),
    "late": ("Sena", "Late"),
    "round_state": ("Läge", "State"),
    "latest_responses": ("Senast inkomna svar", "Latest responses"),
    "received_at": ("Kom in", "Received"),
    "mode": ("Sätt", "Mode"),
    "mode_web": ("Webb", "Web"),
    "mode_api": ("API", "API"),
    "mode_excel": ("Excel", "Excel"),
    "mode_file": ("Fil", "File"),
    "mode_kafka": ("Eget system (Kafka)", "Own system (Kafka)"),
    "corrected": ("rättelse", "correction"),
    "first_time": ("första svaret", "first response"),
    "what": ("Vad", "What"),
    "waiting": ("Stoppat och parkerat", "Held and parked"),
    "waiting_none": (
        "Inget är stoppat och inget är parkerat: allt som har kommit in är publicerat.",
        "Nothing is held and nothing is parked: all that has come in is published.",
    ),
    "held_say": (
        "{part} visar senast godkända innehåll. {reason}",
        "{part} shows its last approved content. {reason}",
    ),
    "parked_say": (
        "{n} händelser kunde inte tas emot och ligger parkerade. `lagesbild dead-letters list` visar dem.",
        "{n} events could not be accepted and are parked. `lagesbild dead-letters list` shows them.",
    ),
    "parked_say_one": (
        "En händelse kunde inte tas emot och ligger parkerad. `lagesbild dead-letters list` visar den.",
        "One event could not be accepted and is parked. `lagesbild dead-letters list` shows it.",
    ),
    # Compare
    "compare_lead": (
        "Ett mått eller en fråga i taget, region för region, med riket bredvid.",
        "One measure or question at a time, region by region, with Sweden beside.",
    ),
    "bars_say": (
        "{highest} ligger högst med {highest_value} och {lowest} lägst med {lowest_value}.",
        "Highest: {highest} with {highest_value}; lowest: {lowest} with {lowest_value}.",
    ),
    "bars_say_better": (
        "{highest} ligger bäst till med {highest_value} och {lowest} sämst med {lowest_value}.",
        "Best: {highest} with {highest_value}; worst: {lowest} with {lowest_value}.",
    ),
    "bars_say_one": ("{highest}: {highest_value}.", "{highest}: {highest_value}."),
    "all_equal_say": ("Alla som svarat har samma värde, {value}.", "All who answered have the same value, {value}."),
    "country_say": ("Riket: {value}.", "Sweden: {value}."),
    "median_say": ("Medianen av dem som visas är {value}.", "The median of those shown is {value}."),
    "marked_say": ("{name} har {value}, {place}.", "{name} has {value}, {place}."),
    "marked_missing_say": ("{name}: {reason}.", "{name}: {reason}."),
    "coverage_say": (
        "Värde finns för {answered} av {expected} {units}.",
        "{answered} of {expected} {units} have a value.",
    ),
    "yes_no_say": (
        "{yes} av {answered} som svarat: ja. {no}: nej.",
        "{yes} of the {answered} that answered: yes. {no}: no.",
    ),
    "choice_say": (
        "Vanligast är ”{category}”: {value}{of}.",
        "Most common is “{category}”: {value}{of}.",
    ),
    "choice_of": (" av de {answered} som svarat", " of the {answered} that answered"),
    "choice_country": ("Riket, per svar", "Sweden, by answer"),
    "choice_regions": ("Region för region", "Region by region"),
    "choice_units": ("Enhet för enhet", "Unit by unit"),
    "better_than_country": ("Bättre än riket", "Better than Sweden"),
    "worse_than_country": ("Sämre än riket", "Worse than Sweden"),
    "marked": ("Markerad", "Marked"),
    "text_say": (
        "{answered} av {expected} {units} har skrivit något.",
        "{answered} of {expected} {units} wrote something.",
    ),
    "answer": ("Svar", "Answer"),
    "bars_title": ("{measure}, {year}", "{measure}, {year}"),
    "published_elsewhere": ("Tidigare publicerat", "Published earlier"),
    # Trend
    "trend_lead": (
        "Hur ett mått har ändrats, med riket och tidigare publicerade siffror som riktmärken.",
        "How a measure has changed, with Sweden and earlier published figures as landmarks.",
    ),
    "trend_say_up": (
        "{name} har ökat från {before} år {since} till {after} år {until} ({change}).",
        "{name} has risen from {before} in {since} to {after} in {until} ({change}).",
    ),
    "trend_say_down": (
        "{name} har minskat från {before} år {since} till {after} år {until} ({change}).",
        "{name} has fallen from {before} in {since} to {after} in {until} ({change}).",
    ),
    "trend_say_same": (
        "{name} ligger kvar på {after} år {until}, samma som år {since}.",
        "{name} stays at {after} in {until}, the same as in {since}.",
    ),
    "trend_say_one": ("{name} har bara ett år med värde.", "{name} has only one year with a value."),
    "trend_say_break": (
        "Frågan ändrades däremellan, så åren är inte helt jämförbara.",
        "The question changed in between, so the years are not fully comparable.",
    ),
    "break_at": ("Frågan ändrad {year}", "Question changed {year}"),
    "break_title": ("Brott i serien", "Breaks in the series"),
    "break_without_note": (
        "Frågan ställdes på ett annat sätt än tidigare.",
        "The question was asked in another way than before.",
    ),
    "published": ("Publicerat", "Published"),
    "computed": ("Beräknat ur svaren", "Computed from the answers"),
    "precision": ("Precision", "Precision"),
    "precision_exact": ("exakt", "exact"),
    "precision_rounded": ("avrundat", "rounded"),
    "precision_cirka": ("cirka", "about"),
    "precision_over": ("över", "over"),
    "precision_drygt": ("drygt", "just over"),
    "precision_omkring": ("omkring", "around"),
    "other_regions": ("Övriga regioner", "Other regions"),
    "published_mark": ("Publicerad siffra", "Published figure"),
    "published_as_of": ("gällde {day}", "as of {day}"),
    "no_measures": ("Här finns inga mått att följa.", "There are no measures to follow here."),
    # Profile
    "profile_lead": (
        "En region i alla kartläggningar: värdet, riket, platsen och året innan.",
        "One region in every mapping: its value, Sweden, its place and the year before.",
    ),
    "before": ("Föregående", "Before"),
    "change": ("Ändring", "Change"),
    "spread": ("Bland regionerna", "Among the regions"),
    "profile_say": (
        "{name} ligger över riket i {above} av {of} mått som kan jämföras.",
        "{name} is above Sweden in {above} of {of} measures that can be compared.",
    ),
    "profile_say_none": ("{name} har inga mått som kan jämföras.", "{name} has no measures that can be compared."),
    "profile_no_answers": ("Ingen har svarat på den här kartläggningen.", "Nobody has answered this mapping."),
    "spread_key": (
        "Strecket visar spannet från lägsta till högsta region, punkten regionen och det smala strecket riket.",
        "The line runs from the lowest to the highest region, the dot is the region and the thin mark is Sweden.",
    ),
    "not_comparable": ("frågan ändrad", "question changed"),
    # Quality
    "quality_lead": (
        "Vad granskningen säger om svaren innan de publiceras.",
        "What the audit says about the answers before they are published.",
    ),
    "all_mappings": ("Alla kartläggningar", "All mappings"),
    "all_years": ("Alla år", "All years"),
    "audit_say": (
        "{passed} av {of} förväntningar håller. {critical} kritiska och {warning} varningar håller inte.",
        "{passed} of {of} expectations hold. {critical} critical ones and {warning} warnings do not.",
    ),
    "audit_none": ("Ingen granskning har gjorts av det som visas.", "Nothing shown here has been audited."),
    "audit_failed": ("Förväntningar som inte håller", "Expectations that do not hold"),
    "audit_passed": ("Förväntningar som håller", "Expectations that hold"),
    "audit_all_hold": ("Alla förväntningar håller.", "Every expectation holds."),
    "audit_chart": ("Utfall per kartläggning", "Outcome by mapping"),
    "expectation": ("Förväntning", "Expectation"),
    "severity": ("Allvar", "Severity"),
    "severity_critical": ("Kritisk", "Critical"),
    "severity_warning": ("Varning", "Warning"),
    "outcome": ("Utfall", "Outcome"),
    "holds": ("Håller", "Holds"),
    "fails": ("Håller inte", "Does not hold"),
    "observed": ("Observerat", "Observed"),
    "deviating": ("Avviker", "Deviating"),
    "reason_why": ("Därför", "Why"),
    "since": ("Sedan", "Since"),
    "follow_up_title": ("Tal att följa upp", "Numbers to follow up"),
    "follow_up_lead": (
        "Tal som ligger långt från andra enheters, eller från enhetens egna tidigare år. De kan vara rätt.",
        "Numbers far from those of other units, or from the unit's own earlier years. They may be right.",
    ),
    "follow_up_say": (
        "{n} tal att följa upp; {explained} av dem har uppgiftslämnaren förklarat.",
        "{n} numbers to follow up; {explained} of them the respondent has explained.",
    ),
    "follow_up_none": ("Inget tal sticker ut.", "No number stands out."),
    "question_asked": ("Fråga", "Question"),
    "expected_range": ("Väntat", "Expected"),
    "beside": ("Jämfört med", "Compared with"),
    "beside_own_history": ("egna tidigare år", "own earlier years"),
    "beside_peers": ("andra enheter", "other units"),
    "beside_peers_per_inhabitant": ("andra enheter, per invånare", "other units, per inhabitant"),
    "explained_title": ("Avvikelser som uppgiftslämnarna förklarat", "Deviations explained by respondents"),
    "explained_say": (
        "{n} svar avviker från en mjuk kontroll; {explained} av dem har en förklaring.",
        "{n} answers deviate from a soft check; {explained} of them are explained.",
    ),
    "explained_none": ("Inga svar avviker från de mjuka kontrollerna.", "No answers deviate from the soft checks."),
    "explanation": ("Förklaring", "Explanation"),
    "rule": ("Kontroll", "Check"),
    "held_title": ("Stoppade delar", "Held parts"),
    "held_none": ("Ingen del är stoppad.", "No part is held."),
    "parked_title": ("Parkerade händelser", "Parked events"),
    "parked_none": ("Inga händelser är parkerade.", "No events are parked."),
    "parked_lead": (
        "Händelser som inte kunde tas emot stoppar inget: de väntar på den som kan rätta det. Svaren visas inte.",
        "Events that could not be accepted stop nothing: they wait for whoever can mend it. Answers are not shown.",
    ),
    "parked_say_shown": (
        "{n} händelser väntar, av {reasons} skäl. {respondent} av dem kan den som svarar rätta.",
        "{n} events wait, for {reasons} reasons. {respondent} of them the respondent can mend.",
    ),
    "parked_by_reason": ("Parkerade händelser efter skäl", "Parked events by reason"),
    "all_reasons": ("Alla skäl", "All reasons"),
    "mended_by": ("Rättas av", "Mended by"),
    "what_now": ("Vad nu", "What now"),
    "arrived": ("Kom in", "Arrived"),
    "letter": ("Id", "Id"),
    "parked_replay": (
        "När orsaken är rättad: provspela först. Utan --dry-run spelas de upp, var och en en gång.",
        "Once the cause is mended: rehearse first. Without --dry-run they are replayed, each once.",
    ),
    "code": ("Kod", "Code"),
    "count": ("Antal", "Count"),
    "reason": ("Skäl", "Reason"),
    "unknown_survey": ("Okänd kartläggning", "Unknown mapping"),
    "checked_at": ("Senast granskat {moment}.", "Last audited {moment}."),
    "show_all": ("Visa alla {n}", "Show all {n}"),
    # Provenance
    "page_provenance": ("Härkomst", "Provenance"),
    "provenance_lead": (
        "Från en siffra till svaren och inlämningarna bakom den, och från en inlämning till alla siffror den ingår i.",
        "From a figure to the answers and submissions behind it, and from a submission to every figure it goes into.",
    ),
    "trace_link": ("Visa varifrån siffran kommer", "Show where the figure comes from"),
    "trace_event": ("Händelse eller inlämning", "Event or submission"),
    "trace_hint": (
        "Inlämningens id på kvittot, eller responses/0/17",
        "The submission's id on the receipt, or responses/0/17",
    ),
    "trace_none": (
        "Ingen publicerad inlämning heter så. Den kan vara parkerad (se Datakvalitet) eller ännu inte inläst.",
        "No published submission has that name. It may be parked (see Data quality) or not read yet.",
    ),
    "trace_place": ("Plats", "Place"),
    "trace_of": ("Täljare / bas", "Numerator / base"),
    "numerator": ("Täljare", "Numerator"),
    "denominator": ("Bas", "Base"),
    "questionnaire": ("Formulär", "Questionnaire"),
    "publication_named": ("Publicering", "Publication"),
    "publication_say": (
        "{publish_id}, till och med {watermark}",
        "{publish_id}, up to {watermark}",
    ),
    "behind_title": ("Enheter bakom siffran", "Units behind the figure"),
    "behind_say": (
        "{counting} av {of} enheter ingår. De andra står med skälet.",
        "{counting} of {of} units are in it. The others stand with the reason.",
    ),
    "behind_item_say": ("{of} enheter har svarat på kartläggningen.", "{of} units have answered the mapping."),
    "hidden_say": (
        "{n} enheter döljs (..). Tillsammans: {numerator}.",
        "{n} units are hidden (..). Together: {numerator}.",
    ),
    "distinct_say": (
        "Räknade är olika värden i alla enheter tillsammans: enheternas egna tal summerar inte till siffran.",
        "Counted are distinct values over all units together: the units' own numbers do not add up to it.",
    ),
    "submission": ("Inlämning", "Submission"),
    "position": ("Plats i loggen", "Position in the log"),
    "submitted": ("Inlämnad", "Submitted"),
    "revision": ("Version", "Version"),
    "used_title": ("Svar som siffran bygger på", "Answers it is made of"),
    "used_more": (
        "De första {n} visas. Välj en enhet för att se alla dess svar.",
        "The first {n} are shown. Choose a unit to see all its answers.",
    ),
    "question": ("Fråga", "Question"),
    "row": ("Rad", "Row"),
    "used_as": ("Används som", "Used as"),
    "counts": ("Räknas", "Counts"),
    "role_sum": ("summeras", "summed"),
    "role_condition": ("avgör om enheten räknas", "decides whether the unit counts"),
    "role_row_condition": ("avgör om raden räknas", "decides whether the row counts"),
    "role_rows": ("rader som räknas", "rows that are counted"),
    "role_value": ("olika värden räknas", "distinct values are counted"),
    "role_category": ("avgör kategorin", "decides the category"),
    "side_numerator": ("täljare", "numerator"),
    "side_denominator": ("bas", "base"),
    "earlier_title": ("Tidigare versioner, som inte längre räknas", "Earlier versions, which no longer count"),
    "checks_title": ("Förklarade avvikelser i svaren", "Explained deviations in the answers"),
    "trace_audit_say": (
        "Granskningen: {passed} av {of} förväntningar på de här frågorna håller.",
        "The audit: {passed} of {of} expectations on these questions hold.",
    ),
    "sent_current": ("Räknas", "Counts"),
    "sent_superseded": ("Ersatt av {submission}", "Replaced by {submission}"),
    "sent_answers": ("Svar i inlämningen", "Answers in the submission"),
    "sent_answers_none": (
        "Svar som har ersatts publiceras inte. De ligger kvar i loggen.",
        "Answers that were replaced are not published. They stay in the log.",
    ),
    "fed_title": ("Siffror som inlämningen ingår i", "Figures the submission goes into"),
    "fed_say": (
        "Den ingår i {n} siffror och saknas i {missing}.",
        "It goes into {n} figures and is missing in {missing}.",
    ),
    "state_named": ("Läge", "State"),
    "event": ("Händelse", "Event"),
    **REPORT_TEXTS,
}


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences in one language: words("country"), words("n_of", answered=20, expected=21)."""

    language: Language

    def __call__(self, key: str, **facts: object) -> str:
        """The text, with the facts put in. Raises KeyError for a key that does not exist."""
        return TEXTS[key][self.language == "en"].format(**facts)

    def known(self, prefix: str, name: str) -> str:
        """The text of `prefix_name`, or the name itself where there is none (a mode of a system's own)."""
        return self(f"{prefix}_{name}") if f"{prefix}_{name}" in TEXTS else name
