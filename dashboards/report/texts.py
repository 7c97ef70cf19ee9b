"""The sentences that only reports have, in Swedish and English."""

REPORT_TEXTS: dict[str, tuple[str, str]] = {
    "report_download": ("Hämta som PowerPoint", "Get as PowerPoint"),
    "report_fictitious": ("Demonstration: alla svar är påhittade.", "Demonstration: all answers are fictitious."),
    "report_preliminary": ("Preliminär", "Preliminary"),
    "report_of_unit": ("Rapport för {name}", "Report for {name}"),
    "report_unit_silent": ("{name} har inte svarat.", "{name} has not answered."),
    "report_unit_says": ("Så har {name} svarat.", "This is what {name} has answered."),
    "report_unit_answer": ("{name}: {answer}.", "{name}: {answer}."),
    "report_unit_most": (
        "{name}: vanligast är ”{category}”, {value}.",
        "{name}: most common is “{category}”, {value}.",
    ),
    "report_country": ("Riket: {said}", "Sweden: {said}"),
    "report_before": ("Förra gången, {before}.", "Last time, {before}."),
    "report_answered": (
        "{answered} av {expected} {units} har svarat ({rate}).",
        "{answered} of {expected} {units} have answered ({rate}).",
    ),
    "report_as_of": ("Uppgifter per {moment}.", "As of {moment}."),
    "report_publication": ("Publicering {publish_id}.", "Publication {publish_id}."),
    "report_footer": ("Källa: {source}. Uppgifter per {moment}.", "Source: {source}. As of {moment}."),
    "report_missing": ("Saknas", "Missing"),
    "report_missing_names": ("{names} ({reason})", "{names} ({reason})"),
    "report_missing_count": ("{n} {units} ({reason})", "{n} {units} ({reason})"),
    "report_sexes": ("Per kön", "By sex"),
    "report_sexes_say": ("{name}: {values}", "{name}: {values}"),
    "report_note": ("Anmärkning", "Note"),
    "report_bars_told": (
        "Liggande staplar: {measure}, {year}, {units}. {said}",
        "Horizontal bars: {measure}, {year}, {units}. {said}",
    ),
    "report_trend_told": (
        "Linje över åren: {measure}, {names}. {points}",
        "Line over the years: {measure}, {names}. {points}",
    ),
    "report_nobody": ("Ingen har något värde ännu.", "Nobody has a value yet."),
    "report_method": ("Så är rapporten gjord", "How this report is made"),
    "report_method_say": (
        "Varje siffra står med bas, täckning och källa, och kan göras om ur svaren.",
        "Each figure stands with base, coverage and source, and can be made again from the answers.",
    ),
    "report_counts_name": ("Vad som räknas", "What counts"),
    "report_counts": (
        "Det senaste godkända svaret från var och en. Riket är rikets siffra där måttet har en bas, annars visas "
        "medianen av dem som har ett värde.",
        "The latest accepted response of each. Sweden is the country's figure where the measure has a base; elsewhere "
        "the median of those with a value is shown.",
    ),
    "report_missing_name": ("Det som saknas", "What is missing"),
    "report_hidden_name": ("Små tal", "Small numbers"),
    "report_hidden": (
        "Små tal döljs i publiceringen, och med dem så många andra att inget kan räknas fram. De finns inte heller i "
        "diagrammens datablad.",
        "Small numbers are hidden in the publication, and with them so many others that none can be worked out. They "
        "are not in the sheets behind the charts either.",
    ),
    "report_order_name": ("Ordningen", "The order"),
    "report_colours_name": ("Färgerna", "The colours"),
    "report_again_name": ("Samma rapport igen", "The same report again"),
    "report_again": (
        "Publicering {publish_id}, uppgifter per {moment}: lagesbild report … --as-of {publish_id}",
        "Publication {publish_id}, as of {moment}: lagesbild report … --as-of {publish_id}",
    ),
    "report_silent": ("De som inte har svarat", "Those who have not answered"),
    "report_silent_say": (
        "{n} av {expected} {units} har inte svarat.",
        "{n} of {expected} {units} have not answered.",
    ),
    "report_all_answered": ("Alla {expected} {units} har svarat.", "All {expected} {units} have answered."),
    "report_silent_in": ("{region} ({n} av {expected})", "{region} ({n} of {expected})"),
    "report_page": ("{statement} ({page} av {pages})", "{statement} ({page} of {pages})"),
}
